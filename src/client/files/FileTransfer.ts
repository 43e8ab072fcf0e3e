import { Buffer } from "node:buffer"
import { randomBytes } from "node:crypto"
import { type FileHandle, link, open, rename, rm, stat } from "node:fs/promises"
import { dirname } from "node:path"
import type * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import type { SessionError } from "../../auth/AuthError.ts"
import { InvalidInput, ProtocolViolation } from "../../transport/DeviceError.ts"
import * as StreamedBody from "../../transport/http/StreamedBody.ts"
import * as Reply from "../../transport/Reply.ts"
import type { StatusFilter } from "../rest/StatusFilter.ts"
import * as Checksum from "./Checksum.ts"

/** `TransferClient` is what a client is asked by: its target's name, its `http` and its `filterStatusOk`. */
export interface TransferClient {
  readonly targetName: string
  readonly http: HttpClient.HttpClient.With<SessionError>
  readonly filterStatusOk: StatusFilter
}

/** `SavedFile` is a file that came from a device, whole. */
export interface SavedFile {
  /** `path` is where it is. */
  readonly path: string
  readonly bytes: number
  /** `sha256` is its SHA-256, hex. */
  readonly sha256: string
}

/** `SaveOptions` say how a file is kept, and how much of it is taken. */
export interface SaveOptions {
  /** `replace` allows a file that is there already to be replaced; else it is `InvalidInput`. @default false */
  readonly replace?: boolean | undefined
  /** `mode` says who may read it, as a number of `chmod`. @default 0o600, its owner alone */
  readonly mode?: number | undefined
  /** `maxBytes` says how many bytes are taken at most. @default 64 GiB */
  readonly maxBytes?: number | undefined
}

const defaultMaxBytes = 64 * 1024 ** 3
// Of a file, when it is sent.
const chunkBytes = 256 * 1024

/**
 * `save` downloads to a file without having it in memory: under another name in the same folder, and renamed once all
 * of it is there and on the disk. After a failure or an interruption nothing of it is left. Its length is checked
 * against what the device tells, and its checksum where the device tells one (`Content-Digest`, `Repr-Digest`,
 * `Digest`, `Content-MD5`). It is repeated from its beginning where a request would be, and keeps its slot of the
 * target's concurrency until it is over; the target's response time-out runs anew with each piece that comes.
 *
 * Fails with `InvalidInput` for a file that is there already or cannot be written, with `ProtocolViolation` for one
 * that is too large, has another checksum, or comes with another status of 2xx than 200, and as requests do.
 *
 * @example
 * const { bytes, sha256 } = yield* FileTransfer.save({ targetName: "edge-1", ...fdm }, "/action/downloaddiskfile/ab12", "ca.pem")
 */
export const save = (
  device: TransferClient,
  from: string,
  to: string,
  options: SaveOptions = {}
): Effect.Effect<SavedFile, SessionError> =>
  Effect.acquireUseRelease(
    startFile(to, options),
    (part) =>
      Effect.gen(function* () {
        const request = StreamedBody.withStreamedBody(HttpClientRequest.get(from), { into: part.into })
        const response = yield* Effect.flatMap(device.http.execute(request), device.filterStatusOk)
        const fault = noFile(response.status) ?? part.fault()
        return yield* fault === undefined ? part.kept : Effect.fail(violation(device, from, fault))
      }),
    (part) => part.gone
  )

/**
 * `load` downloads into memory, at most the target's `maxBodyBytes`. What comes is checked as `save` does, except the
 * checksum of what was zipped on its way.
 *
 * Fails with `ProtocolViolation` for a file with another checksum, or with another status of 2xx than 200: a part of a
 * file (206) is not the file. And as requests do.
 */
export const load = (device: TransferClient, from: string): Effect.Effect<Uint8Array, SessionError> =>
  Effect.gen(function* () {
    const response = yield* Effect.flatMap(device.http.get(from), device.filterStatusOk)
    const { body, headers, status } = yield* Reply.fromResponse(response)
    // What was unzipped has no length any more, and a checksum of other bytes.
    const checksum = Checksum.make(headers["content-length"] === undefined ? {} : headers)
    checksum.update(body)
    const fault = noFile(status) ?? checksum.fault()
    return yield* fault === undefined ? Effect.succeed(body) : Effect.fail(violation(device, from, fault))
  })

const noFile = (status: number): string | undefined =>
  status === 200 ? undefined : `it answered ${status}, not 200 with a file`

const violation = ({ targetName }: TransferClient, from: string, detail: string) =>
  new ProtocolViolation({ targetName, operation: `GET ${from.split(/[?#]/, 1)[0] ?? ""}`, detail })

/** `PartialFile` is a file on its way. */
interface PartialFile {
  readonly into: StreamedBody.BodySink
  /** `fault` is what of it is not as the device has told. */
  readonly fault: () => string | undefined
  readonly kept: Effect.Effect<SavedFile, InvalidInput>
  /** `gone` leaves nothing of it, unless it was kept. */
  readonly gone: Effect.Effect<void>
}

const startFile = (to: string, options: SaveOptions): Effect.Effect<PartialFile, InvalidInput> =>
  Effect.gen(function* () {
    const refuse = (why: string) => unusable(to, why)
    if (typeof to !== "string" || to === "" || to.includes("\u0000"))
      return yield* refuse("this is no path; give one such as backup.tar.")
    const { maxBytes = defaultMaxBytes, mode = 0o600, replace = false } = options
    if (!replace && (yield* exists(to)))
      return yield* refuse("it is there already; name another, or move it away.")
    const temporary = `${to}.${randomBytes(6).toString("hex")}.part`
    const file = yield* attemptFile(to, () => open(temporary, "wx", mode))
    let checksum = Checksum.make({})
    let bytes = 0
    let isKept = false
    // What is still being written when its request is given up.
    let work: Promise<unknown> = Promise.resolve()
    const doing = <A>(one: Promise<A>): Promise<A> => {
      work = one.then(nothing, nothing)
      return one
    }
    const written = (error: unknown) => {
      throw new InvalidInput({
        field: "file",
        value: to,
        message: sentence(to, systemErrorCode(error))
      })
    }
    return {
      into: {
        maxBytes,
        begin: ({ headers }) => {
          bytes = 0
          checksum = Checksum.make(headers)
          return doing(file.truncate(0).catch(written))
        },
        write: (piece) => {
          const at = bytes
          bytes += piece.length
          checksum.update(piece)
          return doing(writeAll(file, piece, at).catch(written))
        }
      },
      fault: () => checksum.fault(),
      kept: Effect.suspend(() => {
        const sha256 = checksum.sha256()
        return attemptFile(to, async () => {
          await file.sync()
          await file.close()
          await moveIntoPlace(temporary, to, replace)
          isKept = true
          return { path: to, bytes, sha256 }
        })
      }),
      gone: Effect.promise(async () => {
        if (isKept) return
        await work
        await file.close().catch(nothing)
        await rm(temporary, { force: true }).catch(nothing)
      })
    }
  })

/** `moveIntoPlace` gives it its name; where nothing may be replaced, not over one that has come there meanwhile. */
const moveIntoPlace = async (temporary: string, to: string, replace: boolean): Promise<void> => {
  if (replace) await rename(temporary, to)
  else {
    try {
      await link(temporary, to)
      await rm(temporary, { force: true })
    } catch (error) {
      // Not every file system has links.
      if (systemErrorCode(error) === "EEXIST") throw error
      await rename(temporary, to)
    }
  }
  // The name, too, is on the disk then; Windows has no folders to open.
  const folder = await open(dirname(to), "r").catch(() => undefined)
  await folder?.sync().catch(nothing)
  await folder?.close().catch(nothing)
}

const writeAll = async (file: FileHandle, piece: Uint8Array, at: number): Promise<void> => {
  for (let done = 0; done < piece.length; ) {
    const { bytesWritten } = await file.write(piece, done, piece.length - done, at + done)
    done += bytesWritten
  }
}

/** `FileToUpload` is a file of this machine that is to be sent. */
export interface FileToUpload {
  readonly path: string
  /** `name` is what the device is told that it is called. */
  readonly name: string
}

/**
 * `form` gives a POST that sends a file as the one field of a form, without having it in memory. It can be sent again:
 * the file is read anew then. Fails with `InvalidInput` for what is no file or cannot be read.
 *
 * @example
 * const request = yield* FileTransfer.form("/action/uploadupgrade", "fileToUpload", { path, name: "upgrade.REL.tar" })
 */
export const form = (
  to: string,
  field: string,
  file: FileToUpload
): Effect.Effect<HttpClientRequest.HttpClientRequest, InvalidInput> =>
  Effect.gen(function* () {
    const { name, path } = file
    const facts = yield* attemptFile(path, () => stat(path))
    if (!facts.isFile()) return yield* unusable(path, "this is no file but a folder or a device.")
    // Before anything is asked of the device.
    yield* attemptFile(path, async () => (await open(path, "r")).close())
    const boundary = `sallyport-${randomBytes(16).toString("hex")}`
    const before = Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(field)}"; filename="${quoted(name)}"\r\nContent-Type: application/octet-stream\r\n\r\n`
    )
    const after = Buffer.from(`\r\n--${boundary}--\r\n`)
    async function* read() {
      yield before
      const file = await open(path, "r")
      try {
        for (;;) {
          const { bytesRead, buffer } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, null)
          if (bytesRead === 0) break
          yield buffer.subarray(0, bytesRead)
        }
      } finally {
        await file.close()
      }
      yield after
    }
    return StreamedBody.withStreamedBody(HttpClientRequest.post(to), {
      from: { size: before.length + facts.size + after.length, read },
      contentType: `multipart/form-data; boundary=${boundary}`
    })
  })

// As browsers write it (the HTML standard, multipart/form-data).
const quoted = (text: string): string =>
  text.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A")

const exists = (path: string): Effect.Effect<boolean> =>
  Effect.promise(() =>
    stat(path).then(
      () => true,
      () => false
    )
  )

const attemptFile = <A>(path: string, work: () => Promise<A>): Effect.Effect<A, InvalidInput> =>
  Effect.tryPromise({
    try: work,
    catch: (error) =>
      new InvalidInput({
        field: "file",
        value: String(path),
        message: sentence(path, systemErrorCode(error))
      })
  })

const unusable = (path: unknown, why: string): Effect.Effect<never, InvalidInput> =>
  Effect.fail(
    new InvalidInput({ field: "file", value: String(path), message: `file: ${String(path)}: ${why}` })
  )

const sentence = (path: string, code: string): string => {
  const why =
    advice[code] ?? `the system refuses it (${code}); check the path, its folder and who may use it.`
  return `file: ${String(path)}: ${why}`
}

const advice: Readonly<Record<string, string>> = {
  ENOENT: "it, or the folder that it is to be in, is not there.",
  EEXIST: "it is there already (EEXIST); name another, or move it away.",
  ENOSPC: "the disk is full; nothing of the file was kept.",
  NotCapable: "this process may not use it; with Deno: --allow-read and --allow-write for its folder."
}

const systemErrorCode = (error: unknown): string => {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown }
  return typeof code === "string" ? code : name === "NotCapable" ? name : "?"
}

const nothing = () => undefined
