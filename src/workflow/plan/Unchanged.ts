import * as Schema from "effect/Schema"
import type { List } from "../../client/changes/Change.ts"

/** `UnchangedObject` is an object that was looked at, and is as it is wanted. */
export const UnchangedObject = Schema.Struct({
  /** `device` is the name of its target. */
  device: Schema.String,
  /** `kind` is what it is, such as `Host`. */
  kind: Schema.String,
  name: Schema.optional(Schema.String)
})
export type UnchangedObject = typeof UnchangedObject.Type

/** `unchangedFacts` say what is as it is wanted: in a plan, and in a report. */
export const unchangedFacts = {
  /** `unchanged` counts the objects that were looked at and are as they are wanted. */
  unchanged: Schema.NonNegativeInt,
  /** `unchangedObjects` are the first 1,000 of them. It is left out where nobody has written them down. */
  unchangedObjects: Schema.optional(Schema.Array(UnchangedObject))
}

/** `Unchanged` counts what is as it is wanted. */
export interface Unchanged {
  readonly note: (list: Pick<List, "targetName" | "path"> & Kind, name: string | undefined) => void
  readonly facts: () => {
    readonly unchanged: number
    readonly unchangedObjects: ReadonlyArray<UnchangedObject>
  }
}

interface Kind {
  readonly kind?: string | undefined
}

/** `make` begins with nothing. */
export const make = (): Unchanged => {
  const objects: Array<UnchangedObject> = []
  let unchanged = 0
  return {
    note: ({ kind, path, targetName }, name) => {
      unchanged += 1
      if (objects.length >= maxObjects) return
      const called = kind ?? path.split("/").at(-1) ?? path
      objects.push({ device: targetName, kind: called, ...(name !== undefined && { name }) })
    },
    facts: () => ({ unchanged, unchangedObjects: [...objects] })
  }
}

// A list of many thousands tells nobody more.
const maxObjects = 1000
