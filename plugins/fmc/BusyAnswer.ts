import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type { Reply } from "sallyport/plugin"
import * as ErrorMessages from "./ErrorMessages.ts"

/**
 * `isBusy` says whether a 400 is no fault of the request (seen on real devices). Nothing but words tells it, so
 * they have to be the only message and its last sentence. Before them there may be what the request said: that is
 * enough for a read, which may be sent for nothing; for a write they have to be all.
 */
export const isBusy = (
  reply: Reply.Reply,
  request: HttpClientRequest.HttpClientRequest | undefined
): boolean => {
  if (reply.status !== 400) return false
  const words = ErrorMessages.soleMessage(reply)
  if (words === undefined) return false
  // One write at a time, and this was not it: an answer that holds nothing of the request.
  if (tooManyWrites.test(words)) return true
  const sentences = words.split(/(?<=[.!]) +/)
  const isRead = request?.method === "GET" || request?.method === "HEAD"
  return (isRead || sentences.length === 1) && tryAgainMessage.test(sentences.at(-1) ?? "")
}

// The guide has it as a 429, Too Many Writes (FMC guide 10.0, Rate Limiting); on real devices it was a 400, too.
const tooManyWrites = /^parallel add\/update\/delete operations are blocked\. please retry the request\.?$/i

const tryAgainMessage =
  /^please (try again|retry the (operation|request))( (later|shortly|soon|after (some ?time|a while|a few (seconds|minutes))))?[.!]?$/i
