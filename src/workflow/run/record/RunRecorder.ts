import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { SessionError } from "../../../auth/AuthError.ts"
import type { RunRefused } from "../../../auth/RunRefused.ts"
import type * as WriteGate from "../../../auth/WriteGate.ts"
import type { Change, Recorder } from "../../../client/changes/Change.ts"
import { textsOf } from "../../../client/fields/Secrets.ts"
import type { PastChange } from "../../journal/RunHistory.ts"
import { RunStore } from "../../journal/RunStore.ts"
import * as Unchanged from "../../plan/Unchanged.ts"
import { CurrentStep } from "../../Step.ts"
import type { Observer } from "../account/Observer.ts"
import type { RunJournal } from "../RunJournal.ts"
import * as RunStop from "../RunStop.ts"
import * as RunTraffic from "../RunTraffic.ts"
import * as PastChanges from "../resume/PastChanges.ts"
import * as Replay from "../resume/Replay.ts"
import { cameFurther, cameToAll, IsMending, mayGoOn } from "../resume/Resuming.ts"
import * as Showings from "../resume/Showings.ts"
import * as Written from "../resume/Written.ts"
import * as ChangeKey from "./ChangeKey.ts"
import * as RunGate from "./RunGate.ts"
import * as RunNarrator from "./RunNarrator.ts"
import type { RunRules } from "./RunRules.ts"
import * as Sender from "./Sender.ts"

/** `RunRecorder` sends what a workflow changes, and writes each change down before and after it. */
export interface RunRecorder {
  readonly recorder: Recorder
  readonly gate: WriteGate.Gate
  readonly narrator: RunNarrator.RunNarrator
  /** `removed` is what an earlier go has removed further on. */
  readonly removed: PastChanges.PastChanges["removed"]
  readonly traffic: RunTraffic.RunTraffic
  readonly stop: RunStop.RunStop
  /** `settled` says that the journal tells of all that an earlier go had begun. */
  readonly settled: () => void
  readonly unchanged: Unchanged.Unchanged["facts"]
  /** `replayed` are the numbers of the changes that were answered from the journal. */
  readonly replayed: ReadonlySet<number>
  /** `cameToAll` fails where the script is over, and has not asked for all that an earlier go has done. */
  readonly cameToAll: Effect.Effect<void, RunRefused>
  /** `unasked` are the numbers of the changes that it did not ask for by then. */
  readonly unasked: () => ReadonlyArray<number>
}

/** `make` begins a run, or goes on with what its journal has of it. */
export const make = (
  journal: RunJournal,
  rules: RunRules,
  read: Replay.Read,
  observer: Pick<Observer, "tell">
): Effect.Effect<RunRecorder> =>
  Effect.zipWith(RunStop.make, RunStore, (stop, { isShared }) => {
    const keys = ChangeKey.make(journal.masked)
    let past = PastChanges.make([])
    const traffic = RunTraffic.make()
    const showings = Showings.make()
    const written = Written.make()
    const sender = Sender.make(journal, rules, stop, {
      showings,
      written,
      patience: isShared ? patience.shared : patience.own
    })
    const replayed = new Set<number>()
    let unasked: ReadonlyArray<number> = []
    const unchanged = Unchanged.make()

    const begin = <A, E, R>(
      change: Change<A>,
      place: RunStop.Place,
      key: string,
      send: Effect.Effect<A, E, R>,
      /** `earlier` is the same change in an earlier go: the script goes the same way. */
      earlier: PastChange | undefined
    ): Effect.Effect<A, E | SessionError, R> =>
      Effect.gen(function* () {
        if (earlier === undefined) yield* mayGoOn(past, traffic, stop, place)
        return yield* sender.send(yield* besideOthers(change), place, key, send)
      })

    /** `isIdle` says of what may have nothing to do that it has not, or had not when an earlier go came past it. */
    const isIdle = <A>({ isIdle }: Change<A>) =>
      isIdle === false ? cameFurther(past, traffic) : Effect.succeed(isIdle === true)

    const replay = <A>(
      change: Change<A>,
      place: RunStop.Place,
      earlier: PastChange
    ): Effect.Effect<A, SessionError> =>
      Effect.gen(function* () {
        replayed.add(earlier.number)
        yield* rules.replayed(change, place.step)
        rules.made(change, Sender.idsOf(change, earlier.became))
        written.take(change, earlier.became)
        return yield* Replay.answered(change, earlier, read).pipe(
          Effect.provideService(IsMending, true),
          Effect.catchAll((error) =>
            typeof error === "string" ? stop.at(place, "OutcomeUnknown", error) : Effect.fail(error)
          )
        )
      })

    const recorder: Recorder = {
      isPlan: false,
      record: <A, E, R>(change: Change<A>, send: Effect.Effect<A, E, R>) =>
        Effect.gen(function* () {
          const step = yield* CurrentStep
          const { action, objects, path, targetName } = change
          const place = { targetName, action, path, step }
          yield* stop.check(place)
          journal.learn(textsOf(change))
          // Also where it describes less than it did, since that is there already: it is known by what is wanted.
          const key = keys.ofChange(change, step)
          const earlier = past.ask(key).at(-1)
          if (earlier === undefined && change.planned !== undefined && (yield* isIdle(change))) {
            unchanged.note(change, objects[0]?.name)
            rules.passed(change, step)
            return change.planned([])
          }
          const outcome = earlier?.outcome
          if (objects.length === 0 && change.planned !== undefined && outcome !== "done") {
            unchanged.note(change, undefined)
            if (change.wanted === undefined) past.askUnchanged(change, step, undefined)
            return change.planned([])
          }
          if (earlier?.refusal !== undefined && earlier.wentOn)
            return yield* Replay.refusedAgain(earlier, earlier.refusal)
          if (earlier === undefined || outcome === "refused" || outcome === "absent")
            return yield* begin(change, place, key, send, earlier)
          if (outcome === "done") return yield* replay(change, place, earlier)
          if (change.look !== undefined) {
            const found = yield* Effect.catchTag(
              Replay.lookAgain(change.look, earlier),
              "OutcomeUnknown",
              () => stop.at(place, "OutcomeUnknown", Replay.doubt(earlier))
            )
            yield* sender.settle(change, place, earlier, found)
            return Option.isSome(found) ? found.value : yield* begin(change, place, key, send, earlier)
          }
          return yield* change.isRepeatable === true
            ? begin(change, place, key, send, earlier)
            : stop.at(place, "OutcomeUnknown", Replay.doubt(earlier))
        }),
      noteUnchanged: (list, name) =>
        Effect.gen(function* () {
          const step = yield* CurrentStep
          unchanged.note(list, name)
          const earlier = past.askUnchanged(list, step, name)
          if (earlier === undefined) return "unchanged"
          // It was begun, and here it is.
          if (earlier.outcome !== "done")
            yield* Effect.ignore(journal.append({ _tag: "outcome", number: earlier.number, outcome: "done" }))
          return earlier.action === "create" ? "created" : "updated"
        }),
      plannedObjects: (list, selection) => past.before(list, selection),
      written: written.of,
      shows: showings.begin,
      unknowable: () => Effect.void
    }

    return {
      recorder,
      gate: RunGate.make(sender, stop, traffic, (place) => past.isGone(place)),
      narrator: RunNarrator.make({
        journal,
        keys,
        past: () => past,
        sender,
        stop,
        tell: (event) => observer.tell(journal.masked(event)),
        traffic
      }),
      removed: (place) => past.removed(place),
      traffic,
      stop,
      settled: () => {
        past = PastChanges.make(journal.history.changes())
      },
      unchanged: unchanged.facts,
      replayed,
      cameToAll: Effect.suspend(() =>
        cameToAll(past, traffic, stop, (numbers) => {
          unasked = numbers
        })
      ),
      unasked: () => unasked
    }
  })

// How long the answer of a write is waited for where its run is interrupted: as that of a request of an undo. Another
// process that goes on with it looks for what became of it, and whoever ends this one waits no longer.
const patience = { own: "30 seconds", shared: "1 second" } as const

/** `besideOthers` is a change that knows what was there before it, since it is about to be sent. */
const besideOthers = <A>(change: Change<A>): Effect.Effect<Change<A>, SessionError> =>
  change.others === undefined
    ? Effect.succeed(change)
    : Effect.map(change.others, (others) => ({
        ...change,
        objects: change.objects.map((object, at) => ({ ...object, others: others[at] })),
        undo: (answer) => change.undo(answer, others)
      }))
