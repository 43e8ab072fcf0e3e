// A password that a command prints. Of one command (its words and its limit) one runs at a time:
//   nobody asks → runs (whoever asks now waits) → has ended: all who waited have what it gave, also a failure
//                → whoever asked is interrupted: it is ended, and the next who waits runs it again
// Races: many ask at once; the one for whom it runs is interrupted.
// Invariants: no shell reads a word; nothing that it prints is in an error; it ends with whoever asked; at most four run.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { afterAll, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import { Credentials } from "sallyport"
import { TargetConfig } from "sallyport/plugin"
import { eventually } from "../support/eventually.ts"

const folder = mkdtempSync(join(tmpdir(), "sallyport-command-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Command = Parameters<typeof Credentials.fromCommand>[0]
const passwordOf = (command: Command["command"], more: Partial<Command> = {}) =>
  Effect.map(Credentials.fromCommand({ username: "night", command, ...more }), ({ password }) =>
    Redacted.value(password)
  )
const shell = (script: string, ...words: ReadonlyArray<string>): Command["command"] => [
  "sh",
  "-c",
  script,
  "sh",
  ...words
]
/** Adds a line to a file, and prints how many it has. */
const counting = (name: string, rest = "") => shell(`echo >> "$1"; ${rest} wc -l < "$1"`, join(folder, name))
const countOf = (name: string) => readFileSync(join(folder, name), "utf8").length

describe("a password that a command prints", () => {
  it.live("is its first line, as it is", () =>
    Effect.gen(function* () {
      expect(yield* passwordOf(["printf", String.raw` a:b"c%%20 ü \r\nsecond\n`])).toBe(' a:b"c%20 ü ')
      expect(yield* passwordOf(["printf", "no line break"])).toBe("no line break")
    })
  )

  it.live("comes of words that no shell reads", () =>
    Effect.gen(function* () {
      const word = '$HOME `id` $(id) "; exit 3 #'
      expect(yield* passwordOf(["printf", "%s", word])).toBe(word)
    })
  )

  it.live("is told by what the command has ended with, and never by what it has printed", () =>
    Effect.gen(function* () {
      for (const [script, told] of [
        ["echo hunter2; echo hunter2 >&2; exit 3", "exit code 3"],
        ["echo; echo hunter2", "prints is empty"],
        ["echo hunter2; kill -9 $$", "SIGKILL"],
        ["echo hunter2; yes hunter2 | head -c 2000000", "more than 1 MiB"]
      ] as const) {
        const error = yield* Effect.flip(passwordOf(shell(script)))
        expect(error).toMatchObject({ _tag: "InvalidInput", field: "command" })
        expect(error.message).toMatch(/^command: the (command "sh"|first line that the command "sh")/)
        expect(error.message).toContain(told)
        expect(`${error.message}${JSON.stringify(error)}${error.stack}`).not.toContain("hunter2")
      }
      const missing = yield* Effect.flip(passwordOf(["sallyport-no-such-command", "hunter2"]))
      expect(missing.message).toBe(
        'command: there is no command "sallyport-no-such-command"; install it, or give its whole path.'
      )
    })
  )

  it.live.each([["op read x"], [[]], [[""]], [["op", 1]], [["op", "a\0b"]], [undefined]])(
    "takes no %j for a command",
    ([given]) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(passwordOf(given as never))
        expect(error.message).toMatch(/^command: this is no command; give a list of words/)
        expect(error.message).not.toContain("read x")
      })
  )

  it.live("is waited for as long as it may take, and then the command is ended", () =>
    Effect.gen(function* () {
      const pid = join(folder, "pid")
      const error = yield* Effect.flip(
        passwordOf(shell(`echo $$ > "$1"; exec sleep 60`, pid), { timeOut: "300 millis" })
      )
      expect(error.message).toMatch(/"sh" has taken too long and was ended/)
      yield* eventually("the command is gone", () => !isAlive(Number(readFileSync(pid, "utf8"))))
      const wrong = yield* Effect.flip(passwordOf(["true"], { timeOut: "soon" as never }))
      expect(wrong.message).toMatch(/^command: timeOut is no duration/)
    })
  )

  it.live("is asked for once by a hundred who ask at once, and again by who asks later", () =>
    Effect.gen(function* () {
      const ask = passwordOf(counting("once", "sleep 0.1;"))
      const all = yield* Effect.all(
        Array.from({ length: 100 }, () => ask),
        { concurrency: "unbounded" }
      )
      expect(new Set(all.map((text) => text.trim()))).toEqual(new Set(["1"]))
      expect((yield* ask).trim()).toBe("2")
    })
  )

  it.live("that there is not is told to all who wait, by one run", () =>
    Effect.gen(function* () {
      const ask = Effect.flip(passwordOf(counting("failing", "sleep 0.1; exit 3;")))
      const all = yield* Effect.all([ask, ask, ask], { concurrency: "unbounded" })
      for (const { message } of all) expect(message).toContain("exit code 3")
      expect(countOf("failing")).toBe(1)
    })
  )

  it.live("is given to those who wait where the one for whom it ran is interrupted", () =>
    Effect.gen(function* () {
      const may = join(folder, "may end")
      const ask = passwordOf(counting("interrupted", `until [ -e '${may}' ]; do sleep 0.02; done;`))
      const first = yield* Effect.fork(ask)
      yield* eventually(
        "it runs",
        () => readdirSync(folder).includes("interrupted") && countOf("interrupted") === 1
      )
      const second = yield* Effect.fork(ask)
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(first)
      writeFileSync(may, "")
      expect((yield* Fiber.join(second)).trim()).toBe("2")
    })
  )

  it.live("is asked of four commands at once at most", () =>
    Effect.gen(function* () {
      const many = join(folder, "many")
      const script = 'mkdir -p "$1/$2"; ls "$1" | wc -l; sleep 0.05; rmdir "$1/$2"'
      const counts = yield* Effect.forEach(
        Array.from({ length: 12 }, (_, index) => String(index)),
        (name) => passwordOf(shell(script, many, name)),
        { concurrency: "unbounded" }
      )
      const most = Math.max(...counts.map(Number))
      expect(most).toBeGreaterThan(1)
      expect(most).toBeLessThanOrEqual(4)
    })
  )

  it.live("can stand in data, where an error is told by its path", () =>
    Effect.gen(function* () {
      const accountOf = (credentials: object) =>
        Effect.flatMap(
          TargetConfig.decode({ url: "https://x.example", credentials }, "devices.hq"),
          (device) => device.credentials
        )
      const account = yield* accountOf({
        username: "night",
        command: ["printf", "hunter2"],
        account: "shared"
      })
      expect({ ...account, password: Redacted.value(account.password) }).toEqual({
        username: "night",
        password: "hunter2",
        account: "shared"
      })
      const failed = yield* Effect.flip(accountOf({ username: "night", command: ["false"] }))
      expect(failed).toMatchObject({ _tag: "InvalidInput", field: "devices.hq.credentials.command" })
      const text = yield* Effect.flip(accountOf({ username: "night", command: "printf hunter2" }))
      expect(text.message).toMatch(
        /^devices\.hq\.credentials: what stands there cannot be used; give .*command \(a list/
      )
    })
  )
})

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
