import * as Effect from "effect/Effect"
import * as Instant from "../Instant.ts"
import type { Token } from "../Token.ts"
import type { Holder, Slot, StoredToken } from "./StoredToken.ts"

// Milliseconds in which a session with a token that never expires has to be seen again.
const holderTimeout = 24 * 60 * 60_000

/** `own` is the session itself, as it stands among the holders of a token that it takes. */
export const own = (slot: Slot, { expiresAt }: Token): Effect.Effect<Holder> =>
  Effect.map(Instant.now, ({ wall }) => ({ name: slot.holder, until: expiresAt ?? wall + holderTimeout }))

/** `others` are the sessions and processes that use a stored token beside this one, as far as can be told. */
export const others = (slot: Slot, stored: StoredToken | undefined): Effect.Effect<ReadonlyArray<Holder>> =>
  Effect.flatMap(Instant.now, ({ wall }) =>
    Effect.filter(
      (stored?.holders ?? []).filter(({ name, until }) => name !== slot.holder && until > wall),
      ({ name }) => slot.isAlive(name)
    )
  )
