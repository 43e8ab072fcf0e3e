import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type { Reply } from "sallyport/plugin"
import * as ErrorMessages from "./ErrorMessages.ts"

/**
 * `isBusy` says whether the configuration database is locked (423: wait and try again, as Cisco documents the status), or
 * a deployment could not be scheduled yet.
 */
export const isBusy = (
  reply: Reply.Reply,
  request: HttpClientRequest.HttpClientRequest | undefined
): boolean =>
  reply.status === 423 || (reply.status === 422 && request !== undefined && isUnscheduled(reply, request))

/**
 * `isUnscheduled` says whether a deployment could not be scheduled yet. No status and no code tells it (seen on real
 * devices), so it has to be the whole message, and that of a deployment, which no object lends its name.
 */
const isUnscheduled = (reply: Reply.Reply, { method, url }: HttpClientRequest.HttpClientRequest): boolean =>
  method === "POST" &&
  /\/operational\/deploy$/.test(url.split(/[?#]/, 1)[0] ?? "") &&
  /^failed to schedule deployment job\.?$/i.test(ErrorMessages.soleMessage(reply) ?? "")
