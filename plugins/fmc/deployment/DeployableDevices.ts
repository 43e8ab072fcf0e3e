import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Lenient, Pages, PathSegment, ProtocolViolation, type SessionError } from "sallyport/plugin"
import type { DomainContext } from "../domain/DomainContext.ts"
import { byOptions, type ListOptions } from "../objects/ListOptions.ts"

/**
 * `DeployableDevice` is a device, a pair or a cluster whose configuration on the FMC has changed since it was deployed
 * last.
 */
export interface DeployableDevice {
  /** `id` is the device's: what `deploy` and `listPendingChanges` take. */
  readonly id: string
  readonly name: string
  /** `version` is what it would get; for a deployment, not for people. `undefined` where the FMC names none. */
  readonly version: string | undefined
  /**
   * `canBeDeployed` is as the FMC says; it also says `true` of one that is being deployed to (FMC OpenAPI, an example
   * of DeployableDevice).
   */
  readonly canBeDeployed: boolean
  /** `isDeploying` says that a deployment to it is under way. */
  readonly isDeploying: boolean
  /** `upToDate` says that there is nothing to deploy: only `force` deploys to it. */
  readonly upToDate: boolean
  /** `message` says why it cannot be deployed to. */
  readonly message?: string | undefined
  /** `trafficInterruption` is `YES`, `NO`, `UNDETERMINED` or `ERROR` (FMC OpenAPI, DeployableDevice). */
  readonly trafficInterruption?: string | undefined
  /** `device` is what its id is that of. */
  readonly device?: Member | undefined
  /** `deviceMembers` are itself, or the members of the pair or cluster, where the FMC names them. */
  readonly deviceMembers?: ReadonlyArray<Member> | undefined
  readonly [field: string]: unknown
}

const Member = Schema.Struct({ id: Lenient.Text, name: Lenient.text }, Lenient.others)
/** `Member` is a device, or a member of a pair or cluster. */
export type Member = Pick<typeof Member.Type, "id" | "name">

const DeployableDeviceJson = Schema.Struct(
  {
    // The example has none: only the device in it has one (FMC OpenAPI, DeployableDevice).
    id: Lenient.text,
    name: Lenient.text,
    version: Lenient.text,
    canBeDeployed: Lenient.field(Lenient.Flag),
    isDeploying: Lenient.field(Lenient.Flag),
    upToDate: Lenient.field(Lenient.Flag),
    message: Lenient.text,
    trafficInterruption: Lenient.text,
    device: Lenient.field(Member),
    deviceMembers: Lenient.items(Member)
  },
  Lenient.others
)

const path = "/deployment/deployabledevices"

/** `listDeployableDevices` gives all of them, whole. */
export const listDeployableDevices = (
  { rest, targetName }: DomainContext,
  options?: Pages.PageOptions
): Stream.Stream<DeployableDevice, SessionError> =>
  Pages.byOptions<Pages.PageOptions, DeployableDevice>(["limit"], ({ limit }) =>
    Stream.mapEffect(Lenient.list(rest, path, DeployableDeviceJson, { expanded: true, limit }), (sent) => {
      const id = sent.device?.id || sent.id
      if (!id) {
        const detail = "a deployable device has no id"
        return Effect.fail(new ProtocolViolation({ targetName, operation: `GET ${path}`, detail }))
      }
      return Effect.succeed({
        ...sent,
        id,
        name: sent.name || sent.device?.name || id,
        version: sent.version,
        // What is listed without a word against it is left to the FMC to refuse.
        canBeDeployed: sent.canBeDeployed !== false,
        isDeploying: sent.isDeploying === true,
        upToDate: sent.upToDate === true
      })
    })
  )(options)

const PendingChange = Schema.Struct(
  {
    entityUUID: Lenient.text,
    entityName: Lenient.text,
    entityType: Lenient.text,
    /** `action` is `ADD`, `UPDATE` or `DELETE` (FMC OpenAPI, PendingChanges). */
    action: Lenient.text,
    lastUpdatedByUsers: Lenient.items(Schema.String)
  },
  Lenient.others
)
/** `PendingChange` is something that has changed since the last deployment to a device. */
export type PendingChange = typeof PendingChange.Type

/** `listPendingChanges` gives what a deployment to this device would bring. */
export const listPendingChanges = (
  { rest }: DomainContext,
  deviceId: string,
  options?: ListOptions
): Stream.Stream<PendingChange, SessionError> =>
  byOptions(({ filter, limit }) =>
    Stream.unwrap(
      Effect.map(PathSegment.join(path, { deviceId }), (device) =>
        Lenient.list(rest, `${device}/pendingchanges`, PendingChange, { expanded: true, filter, limit })
      )
    )
  )(options)

/** `normalizeName` gives names and ids as an FMC compares them. */
export const normalizeName = (name: string): string => name.trim().toLowerCase()

/** `hasNameOrId` says whether this is its name or id, or that of a member: a pair is deployed to as one. */
export const hasNameOrId = (
  { device, deviceMembers = [], id, name }: DeployableDevice,
  nameOrId: string
): boolean => {
  const wanted = normalizeName(nameOrId)
  return [{ id, name }, ...(device === undefined ? [] : [device]), ...deviceMembers].some(
    (one) => wanted !== "" && (normalizeName(one.id) === wanted || normalizeName(one.name ?? "") === wanted)
  )
}
