import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { httpsServer, type Server, tcpServer } from "../servers.ts"

const script = fileURLToPath(new URL("exit.script.ts", import.meta.url))

const run = (server: Server, what: string) =>
  Effect.promise(
    () =>
      new Promise<{ readonly output: string; readonly code: number | null; readonly lingered: number }>(
        (resolve, reject) => {
          const { deno, bun } = process.versions as NodeJS.ProcessVersions & { deno?: string; bun?: string }
          const granted =
            what === "denied"
              ? ["--no-prompt", "--allow-read", "--allow-env", "--allow-net=127.0.0.1:9"]
              : ["-A"]
          const first = deno ? ["run", ...granted] : bun ? [] : ["--import", "tsx"]
          const child = spawn(
            process.execPath,
            [...first, script, `https://127.0.0.1:${server.port}`, server.identity.sha256, what],
            { stdio: ["ignore", "pipe", "inherit"] }
          )
          let output = ""
          let spoke = 0
          child.stdout.on("data", (chunk: Buffer) => {
            output += chunk
            spoke = Date.now()
          })
          child.on("error", reject)
          child.on("close", (code) => resolve({ output, code, lingered: Date.now() - spoke }))
        }
      )
  )

describe("a process", () => {
  it.scopedLive("ends by itself while a connection idles", () =>
    Effect.gen(function* () {
      const { code, lingered, output } = yield* run(yield* httpsServer(), "answered")
      expect([code, output]).toEqual([0, "200\n"])
      // The idle connection itself would live for four seconds.
      expect(lingered).toBeLessThan(2000)
    })
  )

  it.scopedLive("ends by itself after an interrupted handshake", () =>
    Effect.gen(function* () {
      const { code, lingered, output } = yield* run(yield* tcpServer(() => {}), "interrupted")
      expect([code, output]).toEqual([0, "interrupted\n"])
      expect(lingered).toBeLessThan(2000)
    })
  )

  it.scopedLive.runIf("deno" in process.versions)("is told by Deno that it may not reach the device", () =>
    Effect.gen(function* () {
      const server = yield* httpsServer()
      const { output } = yield* run(server, "denied")
      expect(output).toContain("this process may not open network connections")
      expect(server.connections).toBe(0)
    })
  )
})
