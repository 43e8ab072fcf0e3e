import type { Description, ObjectChange } from "../../../client/changes/Change.ts"
import { declared, masked, type Secrets } from "../../../client/fields/Secrets.ts"
import { withoutDeviceFields } from "../../../client/objects/ObjectWrites.ts"
import { anyVersion } from "../../ApiVersion.ts"
import { digestOf } from "../../Digest.ts"

/** `ChangeKeys` give what changes and steps are known by in a journal. */
export interface ChangeKeys {
  /**
   * `ofChange` is made of where a change is asked for and of what is wanted, and not of a running number: changes side by
   * side come in any order. Secrets do not count.
   */
  readonly ofChange: (change: Description & { readonly wanted?: unknown }, step: string) => string
  /** `ofStep` is that of a step, or of what has no description. */
  readonly ofStep: (kind: "step" | "unplanned", step: string, name: string) => string
}

/** `make` counts equals by their order; what is `hidden` does not count. */
export const make = (hidden: <A>(value: A) => A): ChangeKeys => {
  const seen = new Map<string, number>()
  const counted = (facts: ReadonlyArray<unknown>): string => {
    const digest = digestOf(hidden(facts)).slice(0, 20)
    const count = (seen.get(digest) ?? 0) + 1
    seen.set(digest, count)
    return count === 1 ? digest : `${digest}#${count}`
  }
  return {
    ofChange: ({ action, objects, path, place, secrets, targetName, wanted }, step) => {
      const known = declared(secrets)
      const all = masked(wanted, known) ?? objects.map((object) => wantedOf(object, known))
      return counted([
        "change",
        step,
        targetName,
        anyVersion(path),
        action,
        all,
        ...(place === undefined ? [] : [place])
      ])
    },
    ofStep: (kind, step, name) => counted([kind, step, name])
  }
}

const wantedOf = ({ after, id, name }: ObjectChange, secrets: Secrets) => [
  name ?? null,
  id ?? null,
  after === undefined ? null : masked(withoutDeviceFields(after), secrets)
]
