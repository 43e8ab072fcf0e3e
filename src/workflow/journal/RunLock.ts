import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as FileLock from "../../auth/store/FileLock.ts"
import { fromFault, type JournalFailed } from "./JournalFailed.ts"
import * as LockHolder from "./LockHolder.ts"

/**
 * `hold` has a lock on behalf of a run until the scope closes, or at once fails with what `whenHeld` gives where somebody
 * else has it. A run that was stopped keeps its lock for as long as its process lives. Fails with `JournalFailed` where
 * the folder cannot be used.
 */
export const hold = <E>(
  path: string,
  run: string,
  whenHeld: (holder: LockHolder.LockHolder) => E
): Effect.Effect<FileLock.FileLock, E | JournalFailed, Scope.Scope> =>
  Effect.flatMap(LockHolder.label(run), (label) =>
    Effect.mapError(FileLock.hold(path, { wait: 0, label, whenStill: "keep" }), (fault) =>
      fault.reason === "Locked" ? whenHeld(LockHolder.holderOf(fault)) : fromFault(fault)
    )
  )
