import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import {
  Bulk,
  Change,
  Collection,
  Deployment,
  InputSchema,
  PathSegment,
  refuseInput,
  type SessionError
} from "sallyport/plugin"
import type { DomainContext } from "../domain/DomainContext.ts"
import * as DeploymentRequest from "./DeploymentRequest.ts"
import { deviceState, isFailed, refusedState } from "./DeploymentStates.ts"
import { type Deployable, type DeviceSelection, selectDevices } from "./DeviceSelection.ts"
import * as Inventory from "./Inventory.ts"
import * as JobHistory from "./JobHistory.ts"

/** `DeployOptions` say to what is deployed, and how. */
export interface DeployOptions {
  /**
   * `devices` are names or ids, of a firewall, of a pair or a cluster, or of a member of one, which stands for the
   * whole of it.
   *
   * @default all that is deployable
   */
  readonly devices?: ReadonlyArray<string> | undefined
  /** `force` sends the whole configuration, not the changes alone. @default false */
  readonly force?: boolean | undefined
  /** `ignoreWarnings` goes on where the FMC's validation warns. @default false */
  readonly ignoreWarnings?: boolean | undefined
  /** `note` stands in the job history: at most 512 characters (FMC OpenAPI, DeploymentRequest). @default none */
  readonly note?: string | undefined
  /**
   * `wait` as `false` hands back the tasks as soon as the FMC has them, and does not wait for deployments that are
   * under way already.
   *
   * @default true
   */
  readonly wait?: boolean | undefined
}

/** `Deployed` is what a deployment has done. */
export interface Deployed {
  /** `devices` are those deployed to, with the state that the FMC gave; `REQUESTED` where it was not waited for. */
  readonly devices: ReadonlyArray<Deployment.DeviceState>
  /**
   * `leftOut` are those not deployed to: `UP_TO_DATE`, and, which is no success, `CANNOT_BE_DEPLOYED` with the FMC's
   * reason, and `ALREADY_DEPLOYING` where the deployment that is under way was not waited for.
   */
  readonly leftOut: ReadonlyArray<Deployment.DeviceState>
  /** `tasks` are the FMC's, for `deployment`: one for each version. A version whose task is not known has none. */
  readonly tasks: ReadonlyArray<string>
}

type Failure = SessionError | Deployment.DeploymentFailed | Deployment.DeploymentUnfinished

/** `deploy` deploys what has changed, and waits for it; see `Domain.deploy`. */
export const deploy = (
  context: DomainContext,
  given?: DeployOptions | null
): Effect.Effect<Deployed, Failure> => {
  const options = given ?? {}
  return Change.make(described(context, options), carriedOut(context, options))
}

const carriedOut = (context: DomainContext, options: DeployOptions): Effect.Effect<Deployed, Failure> =>
  Effect.gen(function* () {
    const { devices: names, wait = true } = options
    const { targetName } = context
    const firstSelection = yield* firstLook(context, options)
    const underWay = firstSelection.busy.map(({ state }) => state)
    if (names !== undefined && (firstSelection.impossible.length > 0 || (!wait && underWay.length > 0))) {
      const devices = [...firstSelection.impossible, ...underWay]
      return yield* new Deployment.DeploymentFailed({ targetName, devices, advice: nothingSent })
    }
    const firstRound = yield* deployRound(context, firstSelection.selected, options)
    const secondSelection =
      wait && firstSelection.busy.length > 0
        ? yield* selectOnceFree(context, firstSelection, options)
        : undefined
    const secondRound = yield* deployRound(context, secondSelection?.selected ?? [], options)

    const impossible = [...firstSelection.impossible, ...(secondSelection?.impossible ?? [])]
    const stillBusy = (secondSelection?.busy ?? []).map(({ state }) => state)
    const devices = [
      ...firstRound.devices,
      ...secondRound.devices,
      ...impossible.filter(isFailed),
      ...stillBusy
    ]
    const leftOut = [...impossible.filter((one) => !isFailed(one)), ...(wait ? [] : underWay)]
    if (devices.some(isFailed)) {
      const advice = options.ignoreWarnings === true ? undefined : DeploymentRequest.mendOrIgnore
      return yield* new Deployment.DeploymentFailed({ targetName, devices: [...devices, ...leftOut], advice })
    }
    if (firstRound.isRunning || secondRound.isRunning || stillBusy.length > 0) {
      return yield* new Deployment.DeploymentUnfinished({ targetName, devices: [...devices, ...leftOut] })
    }
    return {
      devices,
      leftOut: [...leftOut, ...firstSelection.upToDate, ...(secondSelection?.upToDate ?? [])],
      tasks: [...firstRound.tasks, ...secondRound.tasks]
    }
  })

/** `firstLook` checks what is asked for, and sees which devices it is about. */
const firstLook = (context: DomainContext, options: DeployOptions) =>
  Effect.gen(function* () {
    yield* InputSchema.check(Options, options, "a deployment")
    const { devices: names, note = "" } = options
    if (note.length > 512) {
      return yield* refuseInput("note", `it has ${note.length} characters; give at most 512.`)
    }
    if (names !== undefined) yield* Collection.listed("devices", names)
    yield* Effect.forEach(names ?? [], (name, at) => PathSegment.text(`devices[${at}]`, name))
    const inventory = names?.length
      ? yield* Inventory.readInventory(context, names)
      : Inventory.emptyInventory
    return yield* selectDevices(context, inventory, options)
  })

/** `described` says what a deployment is about to do: what it will find to deploy then, nobody knows yet. */
const described = (context: DomainContext, options: DeployOptions) =>
  Effect.flatMap(firstLook(context, options), ({ busy, impossible, selected, upToDate }) =>
    Change.irreversible<Deployed>({
      targetName: context.targetName,
      at: context.rest.at("/deployment/deploymentrequests"),
      kind: "deployment",
      action: "deploy",
      name: options.devices?.join(", "),
      fields: {
        pendingNow: selected.map(({ name }) => name),
        ...(options.note !== undefined && { note: options.note }),
        ...(options.force === true && { force: true }),
        ...(options.ignoreWarnings === true && { ignoreWarnings: true })
      },
      cannot: "what is in force stays so until it is deployed again",
      wanted: options,
      isRepeatable: true,
      isIdle: selected.length + busy.length + impossible.length === 0,
      planned: () => ({ devices: [], leftOut: upToDate, tasks: [] })
    })
  )

const nothingSent =
  "Nothing was sent to any device: mend what the FMC complains of, or deploy to the others alone."

// In a script in JavaScript a slip of the pen would deploy to all, or by force.
const yesOrNo = InputSchema.optional(Schema.Boolean, "true or false")
const Options = Schema.Struct({
  devices: InputSchema.optional(Schema.Array(Schema.Unknown), "a list of names or ids"),
  force: yesOrNo,
  ignoreWarnings: yesOrNo,
  note: InputSchema.optional(Schema.String, "text"),
  wait: yesOrNo
})

/** `selectOnceFree` waits for the deployments of others, and looks at what they have left to deploy. */
const selectOnceFree = (context: DomainContext, { busy, units }: DeviceSelection, { force }: DeployOptions) =>
  Deployment.poll(
    selectDevices(
      context,
      { ...Inventory.emptyInventory, units },
      { devices: busy.map(({ id }) => id), force }
    ),
    (selection) => selection.busy.length > 0
  )

interface RoundResult extends DeploymentRequest.DeploymentStatus {
  readonly tasks: ReadonlyArray<string>
}

/** `deployRound` sends the requests and, if wanted, waits for their end. */
const deployRound = (
  context: DomainContext,
  chosen: ReadonlyArray<Deployable>,
  options: DeployOptions
): Effect.Effect<RoundResult, SessionError> =>
  Effect.gen(function* () {
    if (chosen.length === 0) return { devices: [], isRunning: false, tasks: [] }
    // What is new in it afterwards tells of a request whose answer, or task, is lost.
    const before = yield* JobHistory.recentJobs(context)
    const settled = yield* Bulk.sequentially(byVersion(chosen), (group) =>
      DeploymentRequest.send(context, group, options, before)
    )
    const requests = settled.flatMap((one) => (one._tag === "Done" ? [one.result] : []))
    const notTaken = yield* refusals(context, settled)
    const { devices, isRunning } =
      options.wait === false
        ? yield* statusUnawaited(context, requests)
        : yield* DeploymentRequest.awaitAll(requests)
    const tasks = requests.flatMap(({ task }) => (task === undefined ? [] : [task]))
    return { devices: [...devices, ...notTaken], isRunning, tasks }
  })

/** `byVersion` groups devices by their version: a request names one, which is that of all its devices. */
const byVersion = (devices: ReadonlyArray<Deployable>): ReadonlyArray<ReadonlyArray<Deployable>> => {
  const groups = new Map<string, Array<Deployable>>()
  for (const device of devices) groups.set(device.version, [...(groups.get(device.version) ?? []), device])
  return [...groups.values()]
}

/**
 * `refusals` gives the devices of requests that were refused while others were taken. An error that says more than
 * that, or that nothing was taken, is the error of the whole.
 */
const refusals = (
  { redact }: DomainContext,
  settled: ReadonlyArray<
    Bulk.Settled<ReadonlyArray<Deployable>, DeploymentRequest.DeploymentRequest, SessionError>
  >
): Effect.Effect<ReadonlyArray<Deployment.DeviceState>, SessionError> =>
  Effect.gen(function* () {
    const failed = settled.flatMap((one) => (one._tag === "Failed" ? [one] : []))
    const fatal = failed.find(({ error }) => error._tag !== "DeviceRefused") ?? failed[0]
    if (fatal !== undefined && (fatal.error._tag !== "DeviceRefused" || failed.length === settled.length)) {
      return yield* Effect.fail(fatal.error)
    }
    const shown = yield* redact
    return failed.flatMap(({ error, wanted }) => {
      const message = error._tag === "DeviceRefused" ? error.messages.join(" · ") : undefined
      return wanted.map((device) => deviceState(shown, device, refusedState, message))
    })
  })

const statusUnawaited = (
  { redact }: DomainContext,
  requests: ReadonlyArray<DeploymentRequest.DeploymentRequest>
): Effect.Effect<DeploymentRequest.DeploymentStatus, SessionError> =>
  Effect.map(redact, (redact) => ({
    isRunning: false,
    devices: requests.flatMap(({ devices }) =>
      devices.map((device) => deviceState(redact, device, "REQUESTED"))
    )
  }))
