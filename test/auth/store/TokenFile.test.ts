// What may stand where a token should be: none of it is trusted, all of it is told, and the session goes on.
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { SessionEvent } from "sallyport"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../../support/backends.ts"
import { fileIn, folder, type keptIn, openKept } from "../../support/storedTokens.ts"

const [fmc, fdm] = backends
if (fmc === undefined || fdm === undefined) throw new Error("both backends are there")

/** Keeps a token, spoils its file, and opens the next session. */
const spoiled = (spoil: (file: string, token: string) => void) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const path = yield* folder
    const token = yield* Effect.scoped(
      Effect.flatMap(openKept(fmc, sandbox, { folder: path }), (session) =>
        Effect.map(session.token, ({ access }) => Redacted.value(access))
      )
    )
    const file = fileIn(path)
    spoil(file, token)
    const events: Array<SessionEvent.SessionEvent> = []
    yield* Effect.scoped(
      Effect.gen(function* () {
        const session = yield* openKept(fmc, sandbox, { folder: path }, events)
        expect((yield* read(session, fmc)).status).toBe(200)
      })
    )
    expect(JSON.stringify(events)).not.toContain(token)
    return {
      sandbox,
      file,
      events,
      told: events.flatMap((event) => (event._tag === "StoreFailed" ? [event.message] : []))
    }
  })

const edit = (change: (content: ReturnType<typeof keptIn>) => unknown) => (file: string) =>
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, "utf8")))))

const untrusted: ReadonlyArray<readonly [string, string, (file: string, token: string) => void]> = [
  ["cut off", "damaged", (file) => writeFileSync(file, readFileSync(file, "utf8").slice(0, -20))],
  ["empty", "damaged", (file) => writeFileSync(file, "")],
  ["no JSON", "damaged", (file, token) => writeFileSync(file, `access ${token}`)],
  ["JSON of another kind", "not this library's", edit(() => ({ token: "x" }))],
  [
    "a token without its text",
    "not this library's",
    edit((all) => ({ ...all, token: { ...all.token, access: "" } }))
  ],
  [
    "a token whose time is no number",
    "not this library's",
    edit((all) => ({ ...all, token: { ...all.token, issuedAt: "now" } }))
  ],
  [
    "the token of another account",
    "not this library's",
    edit((all) => ({ ...all, key: { ...all.key, username: "root" } }))
  ],
  [
    "the token of another device",
    "not this library's",
    edit((all) => ({ ...all, key: { ...all.key, origin: "https://other" } }))
  ],
  ["larger than any token", "not this library's", (file) => writeFileSync(file, " ".repeat(1024 * 1024 + 1))],
  [
    "a link to a token",
    "not this library's",
    (file) => {
      renameSync(file, `${file}.elsewhere`)
      symlinkSync(`${file}.elsewhere`, file)
    }
  ],
  [
    "a folder",
    "not this library's",
    (file) => {
      rmSync(file)
      mkdirSync(file)
    }
  ],
  ["readable by others", "read or written by others", (file) => chmodSync(file, 0o644)],
  ["writable by others", "read or written by others", (file) => chmodSync(file, 0o622)]
]

describe("what stands in the place of a token", () => {
  for (const [what, words, spoil] of untrusted) {
    it.scoped(`is set aside, told and never used when it is ${what}`, () =>
      Effect.gen(function* () {
        const { events, file, sandbox, told } = yield* spoiled(spoil)
        expect(told).toEqual([expect.stringContaining(words)])
        expect(told[0]).toContain(`${file}.set-aside`)
        expect(existsSync(`${file}.set-aside`)).toBe(true)
        expect(events.map(({ _tag }) => _tag)).toEqual(["StoreFailed", "LoggedIn", "Kept"])
        expect(sandbox.ledger.fmc.logins).toBe(2)
      })
    )
  }

  for (const [what, join] of [
    ["a link to", symlinkSync],
    ["another name of", linkSync]
  ] as const) {
    it.scoped(`is set aside without a change to the file where it is ${what} someone's own`, () =>
      Effect.gen(function* () {
        const { file } = yield* spoiled((file) => {
          writeFileSync(`${file}.elsewhere`, "mine", { mode: 0o644 })
          chmodSync(`${file}.elsewhere`, 0o644)
          rmSync(file)
          join(`${file}.elsewhere`, file)
        })
        expect(lstatSync(`${file}.set-aside`)).toBeDefined()
        expect(statSync(`${file}.elsewhere`).mode & 0o777).toBe(0o644)
        expect(readFileSync(`${file}.elsewhere`, "utf8")).toBe("mine")
      })
    )
  }

  it.scoped(
    "is not waited for where a link stands in the place of its lock, however new what it points to",
    () =>
      Effect.gen(function* () {
        const { events, file } = yield* spoiled((file) => {
          writeFileSync(`${file}.elsewhere`, "mine", { mode: 0o600 })
          symlinkSync(`${file}.elsewhere`, `${file}.lock`)
          lutimesSync(`${file}.lock`, new Date(0), new Date(0))
        })
        expect(events.map(({ _tag }) => _tag)).not.toContain("StoreFailed")
        expect(readFileSync(`${file}.elsewhere`, "utf8")).toBe("mine")
      })
  )

  it.scoped("is hidden from others once it is set aside", () =>
    Effect.gen(function* () {
      const { file } = yield* spoiled((file) => chmodSync(file, 0o644))
      expect(statSync(`${file}.set-aside`).mode & 0o777).toBe(0o600)
    })
  )

  it.scoped(
    "counts as expired when it is from the future: the clock was set back, and its age is not known",
    () =>
      Effect.gen(function* () {
        const ahead = edit((all) => ({
          ...all,
          token: { ...all.token, issuedAt: all.token.issuedAt + 3_600_000 }
        }))
        const { events, sandbox, told } = yield* spoiled(ahead)
        expect(told).toEqual([])
        expect(events.map(({ _tag }) => _tag)).toEqual(["Refreshed", "Kept"])
        expect(sandbox.ledger.fmc).toMatchObject({ logins: 1, refreshes: 1 })
      })
  )

  it.scoped("may be the rest of a killed process's writing beside it, which is no obstacle", () =>
    Effect.gen(function* () {
      const { events } = yield* spoiled((file) => writeFileSync(`${file}.new`, "half a gra"))
      expect(events.map(({ _tag }) => _tag)).toEqual(["Adopted", "Kept"])
    })
  )
})

describe("a folder", () => {
  const refused = (prepare: (path: string) => string) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const path = prepare(yield* folder)
      const error = yield* Effect.flip(Effect.scoped(openKept(fdm, sandbox, { folder: path })))
      expect(sandbox.ledger.requests.filter(({ path }) => path.includes("token"))).toEqual([])
      return { error, path }
    })

  it.scoped("in which others may write is refused before anything is sent, with what to do", () =>
    Effect.gen(function* () {
      const { error, path } = yield* refused((path) => {
        chmodSync(path, 0o777)
        return path
      })
      expect(error).toMatchObject({ _tag: "TokenStoreFailed", reason: "Folder", path, sent: "no" })
      expect(error.message).toContain("chmod 700")
    })
  )

  it.scoped("that cannot be made is refused by its name and the system's code", () =>
    Effect.gen(function* () {
      const { error, path } = yield* refused((path) => {
        writeFileSync(join(path, "file"), "")
        return join(path, "file", "tokens")
      })
      expect(error).toMatchObject({ _tag: "TokenStoreFailed", reason: "Folder", path })
      expect(error.message).toMatch(/\(E[A-Z]+\)/)
    })
  )

  it.scoped("that takes no more files leaves the session on its own: it logs out when it closes", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const path = yield* folder
      yield* Effect.scoped(openKept(fmc, sandbox, { folder: path, whenLastCloses: "logOut" }))
      const events: Array<SessionEvent.SessionEvent> = []
      yield* Effect.scoped(
        Effect.gen(function* () {
          // Learns the name of its file, and finds it blocked.
          yield* openKept(fmc, sandbox, { folder: path })
          copyFileSync(fileIn(path), join(path, "copy"))
        })
      )
      const file = fileIn(path)
      rmSync(file)
      mkdirSync(join(`${file}.new`, "full"), { recursive: true })
      yield* Effect.scoped(
        Effect.gen(function* () {
          const session = yield* openKept(fmc, sandbox, { folder: path }, events)
          expect((yield* read(session, fmc)).status).toBe(200)
        })
      )
      expect(events.map(({ _tag }) => _tag)).toEqual(["StoreFailed", "LoggedIn", "LoggedOut"])
    })
  )

  it.scoped("that is full when a session cannot log out does not keep the next one from it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const options = { folder: yield* folder, whenLastCloses: "logOut" } as const
      const events: Array<SessionEvent.SessionEvent> = []
      yield* sandbox.fail({ path: /revokeaccess/, how: Sandbox.Fault.status(500), times: 9 })
      const full = yield* Effect.scoped(
        Effect.gen(function* () {
          yield* openKept(fmc, sandbox, options, events)
          const blocked = `${fileIn(options.folder)}.new`
          mkdirSync(join(blocked, "full"), { recursive: true })
          return blocked
        })
      )
      expect(events.map(({ _tag }) => _tag)).toContain("StoreFailed")
      expect([events.at(-1)?._tag, sandbox.ledger.open]).toEqual(["LogoutFailed", 1])
      events.length = 0
      yield* sandbox.clearFaults()
      rmSync(full, { recursive: true })
      yield* Effect.scoped(openKept(fmc, sandbox, options, events))
      expect(events.map(({ _tag }) => _tag)).toEqual(["Adopted", "LoggedOut"])
      expect([sandbox.ledger.open, readdirSync(options.folder)]).toEqual([0, []])
    })
  )
})
