import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Fields } from "../client/fields/ListEntry.ts"
import * as InputSchema from "../validation/InputSchema.ts"
import * as Job from "../workflow/Job.ts"
import * as Given from "./Given.ts"
import { awaiting } from "./ScriptContext.ts"

/** `PromiseJob` is a `Workflow.Job` for scripts that await. `Id` is JSON; `null` where it has none. */
export interface PromiseJob<Id, State>
  extends Pick<
    Job.Job<Id, State, never, never>,
    "on" | "path" | "phase" | "planned" | "cannot" | "onTimeout"
  > {
  /** `what` are the facts that a plan shows of it, or reads them. */
  readonly what: Fields | (() => Promise<Fields> | Fields)
  /** `submit` begins it, and gives its id. */
  readonly submit: () => Promise<Id> | Id
  /**
   * `find` finds it where the answer to `submit` was lost, the run was killed, or its id is no journal's to keep:
   * `undefined` is no trace of it.
   */
  readonly find: () => Promise<Id | undefined> | Id | undefined
  readonly poll: (id: Id) => Promise<State> | State
}

const Options = Schema.Struct({
  on: Given.client,
  path: Given.path,
  what: Schema.Union(Given.fn(""), Given.fields).annotations({
    description:
      "the facts that a plan shows of it, such as { version }, or an async function that reads them"
  }),
  submit: Given.fn("an async function that begins it and gives its id, as in async () => …"),
  find: Given.fn("an async function that gives its id where it has been begun, and else undefined"),
  poll: Given.fn("an async function that reads how it stands, as in async (id) => …"),
  phase: Given.fn('a function that gives at once "running", "done" or "failed", as in (state) => …'),
  planned: Schema.optional(Schema.Unknown),
  cannot: Schema.String.annotations({ description: "the words that say why it is not undone" }),
  onTimeout: Schema.optional(
    Schema.Literal("fail", "leave").annotations({ description: '"fail" or "leave"' })
  )
})

/** `job` begins it and waits for its end, as `Workflow.job` does. Fails with `InvalidInput`, and as its functions do. */
export const job = <Id, State>(name: string, given: PromiseJob<Id, State>): Effect.Effect<State, unknown> =>
  Effect.gen(function* () {
    yield* InputSchema.decode(Options, given, Given.sourceOf("job"), "a job")
    const { find, phase, poll, submit, what, ...facts } = given
    const called = `job ${JSON.stringify(name)}`
    return yield* Job.job<Id, State, unknown, never>(name, {
      ...facts,
      what: Given.isFunction(what) ? awaiting(`${called}: what`, what) : Effect.succeed(what),
      submit: awaiting(`${called}: submit`, submit),
      find: Effect.map(awaiting(`${called}: find`, find), Option.fromNullable),
      poll: (id) => awaiting(`${called}: poll`, () => poll(id)),
      phase: Given.atOnce("job.phase", phase)
    })
  })
