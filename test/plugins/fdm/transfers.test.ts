// Files that go from a device to the disk and back, piece by piece.
import { createHash } from "node:crypto"
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import type { IncomingMessage, ServerResponse } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import { Credentials } from "sallyport"
import * as Fdm from "sallyport/fdm"
import { runtime } from "../../support/runtime.ts"
import { httpsServer, relay, until } from "../../transport/servers.ts"

const mebi = 1024 * 1024
const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest()
const big = Buffer.alloc(3 * mebi, "0123456789abcde\n")

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "transfers-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

let users = 0

/** An FDM that answers each request but those for tokens as it is told, and a session on it behind a relay. */
const opened = (answer: (request: IncomingMessage, response: ServerResponse, body: string) => void) =>
  Effect.gen(function* () {
    const server = yield* httpsServer((request, response, body) => {
      if (!request.url?.endsWith("/fdm/token")) return answer(request, response, body)
      return response.end(
        JSON.stringify({ access_token: `token-${++users}`, refresh_token: "r", expires_in: 1800 })
      )
    })
    const way = yield* relay(server)
    const given = {
      target: way.target({ responseTimeout: 3000 }),
      credentials: Credentials.password({ username: `user-${++users}`, password: Redacted.make("x") }),
      apiVersion: "v6",
      retry: Schedule.recurs(1)
    } as const
    const asked = () => server.requests.filter(({ url }) => !url.endsWith("/fdm/token"))
    return { asked, cut: way.cut, fdm: yield* Fdm.make(given), given, server }
  })

const from = "/action/downloaddiskfile/ab12"

describe("a download into a file", () => {
  it.scopedLive(
    "is there whole, for its owner alone, with its length and SHA-256, and nothing beside it",
    () =>
      Effect.gen(function* () {
        const { asked, fdm } = yield* opened((_request, response) => response.end(big))
        const home = yield* folder
        const path = join(home, "disk.img")
        const saved = yield* fdm.downloadTo(from, path)
        expect(saved).toEqual({ path, bytes: big.length, sha256: sha256(big).toString("hex") })
        expect(readFileSync(path).equals(big)).toBe(true)
        expect(statSync(path).mode & 0o777).toBe(0o600)
        expect(readdirSync(home)).toEqual(["disk.img"])
        expect(
          asked().map(({ headers, url }) => [url, headers["accept-encoding"], headers["content-length"]])
        ).toEqual([[`/api/fdm/v6${from}`, "identity", undefined]])
      })
  )

  it.scopedLive("of a backup goes by the archive's name", () =>
    Effect.gen(function* () {
      const { asked, fdm } = yield* opened((_request, response) => response.end("backup"))
      const path = join(yield* folder, "nightly.tar")
      yield* fdm.downloadBackupTo({ archiveName: "nightly-1.tar" }, path)
      expect(readFileSync(path, "utf8")).toBe("backup")
      expect(asked()[0]?.url).toBe("/api/fdm/v6/action/downloadbackup/nightly-1.tar")
    })
  )

  const broken: ReadonlyArray<readonly [string, (response: ServerResponse, cut: () => void) => void]> = [
    [
      "that breaks off before its length",
      (response, cut) => {
        response.writeHead(200, { "content-length": big.length + 1 }).write(big)
        cut()
      }
    ],
    [
      "without length whose connection is cut below TLS",
      (response, cut) => {
        response.useChunkedEncodingByDefault = false
        response.writeHead(200, { connection: "close" }).write(big.subarray(0, 1000))
        cut()
      }
    ]
  ]
  for (const [what, answer] of broken) {
    it.scopedLive(`${what} fails, and leaves nothing`, () =>
      Effect.gen(function* () {
        const far = yield* opened((_request, response) =>
          answer(response, () => setTimeout(() => far.cut("fin"), 100))
        )
        const home = yield* folder
        const error = yield* Effect.flip(far.fdm.downloadTo(from, join(home, "a")))
        expect(error).toMatchObject({ _tag: "DeviceUnreachable", phase: "Response" })
        expect(readdirSync(home)).toEqual([])
        // It was repeated, from its beginning.
        expect(far.asked().length).toBe(2)
      })
    )
  }

  it.scopedLive("that breaks off is begun anew, and whole in the end", () =>
    Effect.gen(function* () {
      // The second may be shorter than what came of the first.
      for (const second of [big, big.subarray(0, mebi)]) {
        const far = yield* opened((_request, response) => {
          if (far.asked().length > 1) return response.end(second)
          response.writeHead(200, { "content-length": big.length }).write(Buffer.alloc(2 * mebi, "x"))
          return setTimeout(() => far.cut("reset"), 100)
        })
        const path = join(yield* folder, "a")
        expect((yield* far.fdm.downloadTo(from, path)).bytes).toBe(second.length)
        expect(readFileSync(path).equals(second)).toBe(true)
      }
    })
  )

  it.scopedLive("that is whole is kept, though the connection behind it is cut below TLS at once", () =>
    Effect.gen(function* () {
      const far = yield* opened((_request, response) => {
        response.end(big)
        setTimeout(() => far.cut("fin"), 300)
      })
      const path = join(yield* folder, "a")
      const saved = yield* far.fdm.downloadTo(from, path)
      expect(saved.sha256).toBe(sha256(big).toString("hex"))
    })
  )

  it.scopedLive("is held to the checksum that the device tells", () =>
    Effect.gen(function* () {
      const digest = sha256(big).toString("base64")
      const { fdm } = yield* opened((request, response) => {
        const isTrue = request.url?.endsWith("true") === true
        const told = isTrue ? digest : sha256("other").toString("base64")
        response.writeHead(200, { "content-digest": `sha-256=:${told}:` }).end(big)
      })
      const home = yield* folder
      yield* fdm.downloadTo("/action/downloaddiskfile/true", join(home, "true"))
      const error = yield* Effect.flip(fdm.downloadTo("/action/downloaddiskfile/false", join(home, "false")))
      expect(error).toMatchObject({ _tag: "ProtocolViolation", detail: expect.stringContaining("checksum") })
      expect(readdirSync(home)).toEqual(["true"])
    })
  )

  it.scopedLive("never takes the place of a file that has come there meanwhile", () =>
    Effect.gen(function* () {
      const path = join(yield* folder, "a")
      const { fdm } = yield* opened((_request, response) => {
        writeFileSync(path, "of somebody else")
        response.end(big)
      })
      expect(yield* Effect.flip(fdm.downloadTo(from, path))).toMatchObject({
        _tag: "InvalidInput",
        field: "file"
      })
      expect(readFileSync(path, "utf8")).toBe("of somebody else")
    })
  )

  for (const [what, status, tag] of [
    ["is not there", 404, "DeviceRefused"],
    ["is cut into parts that nobody asked for", 206, "ProtocolViolation"],
    ["is none", 204, "ProtocolViolation"]
  ] as const) {
    it.scopedLive(`of what ${what} (${status}) fails, and leaves nothing`, () =>
      Effect.gen(function* () {
        const words = status === 404 ? JSON.stringify({ description: "no such file" }) : undefined
        const { fdm } = yield* opened((_request, response) => response.writeHead(status).end(words))
        const home = yield* folder
        const error = yield* Effect.flip(fdm.downloadTo(from, join(home, "a")))
        expect(error._tag).toBe(tag)
        // What the device says of it is no part of the file.
        if (words !== undefined) expect(error.message).toContain("no such file")
        expect(readdirSync(home)).toEqual([])
      })
    )
  }

  it.scopedLive("of a portal's page fails, and leaves nothing; a page that is a file is kept", () =>
    Effect.gen(function* () {
      const page = { "content-type": "Text/HTML; charset=utf-8" }
      const file = { ...page, "content-disposition": "attachment; filename=report.html" }
      for (const [headers, isFile] of [
        [page, false],
        [file, true]
      ] as const) {
        const { fdm } = yield* opened((_request, response) =>
          response.writeHead(200, headers).end("<html>Please sign in</html>")
        )
        const home = yield* folder
        const ended = [
          yield* Effect.either(fdm.downloadTo(from, join(home, "a"))),
          yield* Effect.either(fdm.download(from))
        ]
        const told = { _tag: "Left", left: { _tag: "ProtocolViolation" } }
        expect(ended).toMatchObject(Array(2).fill(isFile ? { _tag: "Right" } : told))
        expect(readdirSync(home)).toEqual(isFile ? ["a"] : [])
      }
    })
  )

  it.scopedLive("that is larger than is wanted is a violation", () =>
    Effect.gen(function* () {
      const { fdm } = yield* opened((_request, response) => {
        response.write(big)
        response.end()
      })
      const home = yield* folder
      const error = yield* Effect.flip(fdm.downloadTo(from, join(home, "a"), { maxBytes: mebi }))
      expect(error).toMatchObject({
        _tag: "ProtocolViolation",
        detail: expect.stringContaining("1048576 bytes")
      })
      expect(readdirSync(home)).toEqual([])
    })
  )

  it.scopedLive("is not written over what is there, unless that is wanted", () =>
    Effect.gen(function* () {
      const { asked, fdm } = yield* opened((_request, response) => response.end("new"))
      const path = join(yield* folder, "a")
      writeFileSync(path, "old")
      expect(yield* Effect.flip(fdm.downloadTo(from, path))).toMatchObject({
        _tag: "InvalidInput",
        field: "file"
      })
      expect([asked().length, readFileSync(path, "utf8")]).toEqual([0, "old"])
      yield* fdm.downloadTo(from, path, { replace: true })
      expect(readFileSync(path, "utf8")).toBe("new")
    })
  )

  it.scopedLive("to where nothing can be written is refused before anything is asked", () =>
    Effect.gen(function* () {
      const { asked, fdm } = yield* opened((_request, response) => response.end("new"))
      const home = yield* folder
      for (const path of [join(home, "no", "folder", "a"), "", home])
        expect((yield* Effect.flip(fdm.downloadTo(from, path)))._tag).toBe("InvalidInput")
      // A folder stands for what is no file, such as a device or a pipe.
      expect(yield* Effect.flip(fdm.downloadTo(from, home, { replace: true }))).toMatchObject({
        message: `file: ${home}: it is there already, and no file; name another.`
      })
      expect(asked()).toEqual([])
    })
  )

  it.scopedLive("that is interrupted leaves nothing, and its connection is gone", () =>
    Effect.gen(function* () {
      const { asked, fdm, server } = yield* opened((_request, response) => {
        response.writeHead(200, { "content-length": big.length }).write(big.subarray(0, mebi))
      })
      const home = yield* folder
      const fiber = yield* Effect.fork(fdm.downloadTo(from, join(home, "a")))
      yield* until(() => asked().length === 1 && readdirSync(home).length === 1)
      yield* Fiber.interrupt(fiber)
      expect(readdirSync(home)).toEqual([])
      yield* until(() => server.open.size === 0)
    })
  )

  it.scopedLive("does not hold it in memory", () =>
    Effect.gen(function* () {
      const size = 384 * mebi
      const { given, server } = yield* opened((_request, response) => {
        response.writeHead(200, { "content-length": size })
        let left = size
        const more = () => {
          while (left > 0) {
            left -= mebi
            if (!response.write(big.subarray(0, mebi))) return
          }
          response.end()
        }
        response.on("drain", more)
        more()
      })
      // Not over the relay, which has no measure.
      const fdm = yield* Fdm.make({ ...given, target: server.target() })
      const path = join(yield* folder, "a")
      const before = process.memoryUsage().rss
      let most = 0
      const timer = setInterval(() => {
        most = Math.max(most, process.memoryUsage().rss - before)
      }, 5)
      expect((yield* fdm.downloadTo(from, path)).bytes).toBe(size)
      clearInterval(timer)
      // The rest of it is garbage that nobody has collected yet.
      expect(most).toBeLessThan(size / 1.5)
    })
  )
})

describe("an upload from a file", () => {
  const part = (body: string) => /\r\n\r\n([\s\S]*)\r\n--[^\r\n]*--\r\n$/.exec(body)?.[1]

  it.scopedLive("arrives whole, with its length, as the form that the device wants", () =>
    Effect.gen(function* () {
      const { asked, fdm } = yield* opened((_request, response) =>
        response.end('{"id":"7","fileName":"a.tar"}')
      )
      const path = join(yield* folder, "a.tar")
      writeFileSync(path, big)
      expect((yield* fdm.uploadFrom("/action/uploadupgrade", path)).id).toBe("7")
      const [seen] = asked()
      expect(seen?.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/)
      expect(seen?.headers["content-length"]).toBe(String(seen?.body.length))
      expect(seen?.headers["transfer-encoding"]).toBeUndefined()
      expect(seen?.body).toContain('name="fileToUpload"; filename="a.tar"')
      expect(part(seen?.body ?? "") === big.toString()).toBe(true)
    })
  )

  it.scopedLive("is read anew where the token was refused", () =>
    Effect.gen(function* () {
      const far = yield* opened((_request, response) =>
        far.asked().length === 1
          ? response.end("{}")
          : far.asked().length === 2
            ? response.writeHead(401).end("{}")
            : response.end('{"id":"7"}')
      )
      const path = join(yield* folder, "a.tar")
      writeFileSync(path, big)
      // A token that was accepted once is renewed when it is refused.
      yield* far.fdm.session.http.get("/api/fdm/v6/first")
      yield* far.fdm.uploadFrom("/action/uploadupgrade", path, { name: "other.tar" })
      const uploads = far.asked().slice(1)
      expect(uploads.map(({ body }) => part(body) === big.toString())).toEqual([true, true])
      expect(uploads[1]?.body).toContain('filename="other.tar"')
    })
  )

  it.scopedLive("of what is no file, or may not be read, is refused before anything is asked", () =>
    Effect.gen(function* () {
      const { asked, fdm } = yield* opened((_request, response) => response.end("{}"))
      const home = yield* folder
      for (const path of [join(home, "none"), home, ""])
        expect((yield* Effect.flip(fdm.uploadFrom("/action/uploadupgrade", path)))._tag).toBe("InvalidInput")
      const closed = join(home, "closed")
      writeFileSync(closed, "x")
      for (const name of ["../x", "", "a\r\nb"])
        expect((yield* Effect.flip(fdm.uploadFrom("/action/uploadupgrade", closed, { name })))._tag).toBe(
          "InvalidInput"
        )
      chmodSync(closed, 0o000)
      if (process.getuid?.() !== 0)
        expect((yield* Effect.flip(fdm.uploadFrom("/action/uploadupgrade", closed)))._tag).toBe(
          "InvalidInput"
        )
      expect(asked()).toEqual([])
    })
  )
})

describe.runIf(runtime === "node")("through the promises", () => {
  it.scopedLive("files go in both ways by their paths", () =>
    Effect.gen(function* () {
      const { given } = yield* opened((request, response) =>
        response.end(request.method === "POST" ? '{"id":"7"}' : "content")
      )
      const home = yield* folder
      writeFileSync(join(home, "b"), "x")
      const told = yield* Effect.promise(() =>
        Fdm.use(given, async (fdm) => {
          const saved = await fdm.downloadTo(from, join(home, "a"))
          const { id } = await fdm.uploadFrom("/action/uploaddiskfile", join(home, "b"))
          return { ...saved, id }
        })
      )
      expect(told).toEqual({
        path: join(home, "a"),
        bytes: 7,
        sha256: sha256("content").toString("hex"),
        id: "7"
      })
    })
  )
})
