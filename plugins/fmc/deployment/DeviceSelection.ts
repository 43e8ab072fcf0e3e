import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { SessionError } from "sallyport/AuthError"
import type { DeviceState } from "sallyport/Deployment"
import { InvalidInput } from "sallyport/DeviceError"
import type { Place } from "../domain/DomainContext.ts"
import * as Names from "../domain/Names.ts"
import * as DeployableDevices from "./DeployableDevices.ts"
import { isFailed, phase, told } from "./DeploymentStates.ts"
import * as Units from "./DeploymentUnits.ts"
import type { Inventory } from "./Inventory.ts"
import * as JobHistory from "./JobHistory.ts"

/** A device that something can be deployed to. */
export interface Deployable extends DeployableDevices.DeployableDevice {
  readonly version: string
}

/** Who is deployed to, and who is not, with the reason. */
export interface Choice {
  readonly chosen: ReadonlyArray<Deployable>
  /** Those that another deployment is under way to. */
  readonly busy: ReadonlyArray<{ readonly id: string; readonly state: DeviceState }>
  /** Those that cannot be deployed to, or whose last deployment failed and left nothing to deploy. */
  readonly impossible: ReadonlyArray<DeviceState>
  readonly upToDate: ReadonlyArray<DeviceState>
  /** All that is known by now, so that it need not be asked for again. */
  readonly units: ReadonlyArray<Units.Unit>
}

export interface Wanted {
  /** Names or ids; without them, all that can be deployed to. None of them may be unknown, or fit two. */
  readonly devices?: ReadonlyArray<string> | undefined
  readonly force?: boolean | undefined
}

/**
 * Looks at what is deployable now. What is listed says itself how it is; what is not listed is up to date only if no
 * deployment of it is under way or has failed, as far as the job histories can be read.
 */
export const choose = (
  place: Place,
  inventory: Inventory,
  { devices: names, force = false }: Wanted
): Effect.Effect<Choice, SessionError> =>
  Effect.gen(function* () {
    const deployable = [...(yield* Stream.runCollect(DeployableDevices.list(place)))]
    const units = Units.withEntries(inventory.units, deployable)
    const found = names === undefined ? [] : yield* Effect.forEach(names, theOne(place, units, inventory))
    const entries = new Set(names === undefined ? deployable : found.flatMap(entriesOf))
    const absent = new Map(
      found.flatMap((one) => (entriesOf(one).length === 0 ? [[one.called.id, one] as const] : []))
    )
    const isSilent = absent.size > 0 || [...entries].some((entry) => !entry.canBeDeployed)
    const jobs = isSilent ? ((yield* JobHistory.newest(place)) ?? []) : []
    const shown = yield* place.safe
    const choice: Filling = { chosen: [], busy: [], impossible: [], upToDate: [] }
    for (const entry of entries) {
      const { id, message, version } = entry
      const unit = units.find((unit) => unit.entries.includes(entry))
      const state = (state: string) => told(shown, entry, state, message)
      const isShut = !entry.canBeDeployed || version === undefined
      if (entry.isDeploying || (isShut && isUnderWay(jobs, unit))) {
        choice.busy.push({ id, state: state(alreadyDeploying) })
      } else if (isShut) choice.impossible.push(state("CANNOT_BE_DEPLOYED"))
      else if (entry.upToDate && !force) choice.upToDate.push(state(upToDate))
      else choice.chosen.push({ ...entry, version, deviceMembers: membersOf(entry, unit) })
    }
    for (const { called, unit } of absent.values()) {
      const { id } = called
      const state = (state: string, message?: string) =>
        told(shown, { id, name: called.name ?? id }, state, message)
      const last = JobHistory.stateOf(jobs, unit)
      if (isUnderWay(jobs, unit)) choice.busy.push({ id, state: state(alreadyDeploying) })
      else if (last !== undefined && isFailed({ state: last })) choice.impossible.push(state(last, notListed))
      else choice.upToDate.push(state(upToDate))
    }
    return { ...choice, units }
  })

interface Filling {
  readonly chosen: Array<Deployable>
  readonly busy: Array<Choice["busy"][number]>
  readonly impossible: Array<DeviceState>
  readonly upToDate: Array<DeviceState>
}

const upToDate = "UP_TO_DATE"
const alreadyDeploying = "ALREADY_DEPLOYING"
const notListed = "its last deployment ended so, and the FMC does not list it as deployable now"

const isUnderWay = (jobs: ReadonlyArray<JobHistory.DeploymentJob>, unit: Units.Unit | undefined): boolean => {
  const last = unit === undefined ? undefined : JobHistory.stateOf(jobs, unit)
  return last !== undefined && phase(last) === "running"
}

/** What is listed under this name itself, else what is listed of its pair or cluster. */
const entriesOf = ({ called, unit }: Units.Found): ReadonlyArray<DeployableDevices.DeployableDevice> => {
  const own = unit.entries.filter((entry) => DeployableDevices.isCalled(entry, called.id))
  return own.length > 0 ? own : unit.entries
}

const membersOf = (entry: DeployableDevices.DeployableDevice, unit: Units.ListedUnit | undefined) =>
  unit?.entries.length === 1 ? unit.members : entry.deviceMembers

const theOne =
  (place: Place, units: ReadonlyArray<Units.ListedUnit>, inventory: Inventory) =>
  (name: string): Effect.Effect<Units.Found, SessionError> =>
    Effect.gen(function* () {
      const shown = yield* place.safe
      const [first, second] = Units.find(units, name)
      if (first !== undefined && second === undefined) return first
      const given = JSON.stringify(shown(name))
      const invalid = (message: string) =>
        Effect.fail(new InvalidInput({ field: "devices", value: name, message: `devices: ${message}` }))
      if (first !== undefined && second !== undefined) {
        const [one, other] = [first, second].map(({ called }) => JSON.stringify(shown(called.id)))
        return yield* invalid(
          `${given} is more than one device, with the ids ${one} and ${other}; give the id of the one that you mean.`
        )
      }
      const wanted = DeployableDevices.folded(name)
      const isStray = inventory.strays.some(({ id, name = "" }) =>
        [id, name].map(DeployableDevices.folded).includes(wanted)
      )
      if (isStray) {
        return yield* invalid(
          `${given} is a member of a pair or a cluster that the FMC does not name; name that one itself. ${listing(units, shown)}`
        )
      }
      // It may be among what could not be read.
      if (inventory.unread !== undefined) return yield* Effect.fail(inventory.unread)
      return yield* invalid(
        `this domain has no device, pair or cluster ${given}; give names or ids. ${listing(units, shown)}`
      )
    })

const listing = (units: ReadonlyArray<Units.ListedUnit>, shown: (words: string) => string): string => {
  const now = units.flatMap(({ entries }) => entries).map(({ name }) => name)
  if (now.length > 0) return `Deployable are now: ${Names.among(now, shown)}.`
  const all = units.flatMap(({ members, name }) => [name, ...members.map((one) => one.name ?? one.id)])
  if (all.length === 0) return "Nothing can be deployed to now."
  return `Nothing can be deployed to now; what it has is: ${Names.among(all, shown)}.`
}
