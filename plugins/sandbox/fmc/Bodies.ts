import { Buffer } from "node:buffer"
import { type Call, isAsked, parsed } from "../appliance/Call.ts"
import { refuse } from "./Replies.ts"

/** `wellFormed` gives the JSON of a body; 422 where it is none, or is too big. */
export const wellFormed = (call: Call): unknown => {
  // At most 2,048,000 bytes (FMC guide, Payload Limiting).
  if (Buffer.byteLength(call.body) > 2_048_000) throw refuse(422, "The payload is too big.")
  const body = parsed(call)
  if (body === undefined) throw refuse(422, "Malformed JSON.")
  return body
}

export const isBulk = (call: Call): boolean => isAsked(call, "bulk")

/** `items` gives the items of a body: one, or with `bulk=true` up to 1000 (FMC guide, Bulk Rule Posting). */
export const items = (call: Call): ReadonlyArray<unknown> => {
  const body = wellFormed(call)
  if (!Array.isArray(body)) return [body]
  if (!isBulk(call)) throw refuse(422, "A list needs bulk=true.")
  if (body.length > 1000) throw refuse(422, "At most 1000 items in bulk.")
  return body
}

/**
 * `bulkIds` gives the ids of `bulk=true&filter="ids:id1,id2"`, with the quotes of the FMC OpenAPI document
 * (deleteMultipleAccessRule) or without.
 */
export const bulkIds = (call: Call): ReadonlyArray<string> => {
  const list = /^"?ids:(.*?)"?$/.exec(call.query.get("filter") ?? "")?.[1] ?? ""
  const ids = list.split(",").filter((id) => id !== "")
  if (!isBulk(call) || ids.length === 0) {
    throw refuse(400, 'A bulk delete needs bulk=true and filter="ids:id1,id2".', "VALIDATION")
  }
  return [...new Set(ids)]
}
