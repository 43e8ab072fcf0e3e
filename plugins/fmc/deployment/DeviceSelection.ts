import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type Deployment, few, refuseInput, type SessionError } from "sallyport/plugin"
import type { DomainContext } from "../domain/DomainContext.ts"
import * as DeployableDevices from "./DeployableDevices.ts"
import { deviceState, isFailed, phaseOf } from "./DeploymentStates.ts"
import * as DeploymentUnits from "./DeploymentUnits.ts"
import type { Inventory } from "./Inventory.ts"
import * as JobHistory from "./JobHistory.ts"

/** `Deployable` is a device that something can be deployed to. */
export interface Deployable extends DeployableDevices.DeployableDevice {
  readonly version: string
}

/** `DeviceSelection` is who is deployed to, and who is not, with the reason. */
export interface DeviceSelection {
  readonly selected: ReadonlyArray<Deployable>
  /** `busy` are those that another deployment is under way to. */
  readonly busy: ReadonlyArray<{ readonly id: string; readonly state: Deployment.DeviceState }>
  /** `impossible` are those that cannot be deployed to, or whose last deployment failed and left nothing to deploy. */
  readonly impossible: ReadonlyArray<Deployment.DeviceState>
  readonly upToDate: ReadonlyArray<Deployment.DeviceState>
  /** `units` are all that is known by now, so that it need not be asked for again. */
  readonly units: ReadonlyArray<DeploymentUnits.DeploymentUnit>
}

export interface SelectionOptions {
  /** `devices` are names or ids; without them, all that can be deployed to. None of them may be unknown, or fit two. */
  readonly devices?: ReadonlyArray<string> | undefined
  readonly force?: boolean | undefined
}

/**
 * `selectDevices` looks at what is deployable now. What is listed says itself how it is; what is not listed is up to
 * date only if no deployment of it is under way or has failed, as far as the job histories can be read.
 */
export const selectDevices = (
  context: DomainContext,
  inventory: Inventory,
  { devices: names, force = false }: SelectionOptions
): Effect.Effect<DeviceSelection, SessionError> =>
  Effect.gen(function* () {
    const deployable = [...(yield* Stream.runCollect(DeployableDevices.listDeployableDevices(context)))]
    const units = DeploymentUnits.withDeployable(inventory.units, deployable)
    const found = names === undefined ? [] : yield* Effect.forEach(names, findUnit(context, units, inventory))
    const entries = new Set(names === undefined ? deployable : found.flatMap(entriesOf))
    const absent = new Map(
      found.flatMap((one) => (entriesOf(one).length === 0 ? [[one.called.id, one] as const] : []))
    )
    const isSilent = absent.size > 0 || [...entries].some((entry) => !entry.canBeDeployed)
    const jobs = isSilent ? ((yield* JobHistory.recentJobs(context)) ?? []) : []
    const redact = yield* context.redact
    const selection: MutableSelection = { selected: [], busy: [], impossible: [], upToDate: [] }
    for (const entry of entries) {
      const { id, message, version } = entry
      const unit = units.find((unit) => unit.entries.includes(entry))
      const state = (state: string) => deviceState(redact, entry, state, message)
      const isShut = !entry.canBeDeployed || version === undefined
      if (entry.isDeploying || (isShut && isUnderWay(jobs, unit))) {
        selection.busy.push({ id, state: state(alreadyDeployingState) })
      } else if (isShut) selection.impossible.push(state("CANNOT_BE_DEPLOYED"))
      else if (entry.upToDate && !force) selection.upToDate.push(state(upToDateState))
      else selection.selected.push({ ...entry, version, deviceMembers: membersOf(entry, unit) })
    }
    for (const { called, unit } of absent.values()) {
      const { id } = called
      const state = (state: string, message?: string) =>
        deviceState(redact, { id, name: called.name ?? id }, state, message)
      const last = JobHistory.stateOf(jobs, unit)
      if (isUnderWay(jobs, unit)) selection.busy.push({ id, state: state(alreadyDeployingState) })
      else if (last !== undefined && isFailed({ state: last }))
        selection.impossible.push(state(last, notListedMessage))
      else selection.upToDate.push(state(upToDateState))
    }
    return { ...selection, units }
  })

interface MutableSelection {
  readonly selected: Array<Deployable>
  readonly busy: Array<DeviceSelection["busy"][number]>
  readonly impossible: Array<Deployment.DeviceState>
  readonly upToDate: Array<Deployment.DeviceState>
}

const upToDateState = "UP_TO_DATE"
const alreadyDeployingState = "ALREADY_DEPLOYING"
const notListedMessage = "its last deployment ended so, and the FMC does not list it as deployable now"

const isUnderWay = (
  jobs: ReadonlyArray<JobHistory.DeploymentJob>,
  unit: DeploymentUnits.DeploymentUnit | undefined
): boolean => {
  const last = unit === undefined ? undefined : JobHistory.stateOf(jobs, unit)
  return last !== undefined && phaseOf(last) === "running"
}

/** `entriesOf` gives what is listed under this name itself, else what is listed of its pair or cluster. */
const entriesOf = ({
  called,
  unit
}: DeploymentUnits.FoundUnit): ReadonlyArray<DeployableDevices.DeployableDevice> => {
  const own = unit.entries.filter((entry) => DeployableDevices.hasNameOrId(entry, called.id))
  return own.length > 0 ? own : unit.entries
}

const membersOf = (
  entry: DeployableDevices.DeployableDevice,
  unit: DeploymentUnits.ListedUnit | undefined
) => (unit?.entries.length === 1 ? unit.members : entry.deviceMembers)

const findUnit =
  (context: DomainContext, units: ReadonlyArray<DeploymentUnits.ListedUnit>, inventory: Inventory) =>
  (name: string): Effect.Effect<DeploymentUnits.FoundUnit, SessionError> =>
    Effect.gen(function* () {
      const redact = yield* context.redact
      const [first, second] = DeploymentUnits.find(units, name)
      if (first !== undefined && second === undefined) return first
      const given = JSON.stringify(redact(name))
      const invalid = (sentence: string) => refuseInput("devices", sentence, name)
      if (first !== undefined && second !== undefined) {
        const [one, other] = [first, second].map(({ called }) => JSON.stringify(redact(called.id)))
        return yield* invalid(
          `${given} is more than one device, with the ids ${one} and ${other}; give the id of the one that you mean.`
        )
      }
      const wanted = DeployableDevices.normalizeName(name)
      const isStray = inventory.unassigned.some(({ id, name = "" }) =>
        [id, name].map(DeployableDevices.normalizeName).includes(wanted)
      )
      if (isStray) {
        return yield* invalid(
          `${given} is a member of a pair or a cluster that the FMC does not name; name that one itself. ${deployableText(units, redact)}`
        )
      }
      // It may be among what could not be read.
      if (inventory.unread !== undefined) return yield* Effect.fail(inventory.unread)
      return yield* invalid(
        `this domain has no device, pair or cluster ${given}; give names or ids. ${deployableText(units, redact)}`
      )
    })

const deployableText = (
  units: ReadonlyArray<DeploymentUnits.ListedUnit>,
  redact: (words: string) => string
): string => {
  const namesOf = (names: ReadonlyArray<string>) => few(names.map((name) => JSON.stringify(redact(name))))
  const deployableNames = units.flatMap(({ entries }) => entries).map(({ name }) => name)
  if (deployableNames.length > 0) return `Deployable are now: ${namesOf(deployableNames)}.`
  const all = units.flatMap(({ members, name }) => [name, ...members.map((one) => one.name ?? one.id)])
  if (all.length === 0) return "Nothing can be deployed to now."
  return `Nothing can be deployed to now; what it has is: ${namesOf(all)}.`
}
