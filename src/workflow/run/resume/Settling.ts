import * as Effect from "effect/Effect"
import type { SessionError } from "../../../auth/AuthError.ts"
import { differs } from "../../../client/fields/Difference.ts"
import { nameKey } from "../../../client/fields/FieldEquality.ts"
import type { Fields } from "../../../client/fields/ListEntry.ts"
import { declared, masked, type Secrets } from "../../../client/fields/Secrets.ts"
import type { Present } from "../../journal/JournaledChange.ts"
import type { JournalFailed } from "../../journal/JournalFailed.ts"
import type { Outcome } from "../../journal/JournalLine.ts"
import type { PastChange } from "../../journal/RunHistory.ts"
import { type Looked, look } from "../../undo/Look.ts"
import * as Readings from "../../undo/Readings.ts"
import type { UndoDevice } from "../../undo/UndoDevice.ts"
import type { RunDevices } from "../RunDevices.ts"
import type { RunJournal } from "../RunJournal.ts"

/**
 * `settle` looks for what a run had begun when it was killed, by the schedule of read-back, and writes down what became
 * of it. What nobody can look for stays unknown. Fails as sessions do.
 */
export const settle = (
  journal: RunJournal,
  devices: RunDevices
): Effect.Effect<void, SessionError | JournalFailed> =>
  Effect.forEach(
    journal.history.changes().filter(isOpen),
    (change) =>
      Effect.gen(function* () {
        const device = devices.of(change.targetName)
        if (device === undefined) return
        const others = othersOf(journal.history.changes(), change)
        const looked = yield* besideOthers(device, change, yield* look(device, change), others)
        const became = settled(change, looked)
        yield* journal.append({ _tag: "outcome", number: change.number, ...overall(became) })
      }),
    { discard: true }
  )

type Became = Exclude<Outcome["became"], undefined>

const isOpen = ({ became, outcome }: PastChange): boolean =>
  outcome === undefined || outcome === "unknown" || became?.includes("unknown") === true

/**
 * `othersOf` are the ids of what is not of a creation, however alike: what was there before it, and what earlier changes
 * of the run have created in its list.
 */
const othersOf = (
  all: ReadonlyArray<PastChange>,
  { action, number, objects, path, targetName }: PastChange
): ReadonlySet<unknown> =>
  new Set(
    action !== "create"
      ? []
      : all
          .filter((one) => one.number < number && one.path === path && one.targetName === targetName)
          .flatMap((one) => (one.action === "create" ? (one.became ?? []) : []))
          .flatMap((one) => (typeof one === "string" ? [] : [one.id]))
          .concat(objects.flatMap(({ others = [] }) => others))
  )

/** `besideOthers` looks once more for what is not where the others of its name are: it was refused, or never sent. */
const besideOthers = (
  device: UndoDevice,
  change: PastChange,
  all: ReadonlyArray<Looked>,
  others: ReadonlySet<unknown>
): Effect.Effect<ReadonlyArray<Looked>, SessionError> => {
  const isOther = (one: Looked) => "item" in one && one.item !== undefined && others.has(one.item.id)
  if (!all.some(isOther)) return Effect.succeed(all)
  return Effect.map(Readings.make(device, () => 0).all(change), (items) =>
    all.map((one, at): Looked => {
      if (!isOther(one)) return one
      const { after = {}, name } = change.objects[at] ?? {}
      const own = items
        .filter(isPresent)
        .find(
          (item) => !others.has(item.id) && isNamed(item, name) && !differs(after, item, { secrets: false })
        )
      return own === undefined ? { how: "notHappened" } : { how: "happened", item: own }
    })
  )
}

const isPresent = (item: Fields): item is Present => typeof item.id === "string"

const isNamed = (item: Fields, name: string | undefined): boolean =>
  name === undefined || (typeof item.name === "string" && nameKey(item.name) === nameKey(name))

interface Settled {
  readonly became: Became[number]
  readonly why?: string
}

const settled = ({ became, secrets }: PastChange, looked: ReadonlyArray<Looked>): ReadonlyArray<Settled> =>
  looked.map((one, at) => {
    const known = became?.[at]
    return known !== undefined && known !== "unknown" ? { became: known } : seen(one, declared(secrets))
  })

const seen = (looked: Looked, secrets: Secrets): Settled => {
  switch (looked.how) {
    case "happened":
      return { became: looked.item === undefined ? "done" : (masked(looked.item, secrets) as Became[number]) }
    case "notHappened":
      return { became: "none" }
    case "changedSince":
      return { became: "unknown", why: "somebody has changed it since." }
    case "unknown":
      return { became: "unknown", why: looked.why }
  }
}

const overall = (all: ReadonlyArray<Settled>): Pick<Outcome, "outcome" | "became" | "error"> => {
  const became = all.map((one) => one.became)
  if (became.includes("unknown")) {
    const message = all.find(({ why }) => why !== undefined)?.why ?? "its answer was lost."
    return { outcome: "unknown", became, error: { tag: "OutcomeUnknown", message } }
  }
  return { outcome: became.every((one) => one === "none") ? "absent" : "done", became }
}
