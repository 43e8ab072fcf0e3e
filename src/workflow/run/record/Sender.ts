import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { RunRefused } from "../../../auth/RunRefused.ts"
import {
  type Change,
  Changes,
  type Description,
  type Lookup,
  type ObjectChange
} from "../../../client/changes/Change.ts"
import * as Secrets from "../../../client/fields/Secrets.ts"
import { redactedSpan } from "../../../transport/RedactedSpan.ts"
import { idOf, type PastChange } from "../../journal/RunHistory.ts"
import { safe } from "../../SafeUndo.ts"
import type { RunJournal } from "../RunJournal.ts"
import type { Place, RunStop } from "../RunStop.ts"
import type { Showings } from "../resume/Showings.ts"
import type { Written } from "../resume/Written.ts"
import { answered } from "./Answered.ts"
import { withLeftBelow } from "./LeftBelow.ts"
import * as Outcome from "./Outcome.ts"
import type { RunRules } from "./RunRules.ts"
import { Sending } from "./Sending.ts"

/** `Sender` sends changes, each written down before and after it. */
export interface Sender {
  readonly send: <A, E, R>(
    change: Change<A>,
    place: Place,
    key: string,
    send: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E | RunRefused, R>
  /** `settle` writes down what became of a change that an earlier go had begun. */
  readonly settle: <A>(
    change: Change<A>,
    place: Place,
    earlier: PastChange,
    found: Option.Option<A>
  ) => Effect.Effect<void, RunRefused>
  /** `write` writes down what is done; where that cannot be, the run ends before anything else is sent. */
  readonly write: (place: Place, line: Line) => Effect.Effect<void, RunRefused>
}

type Line = Parameters<RunJournal["append"]>[0]

/** `OfRun` is what a run has shown and written, and how long it waits, once interrupted, for the answer of a write. */
interface OfRun {
  readonly showings: Pick<Showings, "of">
  readonly written: Pick<Written, "take">
  readonly patience: Duration.DurationInput
}

/** `make` sends what the rules let through. */
export const make = (
  journal: RunJournal,
  rules: RunRules,
  stop: RunStop,
  { patience, showings, written }: OfRun
): Sender => {
  const append = (place: Place, line: Line, sent: RunRefused["sent"]) =>
    Effect.catchAll(journal.append(line), (error) => stop.at(place, "JournalFailed", error.message, sent))
  const write: Sender["write"] = (place, line) => append(place, line, "maybe")

  return {
    write,
    settle: (change, place, { number }, found) =>
      write(place, {
        _tag: "outcome",
        number,
        ...(Option.isSome(found)
          ? Outcome.outcomeOf(change, Exit.succeed(found.value))
          : { outcome: "absent" })
      }),
    send: (change, place, key, send) =>
      Effect.uninterruptibleMask((restore) =>
        Effect.gen(function* () {
          // It may wait for its change window: whoever interrupts it meanwhile has not begun anything.
          yield* Effect.catchAll(restore(rules.before(change, place.step)), ({ reason, why }) =>
            stop.at(place, why, reason)
          )
          yield* stop.check(place)
          const number = journal.nextNumber()
          const {
            action,
            holds,
            inBulk,
            kind,
            lookup,
            objects,
            path,
            query,
            secrets,
            settings,
            targetName: device
          } = change
          const { place: at } = change
          const shown = showings.of(change)
          const intent: Line = {
            _tag: "intent",
            number,
            key,
            step: place.step,
            device,
            path,
            ...(query && { query }),
            kind,
            action,
            ...(at && { place: at }),
            ...(lookup && { lookup: keptLookup(lookup, secrets) }),
            ...(inBulk && { inBulk }),
            ...(holds !== undefined && holds.length > 0 && { holds }),
            ...(settings && { settings }),
            ...(secrets && { secrets }),
            objects: objects.map((object) => asKept(object, secrets)),
            ...(shown.length > 0 && { shown }),
            undo: safe(change.undo(Option.none()), change)
          }
          yield* append(place, intent, "no")
          const described = send.pipe(
            Effect.mapError((error) => Secrets.withoutEcho(error, Secrets.textsOf(change))),
            redactedSpan("sallyport.change", { target: device, number, action, kind, path }),
            Effect.provideService(Sending, "described"),
            Effect.provideService(Changes, undefined)
          )
          const { exit, wasAccepted } = yield* answered(described, patience, restore)
          const outcome = Outcome.outcomeOf(change, exit, wasAccepted)
          rules.made(change, idsOf(change, outcome.became))
          if (outcome.outcome === "done") written.take(change, outcome.became)
          yield* write(place, { _tag: "outcome", number, ...outcome })
          const undo = yield* withLeftBelow(change, journal.history.change(number)?.undo, patience)
          if (undo !== undefined) yield* write(place, { _tag: "outcome", number, ...outcome, undo })
          return yield* exit
        })
      )
  }
}

/** `idsOf` are the ids that its objects have then, as far as they are known. */
export const idsOf = (
  { objects }: { readonly objects: ReadonlyArray<ObjectChange> },
  became: PastChange["became"]
): ReadonlyArray<string | undefined> => objects.map(({ id }, at) => id ?? idOf(became?.[at]))

/** `asKept` is what becomes of an object, as JSON says it, without secrets. */
const asKept = ({ after, before, id, name, others = [] }: ObjectChange, secrets: Description["secrets"]) => ({
  ...(name !== undefined && { name }),
  ...(id !== undefined && { id }),
  ...(before !== undefined && { before: Secrets.maskedFields(before, Secrets.declared(secrets)) }),
  ...(after !== undefined && { after: Secrets.maskedFields(after, Secrets.declared(secrets)) }),
  ...(others.length > 0 && { others })
})

const keptLookup = ({ where, ...lookup }: Lookup, secrets: Description["secrets"]): Lookup => ({
  ...lookup,
  ...(where && { where: Secrets.maskedFields(where, Secrets.declared(secrets)) })
})
