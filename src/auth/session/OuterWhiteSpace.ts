import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Account } from "../Credentials.ts"
import { warnOnce } from "./WarnOnce.ts"

/**
 * `warnOuterWhiteSpace` warns, once for each target, of white space round a user name or a password: it is sent as it
 * is, since it may belong to them, but most often it is a slip, and a wrong password costs people their account.
 * Neither is shown.
 */
export const warnOuterWhiteSpace = (
  targetName: string,
  { password, username }: Account
): Effect.Effect<void> => {
  const found = [
    ...(isPadded(username) ? ["user name"] : []),
    ...(Redacted.isRedacted(password) && isPadded(Redacted.value(password)) ? ["password"] : [])
  ].join(" and the ")
  if (found === "") return Effect.void
  return warnOnce(
    `${targetName} ${found}`,
    `${targetName}: the ${found} to log in with begins or ends with white space, which is sent as it is. If it does not belong there, take it off where it is kept: a wrong password that is tried again and again locks the account.`
  )
}

// The types promise a text; a script in JavaScript has none.
const isPadded = (text: unknown): boolean => typeof text === "string" && text.trim() !== text
