import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { SessionError } from "sallyport/AuthError"
import * as Lenient from "sallyport/Lenient"
import * as PathSegment from "sallyport/PathSegment"
import type { Place } from "../domain/DomainContext.ts"
import { folded, type Member } from "./DeployableDevices.ts"
import type { Unit } from "./DeploymentUnits.ts"

/** What a domain manages, as far as it can be read. */
export interface Inventory {
  readonly units: ReadonlyArray<Unit>
  /** Those that are said to be members of something that cannot be found out. */
  readonly strays: ReadonlyArray<Member>
  /** Why some of it cannot be read, as where the account's role forbids it. */
  readonly unread: SessionError | undefined
}

export const none: Inventory = { units: [], strays: [], unread: undefined }

const Node = Schema.Struct({ id: Schema.String, name: Lenient.field(Schema.String) })

const Device = Schema.Struct({
  id: Schema.String,
  name: Lenient.field(Schema.String),
  metadata: Lenient.field(
    Schema.Struct({
      isPartOfContainer: Lenient.field(Schema.Boolean),
      containerDetails: Lenient.field(
        Schema.Struct({ id: Lenient.field(Schema.String), name: Lenient.field(Schema.String) })
      )
    })
  )
})
type Device = typeof Device.Type

const Container = Schema.Struct({
  ...Node.fields,
  primary: Lenient.field(Node),
  secondary: Lenient.field(Node),
  // Of a cluster (Cisco's text); newer versions may call them otherwise.
  masterDevice: Lenient.field(Node),
  slaveDevices: Lenient.items(Node),
  controlDevice: Lenient.field(Node),
  dataDevices: Lenient.items(Node)
})

/** Reads the devices, the pairs and the clusters of the domain, for those of these names. */
export const read = (place: Place, names: ReadonlyArray<string>): Effect.Effect<Inventory, SessionError> =>
  Effect.gen(function* () {
    const [devices, pairs, clusters] = yield* Effect.all([
      listed(place, "/devices/devicerecords", Device),
      listed(place, "/devicehapairs/ftddevicehapairs", Container),
      listed(place, "/deviceclusters/ftddevicecluster", Container)
    ])
    const containers = [...pairs.items, ...clusters.items].map(
      (container): Unit => ({
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
    const wanted = new Set(names.map(folded))
    const records = yield* Effect.forEach(devices.items, (device) =>
      device.metadata === undefined && [device.id, device.name ?? ""].some((one) => wanted.has(folded(one)))
        ? whole(place, device)
        : Effect.succeed(device)
    )
    return { ...joined(containers, records), unread: devices.error ?? pairs.error ?? clusters.error }
  })

/** A device's own record: a list may not say of what the device is a member. */
const whole = ({ rest }: Place, device: Device) =>
  Effect.flatMap(PathSegment.below("/devices/devicerecords", { id: device.id }), (path) =>
    rest.get(path, Device)
  ).pipe(
    Effect.catchTags({
      DeviceRefused: () => Effect.succeed(device),
      ProtocolViolation: () => Effect.succeed(device)
    })
  )

const listed = <A, I>({ rest }: Place, path: string, item: Schema.Schema<A, I>) =>
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

/** Each device with the others of its pair or cluster, by what either says of the other. */
const joined = (containers: ReadonlyArray<Unit>, devices: ReadonlyArray<Device>) => {
  const units = new Map(containers.map((container) => [folded(container.id), container]))
  const alone: Array<Unit> = []
  const strays: Array<Member> = []
  for (const { id, metadata, name } of devices) {
    const own: Member = { id, name: name ?? id }
    const details = metadata?.containerDetails
    const home =
      units.get(folded(details?.id ?? "")) ??
      [...units.values()].find(({ members }) => members.some((member) => folded(member.id) === folded(id))) ??
      [...units.values()].find((unit) => details?.name && folded(unit.name) === folded(details.name)) ??
      named(details)
    if (home !== undefined) {
      const others = home.members.filter((member) => folded(member.id) !== folded(id))
      units.set(folded(home.id), { ...home, members: [...others, own] })
    } else if (metadata?.isPartOfContainer === true) strays.push(own)
    else alone.push({ id, name: name ?? id, members: [] })
  }
  return { units: [...units.values(), ...alone], strays }
}

/** A pair or a cluster that is in neither list. */
const named = (details: { id?: string | undefined; name?: string | undefined } = {}): Unit | undefined => {
  const id = details.id || details.name
  return id ? { id, name: details.name || id, members: [] } : undefined
}
