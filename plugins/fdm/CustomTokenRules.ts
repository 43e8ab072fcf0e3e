import * as Effect from "effect/Effect"
import { InvalidInput } from "sallyport/DeviceError"
import type { CustomTokenWish } from "./CustomToken.ts"

// Cisco's text: 365 and 395 days, in seconds.
const longest = 31_536_000
const longestRefresh = 34_128_000

/**
 * Cisco's rules on custom tokens, so that a wish that the device would refuse, or cut, is never sent. Hands back the
 * number of refreshes; fails with `InvalidInput`, which names the field, the value and the bound.
 */
export const check = (wish: CustomTokenWish): Effect.Effect<number, InvalidInput> =>
  Effect.gen(function* () {
    const { expiresIn, refreshCount = 0, refreshExpiresIn, subject } = wish
    yield* checkSubject(subject)
    yield* whole("expiresIn", expiresIn, 1, longest, "of seconds (365 days)")
    yield* whole("refreshCount", refreshCount, 0, Number.POSITIVE_INFINITY, "of refreshes")
    if (refreshExpiresIn === undefined && refreshCount > 0) {
      const bound = "given where refreshCount is above 0"
      return yield* Effect.fail(new InvalidInput({ field: "refreshExpiresIn", bound }))
    }
    if (refreshExpiresIn !== undefined) {
      const above = "of seconds (395 days), more than expiresIn"
      yield* whole("refreshExpiresIn", refreshExpiresIn, expiresIn + 1, longestRefresh, above)
    }
    return refreshCount
  })

export const checkSubject = (subject: string): Effect.Effect<void, InvalidInput> =>
  typeof subject === "string" && subject.trim() !== ""
    ? Effect.void
    : Effect.fail(new InvalidInput({ field: "subject", value: String(subject), bound: "not empty" }))

const whole = (
  field: string,
  value: number,
  least: number,
  most: number,
  unit: string
): Effect.Effect<void, InvalidInput> =>
  Number.isSafeInteger(value) && value >= least && value <= most
    ? Effect.void
    : Effect.fail(
        new InvalidInput({
          field,
          value: String(value),
          bound: `a whole number ${unit}, ${Number.isFinite(most) ? `${least} to ${most}` : `at least ${least}`}`
        })
      )
