import * as Arr from "effect/Array"
import type { ObjectChange } from "../../client/changes/Change.ts"
import type { JournaledChange, TakenBack } from "./JournaledChange.ts"
import type { Begun, Intent, JournalLine, Outcome } from "./JournalLine.ts"

/** `PastChange` is a change as a journal has it, and what a resumed run answers for it. */
export interface PastChange extends JournaledChange {
  /** `key` is what it is known by. */
  readonly key: string
  readonly became: Outcome["became"]
  readonly answer: Outcome["answer"]
  readonly error: Outcome["error"]
  readonly refusal: Outcome["refusal"]
  /** `wentOn` says that the run has made another change after this one was refused: its script has taken that. */
  readonly wentOn: boolean
}

/** `idOf` is the id that an object of a change has then, where it is known. */
export const idOf = (
  became: Exclude<Outcome["became"], undefined>[number] | undefined
): string | undefined => (typeof became === "object" && typeof became.id === "string" ? became.id : undefined)

/** `RunHistory` is what a journal tells of a run, line by line. */
export interface RunHistory {
  readonly take: (line: JournalLine) => void
  /** `changes` are in the order of their sending. */
  readonly changes: () => ReadonlyArray<PastChange>
  readonly change: (number: number) => PastChange | undefined
  /** `begun` is its first line; `undefined` before that. */
  readonly begun: () => Begun | undefined
  /** `results` are those of its steps, by their keys. */
  readonly results: ReadonlyMap<string, unknown>
  /** `isUndoing` says that its undo has begun. */
  readonly isUndoing: () => boolean
  /** `ended` is how it has ended, unless it was killed or goes on. */
  readonly ended: () => Ended | undefined
}

type TookBack = Extract<JournalLine, { readonly _tag: "tookBack" }>
type Ended = Extract<JournalLine, { readonly _tag: "ended" }>

/** `make` begins with nothing. */
export const make = (): RunHistory => {
  const changes = new Map<number, PastChange>()
  const results = new Map<string, unknown>()
  const refused: Array<number> = []
  let begun: Begun | undefined
  let isUndoing = false
  let ended: Ended | undefined
  const amend = (number: number, change: (past: PastChange) => Partial<PastChange>) => {
    const past = changes.get(number)
    if (past !== undefined) changes.set(number, { ...past, ...change(past) })
  }
  const goOn = () => {
    for (const number of refused.splice(0)) amend(number, () => ({ wentOn: true }))
  }
  const take = (number: number, ends: ReadonlyArray<readonly [request: number, end: TakenBack | "begun"]>) =>
    amend(number, ({ takenBack }) => ({ takenBack: new Map([...takenBack, ...ends]) }))
  /** `takeAll` takes what is of one change at once. */
  const takeAll = <A extends { readonly number: number }>(
    all: ReadonlyArray<A>,
    endOf: (one: A) => readonly [request: number, end: TakenBack | "begun"]
  ) => {
    for (const ends of Object.values(Arr.groupBy(all, ({ number }) => String(number))))
      take(ends[0].number, ends.map(endOf))
  }
  return {
    changes: () => [...changes.values()],
    change: (number) => changes.get(number),
    begun: () => begun,
    results,
    isUndoing: () => isUndoing,
    ended: () => ended,
    take: (line) => {
      switch (line._tag) {
        case "begun":
          begun = line
          return
        case "resumed":
          // Where it ended by a refusal, it is tried again.
          refused.length = 0
          ended = undefined
          return
        case "intent":
          goOn()
          changes.set(line.number, fromIntent(line))
          return
        case "outcome":
          if (line.outcome === "refused") refused.push(line.number)
          return amend(line.number, (past) => withOutcome(past, line))
        case "step":
          goOn()
          results.set(line.key, line.result)
          return
        case "undoing":
          isUndoing = true
          return
        case "takingBack":
          return take(line.number, [[line.request, "begun"]])
        case "takingAllBack":
          return takeAll(line.requests, ({ request }) => [request, "begun"])
        case "tookBack":
          return take(line.number, [endOf(line)])
        case "tookAllBack":
          return takeAll(line.results, endOf)
        case "ended":
          ended = line
          return
      }
    }
  }
}

const endOf = ({
  how,
  newId,
  request = 0,
  why
}: Pick<TookBack, "how" | "newId" | "request" | "why">): readonly [number, TakenBack] => [
  request,
  { how, newId, why }
]

const objectOf = ({ name, ...rest }: Intent["objects"][number]): ObjectChange => ({ ...rest, name })

/** `fromIntent` is a change of which no more is known than that it was about to be sent. */
const fromIntent = ({ _tag, at: _at, device, objects, undo, ...intent }: Intent): PastChange => ({
  ...intent,
  targetName: device,
  objects: objects.map(objectOf),
  undo: undoOf(undo),
  outcome: undefined,
  takenBack: new Map(),
  became: undefined,
  answer: undefined,
  error: undefined,
  refusal: undefined,
  wentOn: false
})

/** `withOutcome` is what is known of it then. */
const withOutcome = (
  past: PastChange,
  { answer, became, error, outcome, refusal, undo }: Omit<Outcome, "_tag" | "at" | "number">
): PastChange => ({
  ...past,
  outcome,
  became: became ?? past.became,
  answer: answer ?? past.answer,
  error,
  refusal,
  undo: undo === undefined ? past.undo : undoOf(undo)
})

const undoOf = (undo: Intent["undo"]): JournaledChange["undo"] =>
  "cannot" in undo ? undo : undo.map((request) => ({ ...request, expect: request.expect }))
