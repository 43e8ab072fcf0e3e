import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { type InvalidInput, PathSegment, refuseInput } from "sallyport/plugin"

/** `FileToSend` is a file as a script has it. A `Blob` or a `File` does as well. */
export interface FileToSend {
  /** `name` is the name that the device is told, such as `backup.tar`. */
  readonly name: string
  readonly bytes: Uint8Array
  /** `type` is the file's content type. @default `application/octet-stream` */
  readonly type?: string | undefined
}

/** `toFile` gives a file for a form, with its name; fails with `InvalidInput` for what is none. */
export const toFile = (field: string, given: unknown): Effect.Effect<File, InvalidInput> => {
  if (given instanceof File) return Effect.as(PathSegment.encode(field, given.name), given)
  if (given instanceof Blob) return Effect.succeed(new File([given], "file", { type: given.type }))
  if (Predicate.isRecord(given)) {
    const { bytes, name, type } = given
    if (bytes instanceof Uint8Array) {
      const stranger = Object.keys(given).find((name) => !["name", "bytes", "type"].includes(name))
      if (stranger !== undefined)
        return refuseInput(`${field}.${stranger}`, "a file has no such field; give { name, bytes, type }.")
      return Effect.map(
        checkFileName(field, name),
        (name) =>
          // A copy, since a view of shared memory is no part of a file.
          new File([new Uint8Array(bytes)], name, {
            type: typeof type === "string" ? type : "application/octet-stream"
          })
      )
    }
  }
  return refuseInput(field, "this is no file; give { name, bytes }, a Blob or a File.")
}

/**
 * `checkFileName` gives a file's name as a device may be told it: one that keeps it under this name must not be led
 * elsewhere by it.
 */
export const checkFileName = (field: string, name: unknown): Effect.Effect<string, InvalidInput> =>
  Effect.zipRight(PathSegment.encode(field, name), PathSegment.text(field, name))
