import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { SessionError } from "sallyport/AuthError"
import { ProtocolViolation } from "sallyport/DeviceError"
import * as Pages from "sallyport/Pages"
import type { Place } from "../Place.ts"

/** A device, a pair or a cluster whose configuration on the FMC has changed since it was deployed last. */
export interface DeployableDevice {
  /** The device's: what `deploy` and `pendingChanges` take. */
  readonly id: string
  readonly name: string
  /** What it would get; for a deployment, not for people. `undefined` where the FMC names none. */
  readonly version: string | undefined
  /** As the FMC says; it also says `true` of one that is being deployed to (an example in Cisco's text). */
  readonly canBeDeployed: boolean
  readonly isDeploying: boolean
  readonly upToDate: boolean
  /** Why it cannot be deployed to. */
  readonly message?: string | undefined
  /** `YES`, `NO`, `UNDETERMINED` or `ERROR` (Cisco's text). */
  readonly trafficInterruption?: string | undefined
  /** Itself, or the members of the pair or cluster. */
  readonly deviceMembers?: ReadonlyArray<Member> | undefined
  readonly [field: string]: unknown
}

const others = { key: Schema.String, value: Schema.Unknown }

const Member = Schema.Struct({ id: Schema.String, name: Schema.optional(Schema.String) }, others)
export type Member = typeof Member.Type

const Sent = Schema.Struct(
  {
    // Cisco's example has none: only the device in it has one.
    id: Schema.optional(Schema.String),
    name: Schema.String,
    version: Schema.optional(Schema.Union(Schema.String, Schema.Number)),
    canBeDeployed: Schema.optional(Schema.Boolean),
    isDeploying: Schema.optional(Schema.Boolean),
    upToDate: Schema.optional(Schema.Boolean),
    message: Schema.optional(Schema.String),
    trafficInterruption: Schema.optional(Schema.String),
    device: Schema.optional(Member),
    deviceMembers: Schema.optional(Schema.Array(Member))
  },
  others
)

const path = "/deployment/deployabledevices"

/** All of them, whole. */
export const list = ({ rest, target }: Place): Stream.Stream<DeployableDevice, SessionError> =>
  Stream.mapEffect(Pages.list(rest, path, Sent, { expanded: true }), (sent) => {
    const id = sent.device?.id ?? sent.id
    if (id === undefined) {
      const detail = "a deployable device has no id"
      return Effect.fail(new ProtocolViolation({ target, operation: `GET ${path}`, detail }))
    }
    return Effect.succeed({
      ...sent,
      id,
      version: sent.version === undefined ? undefined : String(sent.version),
      // What is listed without a word against it is left to the FMC to refuse.
      canBeDeployed: sent.canBeDeployed !== false,
      isDeploying: sent.isDeploying === true,
      upToDate: sent.upToDate === true
    })
  })

const PendingChange = Schema.Struct(
  {
    entityUUID: Schema.optional(Schema.String),
    entityName: Schema.optional(Schema.String),
    entityType: Schema.optional(Schema.String),
    /** `ADD`, `UPDATE` or `DELETE` (Cisco's text). */
    action: Schema.optional(Schema.String),
    lastUpdatedByUsers: Schema.optional(Schema.Array(Schema.String))
  },
  others
)
/** Something that has changed since the last deployment to a device. */
export type PendingChange = typeof PendingChange.Type

/** What a deployment to this device would bring. */
export const pendingChanges = (
  { rest }: Place,
  deviceId: string
): Stream.Stream<PendingChange, SessionError> =>
  Pages.list(rest, `${path}/${encodeURIComponent(deviceId)}/pendingchanges`, PendingChange, {
    expanded: true
  })

/** Whether this is its name or id, or that of a member: a pair is deployed to as one. */
export const isCalled = (
  { deviceMembers = [], id, name }: Pick<DeployableDevice, "deviceMembers" | "id" | "name">,
  nameOrId: string
): boolean => {
  const wanted = nameOrId.toLowerCase()
  return [{ id, name }, ...deviceMembers].some(
    (one) => one.id.toLowerCase() === wanted || one.name?.toLowerCase() === wanted
  )
}
