import * as Effect from "effect/Effect"
import type { SessionError } from "../../auth/AuthError.ts"
import type { JournalFailed } from "../journal/JournalFailed.ts"
import type { Outcome } from "../journal/JournalLine.ts"
import type { PastChange } from "../journal/RunHistory.ts"
import { masked } from "../Masking.ts"
import { type Looked, look } from "../undo/Look.ts"
import type { RunDevices } from "./RunDevices.ts"
import type { RunJournal } from "./RunJournal.ts"

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
        const others = madeBefore(journal.history.changes(), change)
        const became = settled(change, yield* look(device, change)).map((one) =>
          isOneOf(one, others) ? { became: "none" as const } : one
        )
        yield* journal.append({ _tag: "outcome", number: change.number, ...overall(became) })
      }),
    { discard: true }
  )

type Became = Exclude<Outcome["became"], undefined>

const isOpen = ({ became, outcome }: PastChange): boolean =>
  outcome === undefined || outcome === "unknown" || became?.includes("unknown") === true

/**
 * `madeBefore` are the ids of what earlier changes of the run have created in the list of a creation: what is found there
 * is theirs, and this one was refused or never sent.
 */
const madeBefore = (
  all: ReadonlyArray<PastChange>,
  { action, number, path, targetName }: PastChange
): ReadonlySet<unknown> =>
  new Set(
    action !== "create"
      ? []
      : all
          .filter((one) => one.number < number && one.path === path && one.targetName === targetName)
          .flatMap((one) => (one.action === "create" ? (one.became ?? []) : []))
          .flatMap((one) => (typeof one === "string" ? [] : [one.id]))
  )

const isOneOf = ({ became }: Settled, ids: ReadonlySet<unknown>): boolean =>
  typeof became === "object" && became.id !== undefined && ids.has(became.id)

interface Settled {
  readonly became: Became[number]
  readonly why?: string
}

const settled = ({ became }: PastChange, looked: ReadonlyArray<Looked>): ReadonlyArray<Settled> =>
  looked.map((one, at) => {
    const known = became?.[at]
    return known !== undefined && known !== "unknown" ? { became: known } : seen(one)
  })

const seen = (looked: Looked): Settled => {
  switch (looked.how) {
    case "happened":
      return { became: looked.item === undefined ? "done" : (masked(looked.item) as Became[number]) }
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
