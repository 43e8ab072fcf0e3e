import { type Call, jsonObject, type Route } from "../appliance/Call.ts"
import { list } from "./Query.ts"

/** `Changed` is what a change is about. */
interface Changed {
  readonly id: string
  readonly name: string
  readonly type: string
}

interface Change {
  readonly kind: "entitycreate" | "entityupdate" | "entitydelete"
  readonly object: Changed
  /** `before` is as it was deployed; none for one that never was. */
  readonly before: Changed | undefined
  /** `at` grows with each change. */
  readonly at: number
}

/** `Changes` are what was written and is not deployed yet. */
export interface Changes {
  /** `record` notes a change. There is no `before` for an object that is new, and no `after` for one that is gone. */
  readonly record: (before: Changed | undefined, after: Changed | undefined) => void
  readonly pending: ReadonlyArray<Change>
  /** `newest` is the number of the newest change, for `deployed`. */
  readonly newest: number
  /**
   * `deployed` says that everything up to this change is on the device now; what was changed again since then stays
   * pending.
   */
  readonly deployed: (upTo: number) => void
}

export const make = (): Changes => {
  const byId = new Map<string, Change>()
  let at = 0

  const record = (before: Changed | undefined, after: Changed | undefined): void => {
    const object = after ?? before
    if (object === undefined) return
    const pending = byId.get(object.id)
    const deployed = pending === undefined ? before : pending.before
    byId.delete(object.id)
    // Made and gone again between two deployments: nothing to deploy.
    if (deployed === undefined && after === undefined) return
    at += 1
    const kind =
      deployed === undefined ? "entitycreate" : after === undefined ? "entitydelete" : "entityupdate"
    byId.set(object.id, { kind, object, before: deployed, at })
  }

  const pending = (): ReadonlyArray<Change> => [...byId.values()]

  const deployed = (upTo: number): void => {
    for (const change of pending()) {
      if (change.at <= upTo) byId.delete(change.object.id)
    }
  }

  return {
    record,
    deployed,
    get pending() {
      return pending()
    },
    get newest() {
      return at
    }
  }
}

/** `routes` are those of `/operational/pendingchanges`; `settle` brings the changes up to date first. */
export const routes = (changes: Changes, settle: () => void): ReadonlyArray<Route> => [
  {
    path: /^\/api\/fdm\/[^/]+\/operational\/pendingchanges$/,
    verbs: {
      GET: (call) => {
        settle()
        return list(
          call,
          changes.pending.map((change) => shown(call, change))
        )
      }
    }
  }
]

// The shape of real devices: the links lead to no single change.
const shown = (call: Call, { kind, object, before }: Change) => ({
  entityId: object.id,
  entityName: object.name,
  entityType: object.type,
  ...(kind === "entityupdate"
    ? { valuesAdded: [], valuesUpdated: differences(before, object), valuesDeleted: [] }
    : {}),
  ...(kind === "entitycreate" ? { valuesAdded: additions(object) } : {}),
  type: kind,
  links: { self: `${call.origin}${call.path}/` }
})

const additions = (object: Changed) =>
  values(object).map(([fieldName, newValue]) => ({ fieldName, newValue, type: "valueadd" }))

const differences = (before: Changed | undefined, after: Changed) => {
  const old = new Map(before === undefined ? [] : values(before))
  return values(after)
    .filter(([fieldName, newValue]) => old.get(fieldName) !== newValue)
    .map(([fieldName, newValue]) => ({
      fieldName,
      oldValue: old.get(fieldName) ?? null,
      newValue,
      type: "valueupdate"
    }))
}

// Plain fields only, as text; members of groups are references, which the device lists in another place.
const values = (object: Changed): ReadonlyArray<readonly [string, string]> =>
  Object.entries(jsonObject(object) ?? {})
    .filter(([name, value]) => !silent.has(name) && value !== null && typeof value !== "object")
    .map(([name, value]) => [name, String(value)] as const)

const silent = new Set(["id", "type", "version"])
