import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as Redaction from "../transport/redaction/Redaction.ts"
import * as Places from "./Places.ts"

/** `nameOf` gives the path of a file as a terminal may show it. */
export const nameOf = (path: string): string => Redaction.redact(path)

/**
 * `decoded` gives the text of a file, without the mark that editors put before UTF-8. Fails with `InvalidInput` for what is
 * no UTF-8: else each letter that is none in it would be taken for another one.
 */
export const decoded = (file: string, bytes: Uint8Array): Effect.Effect<string, InvalidInput> =>
  Effect.try({
    try: () => new TextDecoder("utf-8", { fatal: true }).decode(bytes),
    catch: () => Places.refuse(file, "the file is no text in UTF-8; save it as UTF-8.")
  })

/** `read` gives the text of a file by what gives its bytes. Fails with `InvalidInput`. */
export const read = (file: string, bytes: () => Promise<Uint8Array>): Effect.Effect<string, InvalidInput> =>
  Effect.flatMap(Effect.tryPromise({ try: bytes, catch: (error) => unread(file, error) }), (read) =>
    decoded(file, read)
  )

/** `unread` says why a file cannot be read. */
export const unread = (file: string, error: unknown): InvalidInput => {
  const code = Predicate.hasProperty(error, "code") ? error.code : undefined
  if (code === "ENOENT" || code === "ENOTDIR")
    return Places.refuse(
      file,
      "there is no such file; give the path of one, from the folder in which the script runs or from the root."
    )
  if (code === "EISDIR") return notAFile(file)
  return Places.refuse(
    file,
    "the file may not be read by this process; let its user read it (Deno: --allow-read)."
  )
}

/** `notAFile` says that a path leads to something else. */
export const notAFile = (file: string): InvalidInput =>
  Places.refuse(file, "this is a folder, or something else that is no file; give the path of a file.")
