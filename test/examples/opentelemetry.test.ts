import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Sandbox from "sallyport/sandbox"
import { environmentOf, run } from "../support/example.ts"

/** A collector as far as this needs one: it keeps what it is sent, by path. */
const collector = Effect.acquireRelease(
  Effect.async<{
    readonly url: string
    readonly received: Map<string, ReadonlyArray<string>>
    close: () => void
  }>((resume) => {
    const received = new Map<string, ReadonlyArray<string>>()
    const server = createServer((request, response) => {
      const parts: Array<Buffer> = []
      request.on("data", (part) => parts.push(part))
      request.on("end", () => {
        const path = request.url ?? ""
        received.set(path, [...(received.get(path) ?? []), Buffer.concat(parts).toString()])
        response.setHeader("content-type", "application/json").end("{}")
      })
    })
    server.listen(0, "127.0.0.1", () =>
      resume(
        Effect.succeed({
          url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          received,
          close: () => {
            server.close()
            server.closeAllConnections()
          }
        })
      )
    )
  }),
  ({ close }) => Effect.sync(close)
)

/** Whatever in it is called so. */
const named = (value: unknown): ReadonlyArray<string> => {
  if (typeof value !== "object" || value === null) return []
  const inside = Object.values(value).flatMap(named)
  return "name" in value && typeof value.name === "string" ? [value.name, ...inside] : inside
}

it.scopedLive(
  "opentelemetry.ts sends spans, metrics and log lines of a run to a collector, and no secret",
  () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { received, url } = yield* collector
      const env = { ...environmentOf(sandbox, "FMC"), OTEL_EXPORTER_OTLP_ENDPOINT: url }
      const { code, stderr } = yield* run("examples/opentelemetry.ts", { args: ["web-1", "192.0.2.7"], env })
      expect([code, stderr]).toEqual([0, ""])
      const namesAt = (path: string) => (received.get(path) ?? []).flatMap((body) => named(JSON.parse(body)))
      expect(namesAt("/v1/traces")).toEqual(
        expect.arrayContaining([
          "sallyport.run",
          "sallyport.step",
          "sallyport.change",
          "sallyport.request",
          "sallyport.login",
          "sallyport.logout"
        ])
      )
      expect(namesAt("/v1/metrics")).toEqual(
        expect.arrayContaining([
          "sallyport.runs",
          "sallyport.changes",
          "sallyport.requests",
          "sallyport.logins"
        ])
      )
      const all = [...received.values()].flat().join("\n")
      expect(all).not.toContain(Redacted.value(sandbox.password))
      expect(sandbox.ledger.open).toBe(0)
    })
)

it.scopedLive("opentelemetry.ts does its work where nobody collects", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const env = { ...environmentOf(sandbox, "FMC"), OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" }
    const { code } = yield* run("examples/opentelemetry.ts", { args: ["web-1", "192.0.2.7"], env })
    expect(code).toBe(0)
    expect(sandbox.ledger).toMatchObject({ opened: 1, open: 0 })
  })
)
