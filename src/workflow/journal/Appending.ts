import { type FileHandle, lstat } from "node:fs/promises"
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import type * as FileLock from "../../auth/store/FileLock.ts"
import { systemErrorCode } from "../../transport/SystemErrorCode.ts"
import { cut } from "./JournalAccess.ts"
import { JournalDisk } from "./JournalDisk.ts"
import { attempt, fromFault, JournalFailed } from "./JournalFailed.ts"
import * as JournalLines from "./JournalLines.ts"
import * as Turns from "./Turns.ts"

/** `Append` adds a line to a journal, which a power cut leaves there unless it need not be lasting. @default it has to be */
export type Append = (line: unknown, isLasting?: boolean) => Effect.Effect<void, JournalFailed>

// Deno does not tell on Windows, where a file that is open is not removed anyway.
const countsNames = process.platform !== "win32"

/** `State` is where the last line ends that is there for good, or why no more are added. */
type State = { readonly end: number } | { readonly refusal: JournalFailed }

type Added = readonly [outcome: Exit.Exit<void, JournalFailed>, next: State]

/** `make` gives what adds to a journal, whose lines end at `end`, until the scope closes, and closes its file then. */
export const make = (
  path: string,
  lock: FileLock.FileLock,
  open: Effect.Effect<FileHandle, JournalFailed>,
  end: number
): Effect.Effect<Append, JournalFailed, Scope.Scope> =>
  Effect.gen(function* () {
    const disk = yield* JournalDisk
    const turn = yield* Turns.make<State>({ end })
    const closed: State = { refusal: new JournalFailed({ reason: "Closed", path }) }
    const file = yield* Effect.acquireRelease(open, (file) =>
      // After those who called before.
      turn(() => Effect.as(Effect.ignore(attempt(path, "Unusable", () => file.close())), [undefined, closed]))
    )

    /** `admit` sees to it that the file still is as this process left it. */
    const admit = (end: number) =>
      Effect.gen(function* () {
        const { nlink, size } = yield* attempt(path, "Unusable", () => file.stat())
        if (nlink === 0 && countsNames) {
          const isGone = yield* attempt(path, "Unusable", () => isAbsent(path))
          // Its lock may be gone with it.
          return yield* new JournalFailed({ reason: isGone ? "Removed" : "Changed", path })
        }
        yield* Effect.mapError(lock.check, fromFault)
        if (size !== end) return yield* new JournalFailed({ reason: "Changed", path })
      })

    const add = (bytes: Uint8Array, end: number, isLasting: boolean): Effect.Effect<Added> =>
      admit(end).pipe(
        Effect.zipRight(attempt(path, "Unwritten", () => disk.append(file, bytes, isLasting))),
        Effect.matchEffect({
          onSuccess: () => Effect.succeed<Added>([Exit.void, { end: end + bytes.length }]),
          onFailure: (failure) =>
            Effect.map(afterFailure(failure, end), (next): Added => [Exit.fail(failure), next])
        })
      )

    const afterFailure = (failure: JournalFailed, end: number): Effect.Effect<State> => {
      const state: State = { end }
      const refusing: State = { refusal: failure }
      // Half a line must not become half of the next one.
      if (failure.reason === "Unwritten")
        return Effect.match(cut(path, end), { onSuccess: () => state, onFailure: () => refusing })
      return Effect.succeed(failure.reason === "Unusable" ? state : refusing)
    }

    return (line, isLasting = true) =>
      Effect.suspend(() => {
        const bytes = JournalLines.format(line)
        if (bytes === undefined) return new JournalFailed({ reason: "NotJson", path })
        const added = turn((state) =>
          "refusal" in state
            ? Effect.succeed<Added>([Exit.fail(state.refusal), state])
            : add(bytes, state.end, isLasting)
        )
        return Effect.flatten(added)
      })
  })

/** `isAbsent` says that nothing has this name: no copy either, as an editor leaves one. */
const isAbsent = async (path: string): Promise<boolean> => {
  try {
    await lstat(path)
    return false
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return true
    throw error
  }
}
