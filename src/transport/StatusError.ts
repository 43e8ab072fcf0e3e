import * as Effect from "effect/Effect"
import * as Needed from "../validation/Needed.ts"
import * as Busy from "./Busy.ts"
import { type DeviceBusy, DeviceRefused, ProtocolViolation } from "./DeviceError.ts"
import { isError } from "./ErrorEnvelope.ts"
import * as Reply from "./Reply.ts"
import * as Retry from "./Retry.ts"

export { isError } from "./ErrorEnvelope.ts"

/**
 * `toError` fails with the error that an answer other than the expected one means: `DeviceBusy` for 429, 503 and
 * whatever else says that the device has no time, else `DeviceRefused` with the device's own words, which must have been made safe.
 */
export const toError = (options: {
  readonly targetName: string
  readonly operation: string
  readonly reply: Reply.Reply
  readonly messages: ReadonlyArray<string>
  /** `advice` says what to do next, where it is known. */
  readonly advice?: string | undefined
  /** `isAbsent` says whether the answer says that what the request names is not there. @default by the status 404 */
  readonly isAbsent?: boolean | undefined
  /** `isBusy` says whether the answer says that the device has no time. @default by the status 429 or 503 */
  readonly isBusy?: boolean | undefined
}): Effect.Effect<never, DeviceBusy | DeviceRefused> => {
  Needed.object("options", options, "{ targetName, operation, reply, messages }")
  const { advice, messages, operation, reply, targetName } = options
  Needed.reply("options.reply", reply)
  Needed.list("options.messages", messages)
  const { status } = reply
  const isAbsent = options.isAbsent ?? status === 404
  if (options.isBusy || Busy.isStatus(status))
    return Effect.flatMap(Retry.retryAfter(reply), (retryAfter) =>
      Effect.fail(
        Busy.toError({ targetName, operation, status, retryAfter, ...(messages.length > 0 && { messages }) })
      )
    )
  const next = advice ?? adviceFor(status, messages)
  return Effect.fail(
    new DeviceRefused({
      targetName,
      operation,
      status,
      messages,
      ...(next === undefined ? {} : { advice: next }),
      ...(isAbsent && { isAbsent })
    })
  )
}

/**
 * `foreignAdvice` says what to check where an answer to a login does not look like one of the device: it has a body,
 * and no words of the device in it, or asks for a password as web servers do.
 */
export const foreignAdvice = (
  target: { readonly origin: string },
  kind: string,
  reply: Reply.Reply,
  messages: ReadonlyArray<string>
): string | undefined => {
  Needed.object("target", target)
  Needed.reply("reply", reply)
  Needed.list("messages", messages)
  // A gateway stands where it is to stand: it is the device behind it that is not there.
  return ![502, 503, 504].includes(reply.status) &&
    messages.length === 0 &&
    (reply.body.length > 0 || reply.headers["www-authenticate"] !== undefined)
    ? `What answers at ${target.origin} does not look like an ${kind}: check that this is the address and the port of the ${kind} itself`
    : undefined
}

/**
 * `refuseForeign` fails where an answer that should end a session is none of the device's: a portal's page comes with a
 * 200, too. And where it is an error, whatever its status: then `messages` are the device's own words, which must have
 * been made safe. The session is open then.
 */
export const refuseForeign = (
  targetName: string,
  operation: string,
  reply: Reply.Reply,
  messages: ReadonlyArray<string> = []
): Effect.Effect<void, ProtocolViolation> => {
  Needed.reply("reply", reply)
  Needed.list("messages", messages)
  const refuse = (detail: string) => Effect.fail(new ProtocolViolation({ targetName, operation, detail }))
  const json = Reply.json(reply)
  if (reply.body.length > 0 && json === undefined) return refuse("the answer is no JSON")
  return Reply.isOk(reply) && isError(json)
    ? Effect.fail(errorAnswered({ targetName, operation, reply, messages }))
    : Effect.void
}

/** `errorAnswered` is the failure by an answer with a status of success that is an error. */
export const errorAnswered = (options: {
  readonly targetName: string
  readonly operation: string
  readonly reply: Pick<Reply.Reply, "status">
  readonly messages: ReadonlyArray<string>
  /** `isChange` says that the request would change something. */
  readonly isChange?: boolean
}): ProtocolViolation => {
  Needed.object("options", options, "{ targetName, operation, reply, messages }")
  const { reply, messages, isChange = false, ...facts } = options
  Needed.object("options.reply", reply)
  return new ProtocolViolation({
    ...facts,
    detail: `the answer is an error, though its status is ${reply.status}`,
    messages,
    ...(isChange && { isChange })
  })
}

/** `adviceFor` says what to do where the status and the lack of words tell what it is that answers. */
export const adviceFor = (status: number, messages: ReadonlyArray<string>): string | undefined => {
  Needed.list("messages", messages)
  if ([301, 302, 303, 307, 308].includes(status)) return redirectAdvice
  if (status < 400) return "Check that the device itself answers at this address, and no proxy or portal"
  if (status === 413) return "Send less at once: the device, or a proxy in front of it, takes no more"
  return messages.length === 0 && [502, 504].includes(status)
    ? "A gateway in front of the device answers in its place: see that the device is up and can be reached from there, and try again"
    : undefined
}

const redirectAdvice =
  "It answers with a redirect, which is never followed with a token: give the address to which it points as the target's URL"
