import { existsSync, readFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Credentials, Target, Trust } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { eventually } from "../support/eventually.ts"
import { lines } from "../support/example.ts"
import { start } from "../support/runtime.ts"

interface Introduction {
  readonly url: string
  readonly username: string
  readonly password: string
  readonly ca: string
  readonly pin: string
}

/** Starts it, and stops it at the latest when the test ends. */
const sandbox = (...args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const running = start("examples/sandbox.ts", { args })
    let isOver = false
    void running.ended.then(() => {
      isOver = true
    })
    yield* Effect.addFinalizer(() =>
      Effect.promise(async () => {
        if (!isOver) running.kill("SIGTERM")
        await running.ended
      })
    )
    yield* eventually("it introduces itself", () => running.output().includes("\n"))
    const first: Introduction = JSON.parse(lines(running.output())[0] ?? "")
    const credentials = Credentials.password({
      username: first.username,
      password: Redacted.make(first.password)
    })
    const target = (trust: Trust.Trust) => Target.make({ url: first.url, trust })
    return { running, first, credentials, target }
  })

describe("sandbox.ts", () => {
  it.scopedLive("says in its first line all that a client needs, by its CA file and by its pin", () =>
    Effect.gen(function* () {
      const { credentials, first, running, target } = yield* sandbox()
      expect(Object.keys(first)).toEqual(["url", "username", "password", "ca", "pin"])
      const ca = target(Trust.ca(readFileSync(first.ca, "utf8")))
      const pin = target(Trust.pin(first.pin))
      const statuses = yield* Effect.scoped(
        Effect.gen(function* () {
          const fmc = yield* Fmc.make({ target: ca, credentials })
          const fdm = yield* Fdm.make({ target: pin, credentials })
          return [
            (yield* fmc.session.http.get("/api/fmc_platform/v1/info/serverversion")).status,
            (yield* fdm.http.get("/object/networks")).status
          ]
        })
      )
      expect(statuses).toEqual([200, 200])
      running.kill("SIGTERM")
      const { code, stderr, stdout } = yield* Effect.promise(() => running.ended)
      expect(code).toBe(143)
      expect(lines(stdout)).toHaveLength(1)
      expect(stderr).toMatch(/FMC {2}1 opened, 1 ended, 0 open[\s\S]*FDM {2}1 opened, 1 ended, 0 open/)
      expect(existsSync(first.ca)).toBe(false)
    })
  )

  it.scopedLive("obeys --token-lifetime", () =>
    Effect.gen(function* () {
      const { credentials, first, target } = yield* sandbox("--token-lifetime", "1", "--refresh-grace", "0")
      const fmc = yield* Fmc.make({ target: target(Trust.pin(first.pin)), credentials })
      const path = "/api/fmc_platform/v1/info/serverversion"
      const before = yield* fmc.session.token
      expect((yield* fmc.session.http.get(path)).status).toBe(200)
      yield* Effect.sleep("1200 millis")
      // The client believes in 30 minutes, so it finds out by a 401, and recovers.
      expect((yield* fmc.session.http.get(path)).status).toBe(200)
      expect(yield* fmc.session.token).not.toBe(before)
    })
  )

  it.scopedLive("says what is wrong with a flag", () =>
    Effect.gen(function* () {
      const running = start("examples/sandbox.ts", { args: ["--port", "abc"] })
      const { code, stderr, stdout } = yield* Effect.promise(() => running.ended)
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
      expect(stderr).toMatch(/InvalidInput: --port: "abc" is no whole number from 0 to 65535; give one/)
    })
  )
})
