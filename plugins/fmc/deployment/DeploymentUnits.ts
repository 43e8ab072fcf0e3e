import { type DeployableDevice, type Member, normalizeName } from "./DeployableDevices.ts"

/** `DeploymentUnit` is what is deployed to as one: a firewall, or a pair or a cluster with its members. */
export interface DeploymentUnit {
  readonly id: string
  readonly name: string
  readonly members: ReadonlyArray<Member>
}

/** `ListedUnit` is a unit, and what of it the FMC lists as deployable: mostly itself or nothing. */
export interface ListedUnit extends DeploymentUnit {
  readonly entries: ReadonlyArray<DeployableDevice>
}

/**
 * `withDeployable` puts each deployable device to the unit that it is, or is of; what belongs to none is a unit of its
 * own.
 */
export const withDeployable = (
  units: ReadonlyArray<DeploymentUnit>,
  deployable: ReadonlyArray<DeployableDevice>
): ReadonlyArray<ListedUnit> => {
  let all: ReadonlyArray<ListedUnit> = units.map((unit) => ({ ...unit, entries: [] }))
  for (const entry of deployable) {
    const related = unitsOf(entry, all)
    const home = sole(related) ?? sole(related.filter(({ members }) => members.length > 0))
    const { id, name } = home ?? entry
    const members = [
      ...related.flatMap((unit) => (unit.members.length > 0 ? unit.members : [unit])),
      ...(entry.deviceMembers ?? [])
    ].map((member) => ({ id: member.id, name: member.name }))
    const others = new Map(members.map((member) => [normalizeName(member.id), member]))
    others.delete(normalizeName(id))
    const entries = [...related.flatMap((unit) => unit.entries), entry]
    all = [
      ...all.filter((unit) => !related.includes(unit)),
      { id, name, members: [...others.values()], entries }
    ]
  }
  return all
}

/** `unitsOf` goes by an id; a pair may be listed under another id than it has among the pairs, and then by its name. */
const unitsOf = (entry: DeployableDevice, units: ReadonlyArray<ListedUnit>): ReadonlyArray<ListedUnit> => {
  const ids = new Set(partsOf(entry, entry.device, entry.deviceMembers).map(({ id }) => normalizeName(id)))
  const byId = units.filter((unit) =>
    partsOf(unit, undefined, unit.members).some(({ id }) => ids.has(normalizeName(id)))
  )
  if (byId.length > 0) return byId
  const byName = sole(units.filter((unit) => partsNamed(unit, normalizeName(entry.name)).length > 0))
  return byName === undefined ? [] : [byName]
}

const partsOf = (whole: Member, device: Member | undefined, members: ReadonlyArray<Member> = []) => [
  whole,
  ...(device === undefined ? [] : [device]),
  ...members
]

const sole = <A>(of: ReadonlyArray<A>): A | undefined => (of.length === 1 ? of[0] : undefined)

/** `partsNamed` gives of a unit all that goes by this name: itself, members, and what is listed as deployable. */
const partsNamed = (unit: ListedUnit, name: string): ReadonlyArray<Member> =>
  allParts(unit).filter((part) => normalizeName(part.name ?? "") === name)

const allParts = (unit: ListedUnit): ReadonlyArray<Member> => [
  ...unit.members,
  unit,
  ...unit.entries.flatMap((entry) => partsOf(entry, entry.device, entry.deviceMembers))
]

/** `FoundUnit` is something that a script named, and the unit that it is, or is a member of. */
export interface FoundUnit {
  readonly called: Member
  readonly unit: ListedUnit
}

/** `find` gives all that this may mean: the unit of this id, or those of this name. */
export const find = (units: ReadonlyArray<ListedUnit>, nameOrId: string): ReadonlyArray<FoundUnit> => {
  const wanted = normalizeName(nameOrId)
  if (wanted === "") return []
  const found = (of: (unit: ListedUnit) => ReadonlyArray<Member>) =>
    units.flatMap((unit) =>
      of(unit)
        .slice(0, 1)
        .map((called): FoundUnit => ({ called, unit }))
    )
  const byId = found((unit) => allParts(unit).filter(({ id }) => normalizeName(id) === wanted))
  return byId.length > 0 ? byId : found((unit) => partsNamed(unit, wanted))
}
