import { readFile } from "node:fs/promises"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as TextFile from "../documents/TextFile.ts"
import { FleetPlan } from "../fleet/FleetPlan.ts"
import { Plan } from "../workflow/plan/Plan.ts"
import type { Arguments } from "./Arguments.ts"
import { asUsage, refuse, type WrongUsage } from "./WrongUsage.ts"

/** `PlanForm` says of what a plan is: of one run, or of a fleet. */
interface PlanForm<A, I> {
  readonly schema: Schema.Schema<A, I>
  /** `other` is the form that it is not, and `words` say what is wrong with a file that has that. */
  readonly other: Schema.Schema.AnyNoContext
  readonly words: string
}

/** `ofRun` is the plan of one run, and `ofFleet` that of a fleet. */
export const ofRun: PlanForm<Plan, typeof Plan.Encoded> = {
  schema: Plan,
  other: FleetPlan,
  words: "it is the plan of a fleet; give the --inventory that it was made with"
}
export const ofFleet: PlanForm<FleetPlan, typeof FleetPlan.Encoded> = {
  schema: FleetPlan,
  other: Plan,
  words: "it is the plan of one run; make that of the fleet, by plan with --inventory"
}

/** `read` gives the plan in the file of `--plan`, if there is one. Fails with `WrongUsage`, which says what is wrong with it. */
export const read = <A extends { readonly workflow: string }, I>(
  { values }: Pick<Arguments, "values">,
  { other, schema, words }: PlanForm<A, I>,
  workflow: string
): Effect.Effect<A | undefined, WrongUsage> =>
  Effect.gen(function* () {
    const [path] = values.get("plan") ?? []
    if (path === undefined) return undefined
    const file = TextFile.nameOf(path)
    const text = yield* asUsage(TextFile.read(file, () => readFile(path)))
    const data = Option.getOrUndefined(Schema.decodeUnknownOption(Schema.parseJson())(text))
    if (Schema.is(other)(data)) return yield* refuse(`--plan: ${file}: ${words}.`)
    const found = Option.getOrUndefined(Schema.decodeUnknownOption(schema)(data))
    if (found === undefined)
      return yield* refuse(
        `--plan: ${file}: this is no plan; give the file that plan --report FILE.json has written.`
      )
    if (found.workflow === workflow) return found
    return yield* refuse(
      `--plan: ${file}: it is a plan of the workflow ${JSON.stringify(found.workflow)}, and this one is ${JSON.stringify(workflow)}.`
    )
  })
