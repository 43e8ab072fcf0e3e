import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import * as InputSchema from "../../validation/InputSchema.ts"
import * as InputSource from "../../validation/InputSource.ts"
import type { Approve } from "./Approval.ts"
import type { Limits } from "./Limit.ts"
import type { Only } from "./Only.ts"
import * as WindowOptions from "./WindowOptions.ts"

const Count = InputSchema.optional(Schema.NonNegativeInt, "a whole number of objects, 0 or more")
const Words = InputSchema.optional(
  Schema.Array(Schema.String),
  'a list of texts, each exact or with * for whatever stands there: ["web-*"]'
)

const CountedApart = Schema.Struct({ changes: Count, removals: Count })
const Touchable = Schema.Struct({ devices: Words, kinds: Words, names: Words })

const isApprove = (given: unknown): given is Approve => Predicate.isFunction(given)

const Options = Schema.Struct({
  limit: Schema.optional(Schema.Unknown),
  approve: InputSchema.optional(
    Schema.declare(isApprove),
    "a function of the plan that says true or false, such as Workflow.askOnTerminal"
  ),
  window: Schema.optional(Schema.Unknown),
  only: Schema.optional(Touchable)
})

/** `Checked` is what guards are when they are checked. */
export interface Checked {
  readonly limit: Limits
  readonly approve: Approve | undefined
  readonly window: WindowOptions.CheckedWindow | undefined
  readonly only: Only
}

/** `decode` checks guards. Fails with `InvalidInput`, which says what to give. */
export const decode = (guards: unknown): Effect.Effect<Checked, InvalidInput> =>
  Effect.gen(function* () {
    const source = { ...InputSource.callArguments, field: (option: string) => option || "guards" }
    const {
      approve,
      limit,
      only = {},
      window
    } = yield* InputSchema.decode(Options, guards, source, "a guard")
    return {
      approve,
      only,
      limit: yield* decodeLimit(limit),
      window: window === undefined ? undefined : yield* WindowOptions.decode(window)
    }
  })

const decodeLimit = (limit: unknown) => {
  if (limit === undefined) return Effect.succeed({})
  if (Predicate.isReadonlyRecord(limit)) {
    const source = { ...InputSource.dataAt("limit"), isSafeToShow: true }
    return InputSchema.decode(CountedApart, limit, source, "a limit of a run")
  }
  return Effect.map(
    InputSchema.decode(
      Schema.Struct({ limit: WholeNumber }),
      { limit },
      InputSource.callArguments,
      "a guard"
    ),
    (given) => ({ all: given.limit })
  )
}

const WholeNumber = Schema.NonNegativeInt.annotations({
  description: "a whole number of objects, 0 or more, or { changes, removals }"
})
