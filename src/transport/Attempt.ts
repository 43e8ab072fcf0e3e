import * as Effect from "effect/Effect"
import * as Busy from "./Busy.ts"
import { type DeviceBusy, DeviceUnreachable, OutcomeUnknown } from "./DeviceError.ts"
import type { Reply } from "./Reply.ts"
import * as Retry from "./Retry.ts"

/** `Attempt` is a request that was sent, and what came of it. */
export interface Attempt {
  readonly targetName: string
  readonly operation: string
  readonly method: string
  /** `isResendable` says whether its body can be sent again. */
  readonly isResendable: boolean
  readonly reply: Reply | DeviceUnreachable
  /** `isBusy` says whether the answer means that the device has no time, whatever its status. */
  readonly isBusy: boolean
}

type Result = Retry.AttemptResult<Reply, DeviceBusy | DeviceUnreachable | OutcomeUnknown>

/**
 * `resultOf` says whether an attempt may be repeated, and how the request ends where it is not: with its answer, with
 * `DeviceBusy` for a 429 or 503, with `DeviceUnreachable`, or with `OutcomeUnknown` for a change that may have happened.
 */
export const resultOf = (attempt: Attempt): Effect.Effect<Result> =>
  attempt.reply instanceof DeviceUnreachable
    ? Effect.succeed(unanswered(attempt, attempt.reply))
    : answered(attempt, attempt.reply)

const unanswered = (attempt: Attempt, error: DeviceUnreachable): Result => {
  const { isResendable, method, operation } = attempt
  if (!hasDoneNothing(method, error)) return unknown(attempt, error.reason, error.proxy)
  const end = Effect.fail(error)
  return isResendable && isRetryableUnanswered(method, error)
    ? { _tag: "Again", failure: { operation, status: undefined, retryAfter: undefined }, end }
    : { _tag: "Over", end }
}

/** `hasDoneNothing` says whether a request whose connection failed has surely changed nothing. */
const hasDoneNothing = (method: string, error: DeviceUnreachable): boolean =>
  error.sent === "no" || Retry.isRead(method)

/** `isRetryableUnanswered` says whether it is worth another try, which does nothing twice. */
const isRetryableUnanswered = (method: string, error: DeviceUnreachable): boolean =>
  // A proxy that has refused will again, and counts wrong passwords as a device does.
  hasDoneNothing(method, error) && ![403, 407].includes(error.proxy?.status ?? 0)

const answered = (attempt: Attempt, reply: Reply): Effect.Effect<Result> => {
  const { isBusy, isResendable, method, operation, targetName } = attempt
  const { status } = reply
  // The device may have begun: nobody but a look at it can tell.
  if (status === 408 && !Retry.isRead(method)) return Effect.succeed(unknown(attempt, timedOut))
  const isAgain = isResendable && isRetryable(method, reply, isBusy)
  const isFailure = Busy.isStatus(status)
  if (!isAgain && !isFailure) return Effect.succeed({ _tag: "Over", end: Effect.succeed(reply) })
  return Effect.map(Retry.retryAfter(reply), (retryAfter) => {
    const end = isFailure
      ? Effect.fail(
          Busy.toError({ targetName, operation, status, retryAfter, isChange: !Retry.isRead(method) })
        )
      : Effect.succeed(reply)
    return isAgain
      ? { _tag: "Again", failure: { operation, status, retryAfter }, end }
      : { _tag: "Over", end }
  })
}

/**
 * `isRetryable` says whether an answer invites another try. What a device refused with 429, or with words for "busy" in
 * a 4xx, it has not begun; after a 408, 502, 503 or 504 only a read is safe.
 */
export const isRetryable = (method: string, reply: Reply, busy: boolean): boolean =>
  reply.status === 429 ||
  (busy && reply.status < 500) ||
  (Retry.isRead(method) && (busy || [408, 502, 503, 504].includes(reply.status)))

const unknown = (
  { operation, targetName }: Attempt,
  reason: string,
  proxy?: OutcomeUnknown["proxy"]
): Result => ({
  _tag: "Over",
  end: Effect.fail(new OutcomeUnknown({ targetName, operation, reason, ...(proxy && { proxy }) }))
})

const timedOut = "only that its time ran out, status 408"
