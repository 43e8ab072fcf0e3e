// What is told of a file or folder that is refused for its owner or its mode: whose it is, and the command that mends it.
import { execFileSync } from "node:child_process"
import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import process from "node:process"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TokenStore, Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"
import { file } from "../../support/example.ts"

const folder = Effect.map(file("a", ""), (path) => join(dirname(path), "state of mine"))
const me = execFileSync("id", ["-un"], { encoding: "utf8" }).trim()

/** What the journals and the tokens say of a folder. */
const told = (path: string) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const journals = yield* Effect.flip(Workflow.recorded({ folder: path }))
    const tokens = yield* Effect.flip(
      Effect.provide(Fdm.make(sandbox.fdm), TokenStore.layer(TokenStore.disk({ folder: path })))
    )
    expect(sandbox.ledger.opened).toBe(0)
    return [journals.message, tokens.message]
  })

/** As if another user ran this. */
const asUser = (uid: number) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const { getuid } = process
      process.getuid = () => uid
      return getuid
    }),
    (getuid) =>
      Effect.sync(() => {
        if (getuid !== undefined) process.getuid = getuid
      })
  )

describe.skipIf(process.platform === "win32")("a folder that is refused", () => {
  it.scopedLive("for its mode is told with it, its owner and what mends it", () =>
    Effect.gen(function* () {
      const path = yield* folder
      mkdirSync(path)
      chmodSync(path, 0o777)
      const found = `${path} belongs to ${me} and has mode 0777 (chmod 700 '${path}' mends it).`
      const messages = yield* told(path)
      for (const message of messages) expect(message).toContain(found)
      const [, command = ""] = /\((chmod 700 '[^)]*) mends it\)/.exec(messages[0] ?? "") ?? []
      execFileSync("sh", ["-c", command])
      expect(yield* Workflow.recorded({ folder: path })).toEqual([])
    })
  )

  it.scopedLive("for its owner is told with that one, and with whoever runs this", () =>
    Effect.gen(function* () {
      const path = yield* folder
      mkdirSync(path)
      chmodSync(path, 0o755)
      const uid = (process.getuid?.() ?? 0) + 4242
      yield* asUser(uid)
      const mends = `sudo chown -R ${process.getuid?.()} '${path}' mends it`
      for (const message of yield* told(path)) {
        expect(message).toContain(`${path} belongs to ${me} and has mode 0755, while `)
        expect(message.replace(/chown -R \S+/, `chown -R ${uid}`)).toContain(mends)
      }
    })
  )

  it.scopedLive.skipIf(process.getuid?.() !== 0)(
    "for its owner, who is not root, is told to be another's",
    () =>
      Effect.gen(function* () {
        const path = yield* folder
        mkdirSync(path)
        chmodSync(path, 0o755)
        chownSync(path, 4242, 4242)
        for (const message of yield* told(path))
          expect(message).toContain(
            `${path} belongs to 4242 and has mode 0755, while root runs this (run it as 4242).`
          )
      })
  )

  it.scopedLive("since it is none is told as that", () =>
    Effect.gen(function* () {
      const path = yield* folder
      writeFileSync(path, "", { mode: 0o600 })
      for (const message of [...(yield* told(path)), ...(yield* told(join(path, "below")))])
        expect(message).toContain(`${path} is no folder, and belongs to ${me} and has mode 0600.`)
    })
  )
})

describe.skipIf(process.platform === "win32")("a journal that is refused", () => {
  const id = "20261130T000000Z-x-000000"
  const journal = Effect.map(folder, (path) => {
    mkdirSync(path, { mode: 0o700 })
    return { path, file: join(path, `${id}.jsonl`) }
  })
  const refused = (path: string) => Effect.map(Effect.flip(Workflow.reportOf(id, { folder: path })), String)

  it.scopedLive("for its mode is told with it, its owner and what mends it", () =>
    Effect.gen(function* () {
      const { file, path } = yield* journal
      writeFileSync(file, "")
      chmodSync(file, 0o640)
      expect(yield* refused(path)).toContain(
        `${file} belongs to ${me} and has mode 0640 (chmod 600 '${file}' mends it).`
      )
    })
  )

  it.scopedLive("since it is a link is told as that", () =>
    Effect.gen(function* () {
      const { file, path } = yield* journal
      symlinkSync("/etc/hostname", file)
      expect(yield* refused(path)).toContain(`${file} is a link, which belongs to ${me} and has mode 0777.`)
    })
  )
})
