import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { InvalidInput } from "sallyport/DeviceError"

/** A file as a script has it. A `Blob` or a `File` does as well. */
export interface FileToSend {
  /** The name that the device is told, such as `backup.tar`. */
  readonly name: string
  readonly bytes: Uint8Array
  /** Default: `application/octet-stream`. */
  readonly type?: string | undefined
}

/** A file for a form, with its name; fails with `InvalidInput` for what is none. */
export const file = (field: string, given: unknown): Effect.Effect<File, InvalidInput> => {
  if (given instanceof File) return Effect.succeed(given)
  if (given instanceof Blob) return Effect.succeed(new File([given], "file", { type: given.type }))
  if (Predicate.isRecord(given)) {
    const { bytes, name, type } = given
    if (typeof name === "string" && name !== "" && bytes instanceof Uint8Array) {
      // A copy, since a view of shared memory is no part of a file.
      const parts = [new Uint8Array(bytes)]
      return Effect.succeed(
        new File(parts, name, { type: typeof type === "string" ? type : "application/octet-stream" })
      )
    }
  }
  return Effect.fail(
    new InvalidInput({ field, message: `${field}: this is no file; give { name, bytes }, a Blob or a File.` })
  )
}
