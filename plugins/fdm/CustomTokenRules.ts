import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { InputSchema, type InvalidInput, PathSegment, refuseInput } from "sallyport/plugin"

/** `CustomTokenRequest` says what a custom token is to be. */
export interface CustomTokenRequest {
  /** `subject` is a name for it, by which it can be revoked later. Not empty. */
  readonly subject: string
  /** `expiresIn` is in seconds, 1 to 31,536,000 (365 days; FTD reference, token). */
  readonly expiresIn: number
  /**
   * `refreshExpiresIn` is in seconds, more than `expiresIn`, at most 34,128,000 (395 days; FTD reference, token). It is
   * needed where `refreshCount` is above 0.
   */
  readonly refreshExpiresIn?: number | undefined
  /**
   * `refreshCount` is how many times it can be refreshed; with 0 no refresh token is issued (FTD reference, token).
   *
   * @default 0
   */
  readonly refreshCount?: number | undefined
}

// 365 and 395 days, in seconds (FTD reference, token).
const maxLifetime = 31_536_000
const maxRefreshLifetime = 34_128_000

const Seconds = Schema.Number.annotations({ description: "a whole number of seconds, such as 3600" })
const Request = Schema.Struct({
  subject: Schema.optional(Schema.Unknown),
  expiresIn: Seconds,
  refreshExpiresIn: Schema.optional(Seconds),
  refreshCount: InputSchema.optional(Schema.Number, "a whole number of refreshes")
})

/**
 * `validate` checks the rules of custom tokens, so that a request that the device would refuse, or cut, is never sent.
 * Hands back the number of refreshes; fails with `InvalidInput`, which names the field, the value and the bound.
 */
export const validate = (request: CustomTokenRequest): Effect.Effect<number, InvalidInput> =>
  Effect.gen(function* () {
    yield* InputSchema.check(Request, request, "a custom token")
    const { expiresIn, refreshCount = 0, refreshExpiresIn, subject } = request
    yield* validateSubject(subject)
    yield* wholeNumber("expiresIn", expiresIn, 1, maxLifetime, "seconds")
    yield* wholeNumber("refreshCount", refreshCount, 0, Number.POSITIVE_INFINITY, "refreshes")
    if (refreshExpiresIn === undefined && refreshCount > 0) {
      return yield* refuseInput(
        "refreshExpiresIn",
        "it is missing, and a refreshCount above 0 needs it; give it in seconds, or leave out refreshCount."
      )
    }
    if (refreshExpiresIn !== undefined) {
      const above = "seconds, more than expiresIn"
      yield* wholeNumber("refreshExpiresIn", refreshExpiresIn, expiresIn + 1, maxRefreshLifetime, above)
    }
    return refreshCount
  })

export const validateSubject = (subject: string): Effect.Effect<void, InvalidInput> =>
  Effect.asVoid(PathSegment.text("subject", subject))

const wholeNumber = (
  field: string,
  value: number,
  least: number,
  most: number,
  unit: string
): Effect.Effect<void, InvalidInput> =>
  Number.isSafeInteger(value) && value >= least && value <= most
    ? Effect.void
    : refuseInput(
        field,
        `${value} is out of bounds; give a whole number of ${unit}, ${Number.isFinite(most) ? `${least} to ${most}` : `at least ${least}`}.`,
        String(value)
      )
