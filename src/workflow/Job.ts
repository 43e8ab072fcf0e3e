import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { SessionError } from "../auth/AuthError.ts"
import type { Session } from "../auth/Session.ts"
import * as Change from "../client/changes/Change.ts"
import * as Deployment from "../client/Deployment.ts"
import * as ReadBack from "../client/writes/ReadBack.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import { lookingFor } from "./Looking.ts"
import { toolFault } from "./ToolFault.ts"

/** `Job` is what a device does by itself once it is told to, such as an upgrade. `Id` is JSON; `null` where it has none. */
export interface Job<Id, State, E, R> {
  /** `on` is the client of the device. */
  readonly on: { readonly session: Pick<Session, "target"> }
  /** `path` is where jobs of this kind are, from the device's root. */
  readonly path: string
  /** `what` are the facts that a plan shows of it. */
  readonly what: Effect.Effect<Change.Fields, E, R>
  /** `submit` begins it, and gives its id. */
  readonly submit: Effect.Effect<Id, E, R>
  /** `find` finds it where the answer to `submit` was lost, the run was killed, or its id is no journal's to keep. */
  readonly find: Effect.Effect<Option.Option<Id>, E, R>
  readonly poll: (id: Id) => Effect.Effect<State, E, R>
  /** `phase` says where it stands. What nobody knows is `running`: it is no success. */
  readonly phase: (state: State) => "running" | "done" | "failed"
  /** `planned` is what it gives in a plan. @default nobody knows, and the plan ends there */
  readonly planned?: State | undefined
  /** `cannot` says why it is not undone, as the end of a sentence. */
  readonly cannot: string
  /** `onTimeout` says what becomes of one that lasts longer than `Deployment.PollSchedule`. @default `fail` */
  readonly onTimeout?: "fail" | "leave" | undefined
}

/** `JobFailed` says that a job has failed, as its `phase` has it. */
export class JobFailed extends Data.TaggedError("JobFailed")<{
  readonly targetName: string
  readonly job: string
  readonly state: unknown
}> {
  override get message(): string {
    return `${this.targetName}: the job ${JSON.stringify(this.job)} has failed. Look at the device, and at the state of this error.`
  }
}

/** `JobUnfinished` says that a job goes on, and was waited for as long as the schedule says. */
export class JobUnfinished extends Data.TaggedError("JobUnfinished")<{
  readonly targetName: string
  readonly job: string
  readonly state: unknown
}> {
  override get message(): string {
    return `${this.targetName}: the job ${JSON.stringify(this.job)} is not over yet. It goes on at the device; wait longer by Deployment.PollSchedule, or resume the run, which goes on waiting.`
  }
}

/**
 * `job` begins a job at a device, and waits for its end. Its id is written down as soon as it is known: a run that is
 * resumed waits for it, and does not begin another.
 *
 * Fails with `JobFailed` and `JobUnfinished`, as its parts do, and in a workflow with `PlanRefused` and `RunRefused`.
 *
 * @example
 * yield* Workflow.job("upgrade", {
 *   on: fmc, path: "/api/…/upgrades", what: Effect.succeed({ version }), cannot: "a version is not taken back",
 *   submit, find, poll, phase: ({ status }) => (status === "SUCCESS" ? "done" : status === "FAILED" ? "failed" : "running")
 * })
 */
export const job = <Id, State, E, R>(
  name: string,
  given: Job<Id, State, E, R>
): Effect.Effect<State, E | SessionError | JobFailed | JobUnfinished, R> =>
  Effect.gen(function* () {
    const fault = toolFault("job", given, fields)
    if (fault !== undefined) return yield* Effect.fail(fault)
    const { cannot, find, on, onTimeout = "fail", path, phase, planned, poll, submit, what } = given
    const { name: targetName } = on.session.target
    const seen = yield* lookingFor(find, targetName, name)
    const described = Effect.map(
      what,
      (after): Change.Change<Begun<Id> | "planned"> => ({
        targetName,
        path,
        kind: name,
        action: "start",
        objects: [{ name, after }],
        planned: planned === undefined ? undefined : () => "planned",
        look: Effect.map(
          seen,
          Option.map((id) => ({ id }))
        ),
        undo: () => ({ cannot })
      })
    )
    const begun = yield* Change.make(
      described,
      // A job without an id has one that JSON can hold: what is not kept, a resumed run would not wait for.
      Effect.map(ReadBack.readBack(submit, seen), (id): Begun<Id> => ({ id: id ?? (null as Id) }))
    )
    // In a plan nothing has begun.
    if (begun === "planned") return planned as State
    const { end, state } = yield* Deployment.poll(
      Effect.flatMap(poll(begun.id), (state) => Effect.map(phaseOf(phase, state), (end) => ({ end, state }))),
      ({ end }) => end === "running"
    )
    if (end === "failed") return yield* new JobFailed({ targetName, job: name, state })
    return end === "running" && onTimeout === "fail"
      ? yield* new JobUnfinished({ targetName, job: name, state })
      : state
  })

/** `phaseOf` takes none but the three: a slip of the pen would be taken for success. */
const phaseOf = <State>(phase: Job<never, State, never, never>["phase"], state: State) => {
  const said: string = phase(state)
  if (said === "running" || said === "done" || said === "failed") return Effect.succeed(said)
  return refuseInput("phase", 'what it gives is none of "running", "done" and "failed"; give one of them.')
}

/** `Begun` is a job that a device has taken. */
interface Begun<Id> {
  readonly id: Id
}

const fields = Object.keys({
  on: true,
  path: true,
  what: true,
  submit: true,
  find: true,
  poll: true,
  phase: true,
  planned: true,
  cannot: true,
  onTimeout: true
} satisfies Record<keyof Job<unknown, unknown, unknown, unknown>, true>)
