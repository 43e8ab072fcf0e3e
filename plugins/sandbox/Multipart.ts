import * as Effect from "effect/Effect"
import type { Part } from "./appliance/Call.ts"

/** `isForm` says whether a content type is that of a form with files. */
export const isForm = (contentType: string | undefined): boolean =>
  /^multipart\/form-data\b/i.test(contentType ?? "")

/**
 * `read` gives the fields of a form, by the runtime's own reader; `undefined` for any other body, and for one that it
 * cannot read.
 */
export const read = (
  contentType: string | undefined,
  body: Uint8Array | undefined
): Effect.Effect<ReadonlyArray<Part> | undefined> => {
  if (contentType === undefined || body === undefined || !isForm(contentType)) {
    return Effect.succeed(undefined)
  }
  const parts = Effect.tryPromise(async () => {
    // A copy: what Node reads may lie in memory that is shared, which the type of a body does not allow.
    const form = await new Response(new Uint8Array(body), {
      headers: { "content-type": contentType }
    }).formData()
    return Promise.all([...form].map(([name, value]) => partOf(name, value)))
  })
  return Effect.orElseSucceed(parts, () => undefined)
}

const partOf = async (name: string, value: File | string): Promise<Part> =>
  typeof value === "string"
    ? { name, fileName: undefined, bytes: new TextEncoder().encode(value) }
    : { name, fileName: value.name, bytes: new Uint8Array(await value.arrayBuffer()) }
