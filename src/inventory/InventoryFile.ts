import { open } from "node:fs/promises"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { InvalidInput } from "../transport/DeviceError.ts"
import * as Redaction from "../transport/redaction/Redaction.ts"

// Some 50,000 devices.
const maxBytes = 8 * 1024 * 1024

/**
 * `readText` gives the text of an inventory's file, without the mark that editors put before UTF-8. Fails with
 * `InvalidInput` for what cannot be read, for a folder, and for more than 8 MiB.
 */
export const readText = (path: string): Effect.Effect<string, InvalidInput> => {
  const file = nameOf(path)
  return Effect.acquireUseRelease(
    Effect.tryPromise({ try: () => open(path, "r"), catch: (error) => refuse(file, sentenceOf(error)) }),
    (handle) =>
      Effect.gen(function* () {
        const stat = yield* Effect.tryPromise({
          try: () => handle.stat(),
          catch: (error) => refuse(file, sentenceOf(error))
        })
        // A pipe could be endless, and a device of the system anything.
        if (!stat.isFile()) return yield* refuse(file, notAFile)
        if (stat.size > maxBytes)
          return yield* refuse(file, "the file has more than 8 MiB; part it into several inventories.")
        const bytes = yield* Effect.tryPromise({
          try: () => handle.readFile(),
          catch: (error) => refuse(file, sentenceOf(error))
        })
        return yield* Effect.try({
          try: () => new TextDecoder("utf-8", { fatal: true }).decode(bytes),
          catch: () => refuse(file, "the file is no text in UTF-8; save it as UTF-8.")
        })
      }),
    (handle) => Effect.ignore(Effect.tryPromise(() => handle.close()))
  )
}

/** `nameOf` gives the path of a file as a terminal may show it. */
export const nameOf = (path: string): string => Redaction.redact(path)

const notAFile = "this is a folder, or something else that is no file; give the path of the inventory's file."

const sentenceOf = (error: unknown): string => {
  const code = Predicate.hasProperty(error, "code") ? error.code : undefined
  if (code === "ENOENT" || code === "ENOTDIR")
    return "there is no such file; give the path of one, from the folder in which the script runs or from the root."
  if (code === "EISDIR") return notAFile
  return "the file may not be read by this process; let its user read it (Deno: --allow-read)."
}

const refuse = (file: string, sentence: string): InvalidInput =>
  new InvalidInput({ field: file, message: `${file}: ${sentence}` })
