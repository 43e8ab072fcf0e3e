import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import {
  Change,
  Deployment,
  InputSchema,
  Lenient,
  PathSegment,
  ReadBack,
  Redaction,
  type Rest,
  type Session,
  type SessionError,
  Token
} from "sallyport/plugin"
import { byOptions, type ListOptions } from "./ListOptions.ts"

/** `Deploy` is what of the configuration is written and not yet in force, and how it comes into force. */
export interface Deploy {
  /** `listPendingChanges` gives what was changed since the last deployment, page by page as it is asked for. */
  readonly listPendingChanges: (options?: ListOptions) => Stream.Stream<PendingChange, SessionError>
  /**
   * `deploy` deploys what is pending and waits for the end, by `Deployment.PollSchedule`. Hands back the job; none
   * where nothing is pending, and then nothing is sent. A deployment that is under way is waited for first, also where
   * nothing is pending beside it: where it fails and leaves nothing to deploy, that is `DeploymentFailed`. Unless it is
   * waited for, it is what is handed back where nothing is pending.
   *
   * Fails with `DeploymentFailed`, which has the device's words, and with `DeploymentUnfinished` where it lasts longer
   * than the schedule. An answer that is lost is looked for among the device's jobs and never sent twice: only where no
   * trace of it is found is it `OutcomeUnknown`. States: QUEUED and DEPLOYING go on, as any that is not known; DEPLOYED
   * is good; DEPLOY_FAILED, DEPLOY_TIMEOUT and FAILED are bad (FDM OpenAPI, DeploymentStatus$DeploymentState; FAILED
   * read in public clients' code).
   *
   * @example
   * const job = yield* fdm.deploy()
   */
  readonly deploy: (
    options?: DeployOptions
  ) => Effect.Effect<
    Option.Option<Job>,
    SessionError | Deployment.DeploymentFailed | Deployment.DeploymentUnfinished
  >
}

/** `DeployOptions` say when there is something to deploy, and whether its end is waited for. */
export interface DeployOptions {
  /** `evenIfUnchanged` deploys although nothing is pending. @default false */
  readonly evenIfUnchanged?: boolean | undefined
  /** `wait` as `false` hands back the job as soon as the device has taken it on. @default true */
  readonly wait?: boolean | undefined
}

const yesOrNo = InputSchema.optional(Schema.Boolean, "true or false")
const Options = Schema.Struct({ evenIfUnchanged: yesOrNo, wait: yesOrNo })

const text = Lenient.textOrNull
const time = Lenient.field(Schema.NullOr(Lenient.Numeric))

/**
 * `PendingChange` is a change that is not deployed: `entitycreate`, `entityupdate` or `entitydelete`, as its type says.
 */
export const PendingChange = Schema.Struct(
  { entityId: text, entityName: text, entityType: text, type: text },
  Lenient.others
)
export type PendingChange = typeof PendingChange.Type

/** `Job` is a deployment as the device tells of it. Times are milliseconds since 1970; -1 for what has not come yet. */
export const Job = Schema.Struct(
  {
    id: Lenient.Text,
    // One that is not told goes on, as one that nobody listed.
    state: Schema.optionalWith(Lenient.Text, { default: () => "UNKNOWN", nullable: true }),
    name: text,
    statusMessage: text,
    cliErrorMessage: text,
    queuedTime: time,
    startTime: time,
    endTime: time
  },
  Lenient.others
)
export type Job = typeof Job.Type

const phaseOf = Deployment.phaseReader({
  deployed: ["DEPLOYED"],
  failed: ["DEPLOY_FAILED", "DEPLOY_TIMEOUT", "FAILED"]
})

const isRunning = ({ state }: Job): boolean => phaseOf(state) === "running"

const path = "/operational/deploy"

export const make = (session: Session.Session, rest: Rest.Rest): Deploy => {
  const targetName = session.target.name
  const listPendingChanges = byOptions(({ filter, limit, sort }) =>
    Lenient.list(rest, "/operational/pendingchanges", PendingChange, { filter, limit, sort })
  )
  const isPending = Effect.map(Stream.runHead(listPendingChanges({ limit: 1 })), Option.isSome)
  const jobs = Effect.map(Stream.runCollect(Lenient.list(rest, path, Job)), (all) => [...all])

  /** `awaitIdle` gives the jobs there are, none of them under way. */
  const awaitIdle = Effect.flatMap(
    Deployment.poll(jobs, (all) => all.some(isRunning)),
    (all) => Effect.as(Effect.forEach(all.filter(isRunning).slice(0, 1), unfinished), all)
  )

  const post = (before: ReadonlyArray<Job>) => {
    const known = new Set(before.map(({ id }) => id))
    return ReadBack.readBack(
      Effect.flatMap(
        rest.send("POST", path, Schema.Unknown),
        ReadBack.inShape(Job, { targetName, operation: `POST ${path}` })
      ),
      // One at a time: whoever's it is, it brings what was pending.
      Effect.map(jobs, (all) => Option.fromNullable(all.find(({ id }) => !known.has(id))))
    )
  }

  const awaitEnd = (job: Job) =>
    Deployment.poll(
      Effect.flatMap(PathSegment.join(path, { id: job.id }), (one) => rest.get(one, Job)),
      isRunning
    ).pipe(
      Effect.tap((last) => {
        const phase = phaseOf(last.state)
        return phase === "deployed" ? Effect.void : phase === "failed" ? failed(last) : unfinished(last)
      })
    )

  const stateOf = (job: Job) =>
    Effect.map(session.token, (token): Deployment.DeviceState => {
      const words = [job.statusMessage, job.cliErrorMessage].filter((words) => !!words?.trim())
      const secrets = Token.secrets(token)
      const message = Redaction.redact([...new Set(words)].join(" · "), secrets)
      return { device: targetName, id: job.id, state: Redaction.redact(job.state, secrets), message }
    })
  const failed = (job: Job) =>
    Effect.flatMap(stateOf(job), (state) =>
      Effect.fail(new Deployment.DeploymentFailed({ targetName, devices: [state] }))
    )
  const unfinished = (job: Job) =>
    Effect.flatMap(stateOf(job), (state) =>
      Effect.fail(new Deployment.DeploymentUnfinished({ targetName, devices: [state] }))
    )

  const started = (before: ReadonlyArray<Job>, wait: boolean) =>
    Effect.flatMap(post(before), (job) => (wait ? awaitEnd(job) : Effect.succeed(job)))

  const deploy = ({ evenIfUnchanged = false, wait = true }: DeployOptions) =>
    Effect.gen(function* () {
      const hadChanges = evenIfUnchanged || (yield* isPending)
      const seen = yield* jobs
      const running = seen.find(isRunning)
      if (running === undefined || !wait) {
        if (hadChanges) return Option.some(yield* started(seen, wait))
        // What is under way may be what took the changes off the list, and may fail yet.
        return Option.fromNullable(running)
      }
      const before = yield* awaitIdle
      if (evenIfUnchanged || (yield* isPending)) return Option.some(yield* started(before, wait))
      // The one that was under way has brought it all, unless it failed.
      const last = before.find(({ id }) => id === running.id)
      if (last !== undefined && phaseOf(last.state) === "failed") return yield* failed(last)
      return Option.none()
    })

  const described = (options: DeployOptions) =>
    Effect.gen(function* () {
      const pending = yield* Stream.runCollect(listPendingChanges())
      // One that is under way may fail, and leave something to deploy.
      const isIdle =
        options.evenIfUnchanged !== true && pending.length === 0 && !(yield* jobs).some(isRunning)
      return yield* Change.irreversible<Option.Option<Job>>({
        targetName,
        at: rest.at(path),
        kind: "deployment",
        action: "deploy",
        fields: { pendingNow: [...pending].map(({ entityName, entityType }) => entityName ?? entityType) },
        cannot: "what is in force stays so until it is deployed again",
        wanted: options,
        answer: Schema.OptionFromNullOr(Job),
        isRepeatable: true,
        isIdle,
        planned: () => Option.none()
      })
    })

  return {
    listPendingChanges,
    deploy: (options = {}) =>
      Effect.zipRight(
        InputSchema.check(Options, options, "a deployment"),
        Effect.suspend(() => Change.make(described(options), deploy(options)))
      )
  }
}
