// Processes that share a login, and are killed at any moment.
//
// Invariants: one has the place at a time, and nothing that was written is lost · the lock of one that was killed is
// taken over at once, by one · one login for all, renewed by one of them at a time · what a killed one leaves is
// adopted or ended by the next · no login stays open but one whose answer the killed one had not written down yet.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Sandbox from "sallyport/sandbox"
import { backends } from "../../support/backends.ts"
import { eventually, pause } from "../../support/eventually.ts"
import { inFull } from "../../support/fewer.ts"
import { fewest } from "../../support/long.ts"
import { type Running, start } from "../../support/runtime.ts"
import { folder } from "../../support/storedTokens.ts"

const ended = (running: Running) => Effect.promise(() => running.ended)
const said = (running: Running, words: string) =>
  eventually(`a script says ${words}`, () => running.output().includes(words), 25)

describe("a slot on disk", () => {
  const count = (path: string, times: number, env: Readonly<Record<string, string>> = {}) =>
    start("test/scripts/counting.ts", { env: { FOLDER: path, TIMES: String(times), ...env } })
  const written = (running: Running) =>
    [...running.output().matchAll(/^wrote (\d+)$/gm)].map(([, number]) => Number(number))

  it.scopedLive("is one process's at a time: four that count together lose no number", () =>
    Effect.gen(function* () {
      const path = yield* folder
      const all = Array.from({ length: 4 }, () => count(path, 25))
      for (const running of all) expect((yield* ended(running)).code).toBe(0)
      const numbers = all.flatMap(written).sort((one, other) => one - other)
      expect(numbers).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
      expect(readdirSync(path).length).toBe(1)
    })
  )

  it.scopedLive(
    "survives processes that are killed at any moment: nothing written is lost, nobody waits",
    () =>
      Effect.gen(function* () {
        const path = yield* folder
        const numbers: Array<number> = []
        const steady = count(path, 150)
        const killed = Array.from({ length: 4 }, () => count(path, 1_000_000))
        for (const running of killed) {
          yield* said(running, "wrote")
          yield* pause(20 + Math.random() * 100)
          running.kill("SIGKILL")
        }
        // Those may have been killed while they had nothing.
        const holding = count(path, 1, { HOLDS: "yes" })
        yield* said(holding, "holds")
        holding.kill("SIGKILL")
        for (const running of killed) {
          yield* ended(running)
          numbers.push(...written(running))
        }
        const result = yield* ended(steady)
        expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: "" })
        expect(result.stdout).not.toContain("trouble")
        numbers.push(...written(steady))
        // No number twice; one that is missing was written by a process that was killed before it could say so.
        expect(new Set(numbers).size).toBe(numbers.length)
        const last = count(path, 1)
        yield* ended(last)
        const [highest = 0] = written(last)
        expect(highest - 1 - numbers.length).toBeGreaterThanOrEqual(0)
        expect(highest - 1 - numbers.length).toBeLessThanOrEqual(killed.length)
        expect(readdirSync(path).filter((name) => name.endsWith(".lock"))).toEqual([])
      })
  )
})

describe.each(fewest(backends))("$name: scripts", (backend) => {
  const script = (sandbox: Sandbox.Sandbox, path: string, env: Readonly<Record<string, string>> = {}) => {
    const prefix = backend.name.toUpperCase()
    return start("test/scripts/kept.ts", {
      env: {
        BACKEND: backend.name,
        FOLDER: path,
        [`${prefix}_URL`]: sandbox.url,
        [`${prefix}_USERNAME`]: sandbox.username,
        [`${prefix}_PASSWORD`]: Redacted.value(sandbox.password),
        [`${prefix}_PIN`]: sandbox.certificate.sha256,
        ...env
      }
    })
  }

  it.scopedLive.runIf(inFull)("that start together use one login, and the next one reuses it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const path = yield* folder
      const all = [1, 2, 3].map(() => script(sandbox, path, { READS: "2" }))
      for (const running of all) expect((yield* ended(running)).stdout).toContain("read 200\nread 200\ndone")
      const next = yield* ended(script(sandbox, path, { LAST: "logOut" }))
      expect(next.stdout).toContain("event Adopted")
      expect(backend.tally(sandbox)).toMatchObject({ logins: 1, revokes: 1, open: 0 })
    })
  )

  it.scopedLive("never renew one token against each other", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ tokenLifetime: "2 seconds" })
      const path = yield* folder
      const all = [1, 2, 3].map(() => script(sandbox, path, { READS: "15", LAST: "logOut", LIFETIME: "2" }))
      for (const running of all) {
        const { code, stdout } = yield* ended(running)
        expect(code).toBe(0)
        expect(stdout).not.toContain("Evicted")
        expect(stdout.match(/^read 200$/gm)?.length).toBe(15)
      }
      const { logins, open, refreshes } = backend.tally(sandbox)
      expect(open).toBe(0)
      expect(refreshes).toBeGreaterThan(0)
      const renewals = sandbox.ledger.requests.filter(({ kind }) => kind === "refresh")
      expect(
        renewals.map(({ status }) => status).filter((status) => status !== 204 && status !== 200)
      ).toEqual([])
      // One login, and one more for each time that the refreshes of one were used up.
      expect(logins).toBeLessThanOrEqual(1 + Math.ceil(refreshes / 3))
    })
  )

  it.scopedLive("that are killed leave what the next run adopts, or ends", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const path = yield* folder
      const killed = script(sandbox, path, { READS: "1000", LAST: "logOut" })
      yield* said(killed, "read 200")
      killed.kill("SIGKILL")
      yield* ended(killed)
      expect(backend.tally(sandbox).open).toBe(1)
      const next = script(sandbox, path, { READS: "1000", LAST: "logOut" })
      yield* said(next, "event Adopted")
      yield* said(next, "read 200")
      next.kill("SIGKILL")
      yield* ended(next)
      expect(backend.tally(sandbox)).toMatchObject({ logins: 1, open: 1 })
      const last = yield* ended(script(sandbox, path, { READS: "1", LAST: "logOut", LEFT: "logOut" }))
      expect(last.stdout).toContain("event LoggedIn")
      expect(backend.tally(sandbox)).toMatchObject({ logins: 2, revokes: 2, open: 0 })
    })
  )

  it.scopedLive.runIf(inFull)("that are killed at random moments leave no login that nobody can end", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ tokenLifetime: "2 seconds" })
      const path = yield* folder
      const steady = script(sandbox, path, { READS: "15", LAST: "logOut", LIFETIME: "2" })
      let lost = 0
      for (let kills = 0; kills < 3; kills++) {
        const running = script(sandbox, path, { READS: "1000", LAST: "logOut", LIFETIME: "2" })
        yield* said(running, "opened")
        yield* pause(Math.random() * 1000)
        const before = readKept(path)
        running.kill("SIGKILL")
        yield* ended(running)
        // It was in the middle of a renewal: what the device gave it nobody may ever know.
        if (before.includes('"refreshing":true') || before === "") lost++
      }
      const { code, stdout } = yield* ended(steady)
      expect(code).toBe(0)
      expect(stdout.match(/^read 200$/gm)?.length).toBe(15)
      yield* ended(script(sandbox, path, { LAST: "logOut", LIFETIME: "2" }))
      expect(backend.tally(sandbox).open).toBeLessThanOrEqual(lost)
    })
  )
})

const readKept = (path: string): string => {
  const name = existsSync(path) ? readdirSync(path).find((one) => one.endsWith(".json")) : undefined
  try {
    return name === undefined ? "" : readFileSync(join(path, name), "utf8")
  } catch {
    return ""
  }
}
