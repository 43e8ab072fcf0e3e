import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { InvalidInput } from "../device/DeviceError.ts"

export interface Account {
  readonly username: string
  readonly password: Redacted.Redacted
}
/** An Effect, evaluated at each login, so that a rotated secret is picked up. */
export type Credentials = Effect.Effect<Account, InvalidInput>

export const password = (account: Account): Credentials => Effect.succeed(account)
