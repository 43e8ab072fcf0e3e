import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { Fields } from "../client/fields/ListEntry.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as InputSchema from "../validation/InputSchema.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import * as CustomChange from "../workflow/CustomChange.ts"
import * as Given from "./Given.ts"
import { awaiting } from "./ScriptContext.ts"

/** `Happened` is what came of a change. */
export interface Happened<A> {
  readonly result: A
}

/** `PromiseChange` is a `Workflow.CustomChange` for scripts that await. */
export interface PromiseChange<Before extends Fields, A>
  extends Pick<
    CustomChange.CustomChange<Before, A, never, never>,
    "on" | "path" | "after" | "planned" | "secrets"
  > {
  /** `before` reads what is there now: in a plan, too. */
  readonly before: () => Promise<Before> | Before
  readonly apply: (before: Before) => Promise<A> | A
  /** `look` says whether it has happened, where its answer was lost or the run was killed: `undefined` is no trace of it. */
  readonly look: (before: Before) => Promise<Happened<A> | undefined> | Happened<A> | undefined
  /** `undo` takes it back by requests, which an undo can send without the script; or it says why nothing does. */
  readonly undo:
    | ((before: Before, happened: Happened<A> | undefined) => ReturnType<UndoOf<Before, A>>)
    | { readonly cannot: string }
}

type UndoOf<Before extends Fields, A> = Extract<
  CustomChange.CustomChange<Before, A, never, never>["undo"],
  (...given: never) => unknown
>

const Options = Schema.Struct({
  on: Given.client,
  path: Given.path,
  before: Given.fn("an async function that reads what is there now, as in async () => …"),
  secrets: Schema.optional(Schema.Array(Schema.String)),
  after: Given.fn("a function that gives at once what is to be there, as in (before) => …"),
  planned: Schema.optional(Given.fn("a function that gives at once what a plan is to take for its result")),
  apply: Given.fn("an async function that makes the change, as in async (before) => …"),
  look: Given.fn(
    "an async function that gives { result }, with what came of it, where it has happened, and else undefined"
  ),
  undo: Schema.Union(Given.fn(""), Schema.Struct({ cannot: Schema.String })).annotations({
    description: 'a function that gives at once the requests that take it back, or { cannot: "why" }'
  })
})

/** `change` makes it, as `Workflow.change` does. Fails with `InvalidInput`, and as its functions do. */
export const change = <Before extends Fields, A>(
  name: string,
  given: PromiseChange<Before, A>
): Effect.Effect<A | undefined, unknown> =>
  Effect.gen(function* () {
    yield* InputSchema.decode(Options, given, Given.sourceOf("change"), "a change")
    const { after, apply, before, look, on, path, planned, secrets, undo } = given
    const called = `change ${JSON.stringify(name)}`
    return yield* CustomChange.change<Before, A, unknown, never>(name, {
      on,
      path,
      secrets,
      before: awaiting(`${called}: before`, before),
      after: Given.atOnce("change.after", after),
      ...(planned && { planned: Given.atOnce("change.planned", planned) }),
      apply: (there) => awaiting(`${called}: apply`, () => apply(there)),
      look: (there) =>
        Effect.flatMap(
          awaiting(`${called}: look`, () => look(there)),
          happened
        ),
      undo: Predicate.isFunction(undo)
        ? Given.atOnce("change.undo", (there: Before, result: Option.Option<A>) =>
            undo(there, Option.getOrUndefined(Option.map(result, (result) => ({ result }))))
          )
        : undo
    })
  })

const happened = <A>(found: Happened<A> | undefined): Effect.Effect<Option.Option<A>, InvalidInput> => {
  if (found === undefined) return Effect.succeedNone
  if (Predicate.hasProperty(found, "result")) return Effect.succeedSome(found.result)
  return refuseInput(
    "change.look",
    "nobody can tell by what it gives whether it has happened; give { result }, with what came of it, or undefined."
  )
}
