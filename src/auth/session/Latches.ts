import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as MutableHashMap from "effect/MutableHashMap"
import * as Option from "effect/Option"
import { type AuthError, CredentialsRefused } from "../AuthError.ts"
import type { Account } from "../Credentials.ts"
import * as Instant from "../Instant.ts"

/**
 * What this process knows of accounts, so that a wrong password is tried once and not once per device: a few
 * refusals in a row lock most accounts. A user name and password that have not worked within the last minute are
 * tried by one login alone, whatever the device; the others wait for its answer. A refusal then holds for the
 * process, for exactly this password: a rotated one is another.
 */
export interface Service {
  readonly guard: <A>(
    target: string,
    account: Account,
    login: Effect.Effect<A, AuthError>
  ) => Effect.Effect<A, AuthError>
}

// Long enough for a fleet's logins to go side by side once one has worked, short enough that after a rotation,
// when the sessions of a fleet come due one by one, only the first finds out.
const provenFor = 60_000

interface Latch {
  readonly alone: Effect.Semaphore
  refused: CredentialsRefused | undefined
  proven: Instant.Instant | undefined
}

export const make = (): Service => {
  const latches = MutableHashMap.empty<Account, Latch>()
  const latchOf = ({ password, username }: Account): Latch => {
    // Redacted compares by what it hides, so this key is a value, and still not readable.
    const key: Account = Data.struct({ username, password })
    const known = MutableHashMap.get(latches, key)
    if (Option.isSome(known)) return known.value
    const latch: Latch = { alone: Effect.unsafeMakeSemaphore(1), refused: undefined, proven: undefined }
    MutableHashMap.set(latches, key, latch)
    return latch
  }

  return {
    guard: (target, account, login) =>
      Effect.suspend(() => {
        const latch = latchOf(account)
        const attempt = login.pipe(
          Effect.tap(() =>
            Effect.map(Instant.now, (now) => {
              latch.proven = now
            })
          ),
          Effect.tapErrorTag("CredentialsRefused", (refused) =>
            Effect.sync(() => {
              latch.refused = refused
            })
          )
        )
        const isProven = Effect.map(
          Instant.now,
          (now) => latch.proven !== undefined && Instant.longest(latch.proven, now) < provenFor
        )
        const unlessRefused = Effect.suspend(() =>
          latch.refused === undefined ? Effect.void : Effect.fail(relayed(latch.refused, target))
        )
        const first = Effect.flatMap(isProven, (proven) =>
          proven ? Effect.succeedNone : Effect.asSome(attempt)
        )
        return unlessRefused.pipe(
          Effect.zipRight(isProven),
          Effect.flatMap((proven) =>
            proven ? Effect.succeedNone : latch.alone.withPermits(1)(Effect.zipRight(unlessRefused, first))
          ),
          Effect.flatMap(Option.match({ onNone: () => attempt, onSome: Effect.succeed }))
        )
      })
  }
}

const relayed = (refused: CredentialsRefused, target: string): CredentialsRefused =>
  refused.target === target
    ? refused
    : new CredentialsRefused({
        ...refused,
        target,
        username: refused.username,
        messages: refused.messages,
        refusedBy: refused.refusedBy ?? refused.target
      })

/** One for the process, unless a program provides its own. */
export class Latches extends Context.Reference<Latches>()("sallyport/Latches", { defaultValue: make }) {}
