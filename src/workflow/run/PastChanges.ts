import type { Fields, List, PlannedObjects } from "../../client/Change.ts"
import type { Entry } from "../../client/Verbs.ts"
import type { PastChange } from "../journal/RunHistory.ts"
import { isMasked } from "../Masking.ts"

/**
 * `PastChanges` are those of a run that is resumed: what it has done already, and what of it the script has not asked
 * for again so far.
 */
export interface PastChanges {
  /** `ask` takes the change of this key: the script has come to it. */
  readonly ask: (key: string) => PastChange | undefined
  /** `askUnchanged` takes those that made an object as it is, where the script finds it so. */
  readonly askUnchanged: (list: List, step: string, name: string | undefined) => PastChange | undefined
  /** `askStep` takes all of a step whose result is known. */
  readonly askStep: (step: string) => void
  /** `unasked` are those that the script has not come to yet. */
  readonly unasked: () => ReadonlyArray<PastChange>
  /**
   * `before` is what there was of a list before those that the script has not come to yet: it is to go the same way
   * again, and not another one since it finds what it has done already.
   */
  readonly before: (list: List) => PlannedObjects | undefined
}

/** `make` begins with the changes that a journal has. */
export const make = (past: ReadonlyArray<PastChange>): PastChanges => {
  const byKey = new Map<string, PastChange>()
  for (const change of past) byKey.set(change.key, change)
  const left = new Map([...byKey].filter(([, { outcome }]) => outcome !== "refused" && outcome !== "absent"))
  const of = ({ path, targetName }: List) =>
    [...left.values()].filter((one) => one.path === path && one.targetName === targetName)
  return {
    ask: (key) => {
      left.delete(key)
      return byKey.get(key)
    },
    askUnchanged: (list, step, name) => {
      const found = of(list).filter(
        (one) =>
          one.step === step && (name === undefined || one.objects.some((object) => object.name === name))
      )
      for (const { key } of found) left.delete(key)
      return found.at(-1)
    },
    askStep: (step) => {
      for (const [key, one] of left)
        if (one.step === step || one.step.startsWith(`${step} / `)) left.delete(key)
    },
    unasked: () => [...left.values()],
    before: (list) => {
      const changes = of(list)
      return changes.length === 0 ? undefined : beforeThem(changes)
    }
  }
}

/** `beforeThem` goes through them in their order: the first that has to do with an object knows how it was. */
const beforeThem = (changes: ReadonlyArray<PastChange>): PlannedObjects => {
  const present = new Map<string, Entry>()
  const removed = new Set<string>()
  for (const { became = [], objects } of changes) {
    for (const [at, { before, id = idOf(became[at]) }] of objects.entries()) {
      if (id === undefined || present.has(id) || removed.has(id)) continue
      if (before === undefined) removed.add(id)
      // What is masked is no object to show.
      else if (!isMasked(before)) present.set(id, { ...before, id })
    }
  }
  return { isPlanned: false, present, removed }
}

const idOf = (became: Fields | string | undefined): string | undefined =>
  typeof became === "object" && typeof became.id === "string" ? became.id : undefined
