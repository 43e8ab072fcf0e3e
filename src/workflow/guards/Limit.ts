import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"

/** `Limits` are how many objects a run may change. One that is left out is none. */
export interface Limits {
  /** `all` counts each change of an object, its removal too. */
  readonly all?: number | undefined
  /** `changes` counts the same but for removals, and `removals` those. */
  readonly changes?: number | undefined
  readonly removals?: number | undefined
}

/** `Counts` are how many objects are changed: one that is changed twice counts twice. */
export interface Counts {
  readonly changes: number
  readonly removals: number
}

/** `countsOf` counts objects by what is done to them. */
export const countsOf = (actions: ReadonlyArray<string>): Counts => {
  const removals = actions.filter((action) => action === "remove").length
  return { changes: actions.length - removals, removals }
}

/** `excess` says by how much counts are above the limits, as the end of a sentence; `undefined` where they are not. */
export const excess = (limits: Limits, { changes, removals }: Counts): string | undefined => {
  const kinds: ReadonlyArray<readonly [number, number | undefined, string]> = [
    [changes + removals, limits.all, "changed, removals counted in"],
    [changes, limits.changes, "created or changed"],
    [removals, limits.removals, "removed"]
  ]
  const over = kinds.filter(([count, limit]) => limit !== undefined && count > limit)
  if (over.length === 0) return undefined
  return over.map(([count, limit, what]) => `${count} ${what}, where the limit is ${limit}`).join("; ")
}

/** `Counter` counts what a run changes. */
export interface Counter {
  /** `add` counts without a look at the limits. */
  readonly add: (counts: Counts) => Effect.Effect<void>
  /** `take` counts what is within the limits, and gives else by how much it is not. No two take the same room. */
  readonly take: (counts: Counts) => Effect.Effect<string | undefined>
}

/** `counter` begins at none. */
export const counter = (limits: Limits): Effect.Effect<Counter> =>
  Effect.map(Ref.make<Counts>({ changes: 0, removals: 0 }), (counted) => ({
    add: (counts) => Ref.update(counted, (before) => sum(before, counts)),
    take: (counts) =>
      Ref.modify(counted, (before) => {
        const after = sum(before, counts)
        const over = excess(limits, after)
        return [over, over === undefined ? after : before]
      })
  }))

const sum = (one: Counts, other: Counts): Counts => ({
  changes: one.changes + other.changes,
  removals: one.removals + other.removals
})
