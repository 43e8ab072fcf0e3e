import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import { allOrNothing } from "./AllOrNothing.ts"
import * as Appending from "./Appending.ts"
import * as JournalAccess from "./JournalAccess.ts"
import { JournalFailed } from "./JournalFailed.ts"
import * as JournalPlace from "./JournalPlace.ts"
import { RunHeld } from "./RunHeld.ts"
import * as RunLock from "./RunLock.ts"

/** `JournalFile` is the file of one run, a JSON value a line, to which this process alone adds. */
export interface JournalFile {
  readonly path: string
  /** `lines` are those that were there when it was opened. */
  readonly lines: ReadonlyArray<unknown>
  /**
   * `append` adds a line, and succeeds when a power cut would leave it there, if it has to be lasting. Lines are added
   * one at a time, in the order of the calls, uninterruptibly. One that fails leaves nothing behind; where that cannot be
   * had, all that come later fail as well.
   */
  readonly append: Appending.Append
}

/**
 * `create` begins the journal of a run, which this process has to itself until the scope closes. Fails with
 * `JournalFailed`, of which the reason is `Exists` where another run has this id, and with `InvalidInput` where it can be
 * no id.
 */
export const create = (
  options: JournalPlace.JournalHome,
  run: string
): Effect.Effect<JournalFile, JournalFailed | InvalidInput, Scope.Scope> =>
  Effect.gen(function* () {
    const place = yield* JournalPlace.make(options, run)
    // Whoever has it began a run with this id a moment ago.
    const exists = () => new JournalFailed({ reason: "Exists", path: place.path })
    const lock = yield* RunLock.hold(place.lock, run, exists)
    const append = yield* Appending.make(place.path, lock, JournalAccess.createFile(place), 0)
    return { path: place.path, lines: [], append }
  }).pipe(allOrNothing)

/**
 * `reopen` goes on with the journal of a run, which this process has to itself until the scope closes. Half a line at
 * its end was never said to be there, and is cut off. Fails with `RunHeld` where another process, or this one, is at it;
 * with `JournalFailed`, which names the line that is damaged; and with `InvalidInput` where it can be no id.
 */
export const reopen = (
  options: JournalPlace.JournalHome,
  run: string
): Effect.Effect<JournalFile, JournalFailed | RunHeld | InvalidInput, Scope.Scope> =>
  Effect.gen(function* () {
    const place = yield* JournalPlace.find(options, run)
    const { lock: path } = place
    const lock = yield* RunLock.hold(path, run, (holder) => new RunHeld({ run, path, holder }))
    const { end, lines } = yield* JournalAccess.load(place.path)
    yield* JournalAccess.cut(place.path, end)
    const append = yield* Appending.make(place.path, lock, JournalAccess.openFile(place), end)
    return { path: place.path, lines, append }
  }).pipe(allOrNothing)

/**
 * `read` gives the lines of a run's journal as they are now: another process may be adding to them. Fails with
 * `JournalFailed`, and with `InvalidInput` where it can be no id.
 */
export const read = (
  options: JournalPlace.JournalHome,
  run: string
): Effect.Effect<Pick<JournalFile, "path" | "lines">, JournalFailed | InvalidInput> =>
  Effect.gen(function* () {
    const { path } = yield* JournalPlace.find(options, run)
    return { path, lines: (yield* JournalAccess.load(path)).lines }
  })

/**
 * `list` gives the ids of the runs that have a journal, the one to which was added last first. Fails with
 * `JournalFailed` where the folder cannot be read.
 */
export const list = (
  options: JournalPlace.JournalHome
): Effect.Effect<ReadonlyArray<string>, JournalFailed> => JournalPlace.runs(options)
