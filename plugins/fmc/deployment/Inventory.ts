import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Lenient, PathSegment, type SessionError } from "sallyport/plugin"
import type { DomainContext } from "../domain/DomainContext.ts"
import { type Member, normalizeName } from "./DeployableDevices.ts"
import type { DeploymentUnit } from "./DeploymentUnits.ts"

/** `Inventory` is what a domain manages, as far as it can be read. */
export interface Inventory {
  readonly units: ReadonlyArray<DeploymentUnit>
  /** `unassigned` are those that are said to be members of something that cannot be found out. */
  readonly unassigned: ReadonlyArray<Member>
  /** `unread` says why some of it cannot be read, as where the account's role forbids it. */
  readonly unread: SessionError | undefined
}

export const emptyInventory: Inventory = { units: [], unassigned: [], unread: undefined }

const Node = Schema.Struct({ id: Lenient.Text, name: Lenient.text })

const Device = Schema.Struct({
  id: Lenient.Text,
  name: Lenient.text,
  metadata: Lenient.field(
    Schema.Struct({
      isPartOfContainer: Lenient.field(Lenient.Flag),
      containerDetails: Lenient.field(Schema.Struct({ id: Lenient.text, name: Lenient.text }))
    })
  )
})
type Device = typeof Device.Type

const Container = Schema.Struct({
  ...Node.fields,
  primary: Lenient.field(Node),
  secondary: Lenient.field(Node),
  // Of a cluster (FMC OpenAPI, FTDClusterDeviceContainer); newer versions may call them otherwise.
  masterDevice: Lenient.field(Node),
  slaveDevices: Lenient.items(Node),
  controlDevice: Lenient.field(Node),
  dataDevices: Lenient.items(Node)
})

/** `readInventory` reads the devices, the pairs and the clusters of the domain, for those of these names. */
export const readInventory = (
  context: DomainContext,
  names: ReadonlyArray<string>
): Effect.Effect<Inventory, SessionError> =>
  Effect.gen(function* () {
    const [devices, pairs, clusters] = yield* Effect.all([
      listAll(context, "/devices/devicerecords", Device),
      listAll(context, "/devicehapairs/ftddevicehapairs", Container),
      listAll(context, "/deviceclusters/ftddevicecluster", Container)
    ])
    const containers = [...pairs.items, ...clusters.items].map(
      (container): DeploymentUnit => ({
        id: container.id,
        name: container.name ?? container.id,
        members: [
          container.primary,
          container.secondary,
          container.masterDevice,
          ...(container.slaveDevices ?? []),
          container.controlDevice,
          ...(container.dataDevices ?? [])
        ].filter((member) => member !== undefined)
      })
    )
    const wanted = new Set(names.map(normalizeName))
    const records = yield* Effect.forEach(devices.items, (device) =>
      device.metadata === undefined &&
      [device.id, device.name ?? ""].some((one) => wanted.has(normalizeName(one)))
        ? readRecord(context, device)
        : Effect.succeed(device)
    )
    return { ...joinUnits(containers, records), unread: devices.error ?? pairs.error ?? clusters.error }
  })

/** `readRecord` gives a device's own record: a list may not say of what the device is a member. */
const readRecord = ({ rest }: DomainContext, device: Device) =>
  Effect.flatMap(PathSegment.join("/devices/devicerecords", { id: device.id }), (path) =>
    rest.get(path, Device)
  ).pipe(
    Effect.catchTags({
      DeviceRefused: () => Effect.succeed(device),
      ProtocolViolation: () => Effect.succeed(device)
    })
  )

const listAll = <A, I>({ rest }: DomainContext, path: string, item: Schema.Schema<A, I>) =>
  Stream.runCollect(Lenient.list(rest, path, item, { expanded: true })).pipe(
    Effect.map((all): { items: ReadonlyArray<A>; error: SessionError | undefined } => ({
      items: [...all],
      error: undefined
    })),
    Effect.catchTags({
      // Old versions have no pairs or clusters here, which is no reason not to know the rest.
      DeviceRefused: (error) =>
        Effect.succeed({
          items: [],
          error: error.status === 404 || error.status === 405 ? undefined : error
        }),
      ProtocolViolation: (error) => Effect.succeed({ items: [], error })
    })
  )

/** `joinUnits` gives each device with the others of its pair or cluster, by what either says of the other. */
const joinUnits = (containers: ReadonlyArray<DeploymentUnit>, devices: ReadonlyArray<Device>) => {
  const units = new Map(containers.map((container) => [normalizeName(container.id), container]))
  const alone: Array<DeploymentUnit> = []
  const unassigned: Array<Member> = []
  for (const { id, metadata, name } of devices) {
    const own: Member = { id, name: name ?? id }
    const details = metadata?.containerDetails
    const home =
      units.get(normalizeName(details?.id ?? "")) ??
      [...units.values()].find(({ members }) =>
        members.some((member) => normalizeName(member.id) === normalizeName(id))
      ) ??
      [...units.values()].find(
        (unit) => details?.name && normalizeName(unit.name) === normalizeName(details.name)
      ) ??
      named(details)
    if (home !== undefined) {
      const others = home.members.filter((member) => normalizeName(member.id) !== normalizeName(id))
      units.set(normalizeName(home.id), { ...home, members: [...others, own] })
    } else if (metadata?.isPartOfContainer === true) unassigned.push(own)
    else alone.push({ id, name: name ?? id, members: [] })
  }
  return { units: [...units.values(), ...alone], unassigned }
}

/** `named` gives a pair or a cluster that is in neither list. */
const named = (
  details: { id?: string | undefined; name?: string | undefined } = {}
): DeploymentUnit | undefined => {
  const id = details.id || details.name
  return id ? { id, name: details.name || id, members: [] } : undefined
}
