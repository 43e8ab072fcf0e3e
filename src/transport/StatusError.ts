import * as Effect from "effect/Effect"
import * as Busy from "./Busy.ts"
import { type DeviceBusy, DeviceRefused } from "./DeviceError.ts"
import type { Reply } from "./Reply.ts"
import * as Retry from "./Retry.ts"

/**
 * `toError` fails with the error that an answer other than the expected one means: `DeviceBusy` for 429, 503 and
 * whatever else says that the device has no time, else `DeviceRefused` with the device's own words, which must have been made safe.
 */
export const toError = (options: {
  readonly targetName: string
  readonly operation: string
  readonly reply: Reply
  readonly messages: ReadonlyArray<string>
  /** `advice` says what to do next, where it is known. */
  readonly advice?: string | undefined
  /** `isAbsent` says whether the answer says that what the request names is not there. @default by the status 404 */
  readonly isAbsent?: boolean | undefined
  /** `isBusy` says whether the answer says that the device has no time. @default by the status 429 or 503 */
  readonly isBusy?: boolean | undefined
}): Effect.Effect<never, DeviceBusy | DeviceRefused> => {
  const { advice, messages, operation, reply, targetName } = options
  const { status } = reply
  const isAbsent = options.isAbsent ?? status === 404
  if (options.isBusy || Busy.isStatus(status))
    return Effect.flatMap(Retry.retryAfter(reply), (retryAfter) =>
      Effect.fail(
        Busy.toError({ targetName, operation, status, retryAfter, ...(messages.length > 0 && { messages }) })
      )
    )
  const next = advice ?? (status >= 300 && status < 400 ? redirectAdvice : undefined)
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
  { origin }: { readonly origin: string },
  kind: string,
  { body, headers }: Reply,
  messages: ReadonlyArray<string>
): string | undefined =>
  messages.length === 0 && (body.length > 0 || headers["www-authenticate"] !== undefined)
    ? `What answers at ${origin} does not look like an ${kind}: check that this is the address and the port of the ${kind} itself`
    : undefined

const redirectAdvice =
  "It answers with a redirect, which is never followed with a token: give the address to which it points as the target's URL"
