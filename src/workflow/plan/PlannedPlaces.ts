import { createHash } from "node:crypto"
import type { GatedRequest } from "../../auth/WriteGate.ts"
import type { List } from "../../client/changes/Change.ts"
import type { Target } from "../../transport/Target.ts"
import { anyVersion } from "../ApiVersion.ts"
import * as PlannedId from "./PlannedId.ts"

/** `PlannedPlaces` are the paths of devices that a plan changes. */
export interface PlannedPlaces {
  /** `meet` says whether a device can be told from those that were met, by its name. */
  readonly meet: (target: Pick<Target, "name" | "origin" | "basePath">) => boolean
  /** `keyOf` is the same for all spellings of a list's path, and for all names of its device. */
  readonly keyOf: (list: List) => string
  /** `plannedId` stands for the id that a device will give: safe in a path, and the same in each plan of the same. */
  readonly plannedId: (list: List, name: string | undefined) => string
  /** `change` takes an object of a list that is changed, or removed. */
  readonly change: (list: List, id: string, isRemoved: boolean) => void
  /** `isChanged` says whether anything of a device is changed. */
  readonly isChanged: (list: Pick<List, "targetName">) => boolean
  /** `isPlanned` says whether a text names what is only planned: the device has nothing of it. */
  readonly isPlanned: (text: string) => boolean
  /** `unknown` says why nobody knows what a read shows once the plan is carried out; `undefined` where it is known. */
  readonly unknown: (request: Omit<GatedRequest, "method" | "writes">, marks: ReadMarks) => string | undefined
}

/** `ReadMarks` say who reads. */
interface ReadMarks {
  /** `isShown` says that what is planned is added to what it shows. */
  readonly isShown: boolean
  /** `describes` says that it is part of what a change is described by. */
  readonly describes: boolean
}

/** `make` begins with no change. */
export const make = (): PlannedPlaces => {
  const origins = new Map<string, string>()
  const ids = new Set<string>()
  const changed = new Set<string>()
  const removed = new Set<string>()
  const changedDevices = new Set<string>()

  const deviceOf = (targetName: string) => origins.get(targetName) ?? targetName
  const keyOf = ({ path, targetName }: List) => `${deviceOf(targetName)}${spelled(path)}`
  const isPlanned = (text: string) => [...text.matchAll(PlannedId.all)].some(([id]) => ids.has(id))

  return {
    meet: ({ basePath, name, origin }) => {
      const known = origins.get(name) ?? `${origin}${basePath}`
      origins.set(name, known)
      return known === `${origin}${basePath}`
    },
    keyOf,
    plannedId: ({ path, targetName }, name = "") => {
      for (let times = 0; ; times++) {
        const facts = JSON.stringify([targetName, path, name, times])
        const id = PlannedId.make(createHash("sha256").update(facts).digest("hex"))
        if (ids.has(id)) continue
        ids.add(id)
        return id
      }
    },
    change: (list, id, isRemoved) => {
      const one = `${keyOf(list)}${spelled(id)}`
      for (const place of [keyOf(list), one]) changed.add(place)
      if (isRemoved) removed.add(one)
      changedDevices.add(deviceOf(list.targetName))
    },
    isChanged: ({ targetName }) => changedDevices.has(deviceOf(targetName)),
    isPlanned,
    unknown: ({ path, query, target, tellsOfChanges }, { describes, isShown }) => {
      if (isPlanned(`${path}?${query}`)) return "it reads what is only planned so far."
      const device = deviceOf(target.name)
      const key = `${device}${spelled(path)}`
      if (above(key).some((one) => removed.has(one))) return "it reads below what would be removed by then."
      if (!isShown && changed.has(key)) return "it reads what is only planned so far."
      return tellsOfChanges && !describes && changedDevices.has(device)
        ? "what it tells depends on what is only planned so far."
        : undefined
    }
  }
}

/** `spelled` gives the one spelling of a path, whatever version of the API it names. */
const spelled = (path: string): string =>
  anyVersion(
    `/${decoded(path.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, ""))}`
      .toLowerCase()
      .replace(/[/\\]+/g, "/")
      .replace(/\/$/, "")
  )

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** `above` are the paths above a path. */
const above = (key: string): ReadonlyArray<string> =>
  [...key.matchAll(/\//g)].map(({ index }) => key.slice(0, index))
