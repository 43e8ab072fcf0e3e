import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { AuthProvider } from "../auth/AuthProvider.ts"
import { verdicts } from "../auth/session/CheckedProvider.ts"
import type { Reply } from "../transport/Reply.ts"
import * as Expect from "./Expect.ts"
import * as LeakDetector from "./LeakDetector.ts"
import { type Rule, rule } from "./Rule.ts"

export const replies: ReadonlyArray<Rule> = [
  rule("judge gives a verdict on whatever a device may answer, and never throws", (fixture) =>
    Effect.gen(function* () {
      for (let status = 200; status < 600; status++) {
        for (const [kind, body] of bodies) {
          for (const headers of [{}, { "content-type": "application/json", "retry-after": "soon" }]) {
            const problem = problemOf(fixture.provider, { status, headers, body })
            yield* Expect.holds(problem === undefined, `${problem}, on a ${status} whose body is ${kind}`)
          }
        }
      }
      const empty = fixture.provider.judge({ status: 204, headers: {}, body: new Uint8Array() })
      yield* Expect.equals("the verdict on a 204", empty, "Fine")
    })
  ),

  rule("authorize keeps the rest of the request, and leaves the original without a secret", (fixture) =>
    Effect.gen(function* () {
      const token = yield* fixture.login
      const original = HttpClientRequest.post("/api/contract?first=1").pipe(
        HttpClientRequest.setHeader("x-contract", "kept"),
        HttpClientRequest.setUrlParam("second", "2"),
        HttpClientRequest.setBody(HttpBody.text('{"third":3}', "application/json"))
      )
      const before = serialized(original)
      const authorized = fixture.provider.authorize(original, token)
      yield* Expect.equals("the original request, after authorize", serialized(original), before)
      yield* Expect.equals("its method", authorized.method, "POST")
      yield* Expect.holds(authorized.url.startsWith("/api/contract?first=1"), `its URL became another`)
      yield* Expect.equals("its header x-contract", authorized.headers["x-contract"], "kept")
      yield* Expect.equals("its content-type", authorized.headers["content-type"], "application/json")
      const second = authorized.urlParams.find(([name]) => name === "second")
      yield* Expect.equals("its parameter `second`", second?.[1], "2")
      yield* Expect.equals("its body", serialized(authorized.body), serialized(original.body))
      yield* Expect.holds(serialized(authorized) !== before, "authorize put no token on it")
      const evidence = LeakDetector.make()
      for (const secret of fixture.spy.tokenSecrets) evidence.addSecret(secret)
      evidence.record("the original request", original)
      yield* Expect.equals("what the original request tells", evidence.leaks().join(), "")
      const other = fixture.provider.authorize(original, { ...token, access: Redacted.make("another-token") })
      yield* Expect.holds(
        serialized(other) !== serialized(authorized),
        "it authorizes with another token than the one it was given"
      )
    })
  )
]

const problemOf = ({ judge }: AuthProvider, reply: Reply): string | undefined => {
  try {
    const verdict: unknown = judge(reply)
    return verdicts.has(verdict) ? undefined : `judge said ${String(verdict)}`
  } catch (error) {
    return `judge threw: ${error instanceof Error ? error.message : String(error)}`
  }
}

const text = (body: string) => new TextEncoder().encode(body)

const bodies: ReadonlyArray<readonly [string, Uint8Array]> = [
  ["empty", new Uint8Array()],
  ["a page of HTML", text("<html><body>Service Unavailable: token</body></html>")],
  ["not UTF-8", Uint8Array.from({ length: 64 }, (_, at) => (at * 89 + 0xfe) % 256)],
  ["half of a JSON text", text('{"error":{"messages":[{"descr')],
  ["JSON null", text("null")],
  ["a JSON number", text("401")],
  ["a JSON list", text('[null,1,"token",{},[]]')],
  [
    "JSON with fields of other types",
    text('{"error":null,"messages":[null,1],"message":{},"description":[]}')
  ],
  ["JSON in JSON in JSON, …", text(`${'{"error":['.repeat(300)}${"]}".repeat(300)}`)],
  ["JSON that is deeper than a stack", text(`${"[".repeat(4000)}${"]".repeat(4000)}`)]
]

const serialized = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (part instanceof Uint8Array ? [...part] : part))
