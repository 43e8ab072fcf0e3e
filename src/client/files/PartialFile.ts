import { randomBytes } from "node:crypto"
import { type FileHandle, link, open, rename, rm } from "node:fs/promises"
import { dirname } from "node:path"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import type * as StreamedBody from "../../transport/http/StreamedBody.ts"
import { systemErrorCode } from "../../transport/SystemErrorCode.ts"
import * as InputSchema from "../../validation/InputSchema.ts"
import * as Checksum from "./Checksum.ts"
import { attempt, refusal, unusable, whatIsAt } from "./LocalFile.ts"

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

const number = InputSchema.optional(Schema.Number, "a number")
const Options = Schema.Struct({
  replace: InputSchema.optional(Schema.Boolean, "true or false"),
  mode: number,
  maxBytes: number
})

const defaultMaxBytes = 64 * 1024 ** 3

/** `PartialFile` is a file on its way. */
export interface PartialFile {
  readonly into: StreamedBody.BodySink
  /** `fault` is what of it is not as the device has told. */
  readonly fault: () => string | undefined
  /** `text` gives the bytes of one that is no longer than so many; of a longer one, none. */
  readonly text: (maxBytes: number) => Effect.Effect<Uint8Array, InvalidInput>
  readonly kept: Effect.Effect<SavedFile, InvalidInput>
  /** `gone` leaves nothing of it, unless it was kept. */
  readonly gone: Effect.Effect<void>
}

/** `begin` begins a file under another name in the folder that it is to be in. Fails with `InvalidInput`. */
export const begin = (to: string, options: SaveOptions): Effect.Effect<PartialFile, InvalidInput> =>
  Effect.gen(function* () {
    const refuse = (why: string) => unusable(to, why)
    if (typeof to !== "string" || to === "" || to.includes("\u0000"))
      return yield* refuse("this is no path; give one such as backup.tar.")
    yield* InputSchema.check(Options, options, "a file that is kept")
    const { maxBytes = defaultMaxBytes, mode = 0o600, replace = false } = options
    const there = yield* whatIsAt(to)
    if (!replace && there !== "nothing")
      return yield* refuse("it is there already; name another, or move it away.")
    // A device such as /dev/null, which root could put a file in the place of; a pipe; a folder.
    if (there === "noFile") return yield* refuse("it is there already, and no file; name another.")
    const temporary = `${to}.${randomBytes(6).toString("hex")}.part`
    const file = yield* attempt(to, () => open(temporary, "wx+", mode))
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
      throw refusal(to, error)
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
      text: (maxBytes) =>
        attempt(to, async () => {
          if (bytes === 0 || bytes > maxBytes) return new Uint8Array(0)
          const { buffer, bytesRead } = await file.read(new Uint8Array(bytes), 0, bytes, 0)
          return buffer.subarray(0, bytesRead)
        }),
      kept: Effect.suspend(() => {
        const sha256 = checksum.sha256()
        return attempt(to, async () => {
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

const nothing = () => undefined
