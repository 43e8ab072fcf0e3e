import * as Effect from "effect/Effect"
import type { StoreReason } from "../AuthError.ts"
import type { ProcessIdentity } from "./ProcessIdentity.ts"

/** `StoreFault` is what is wrong with a file or folder, before it is known on which device's behalf. */
export interface StoreFault {
  readonly reason: StoreReason
  readonly path: string
  readonly code: string | undefined
  /** `found` says what is wrong with what stands there, whose it is, and what mends it, where that is known. */
  readonly found?: string | undefined
  /** `owner` is who has the lock, where it is `Locked`. */
  readonly owner?: LockOwner | undefined
}

/** `LockOwner` is who has a lock, as far as the lock tells. */
interface LockOwner {
  readonly process: ProcessIdentity | undefined
  /** `label` is what the owner says of itself; empty where it says nothing. */
  readonly label: string
}

/**
 * `explained` adds to what is wrong with a file or folder what stands there, where that is why. What tells of it is
 * loaded where something is refused.
 */
export const explained = <F extends Pick<StoreFault, "path" | "code"> & { readonly reason: string }>(
  fault: F,
  fit: "folder" | "file"
): Effect.Effect<F & Pick<StoreFault, "found">> =>
  (fault.code === undefined ? verdicts.has(fault.reason) : ofOwners.has(fault.code))
    ? Effect.map(
        Effect.promise(() => import("./WhoseFile.ts")),
        ({ unfitness }) => ({ ...fault, found: unfitness(fault.path, fit) })
      )
    : Effect.succeed(fault)

/** `verdicts` are those that rest on what stands there, and not on what the system has said. */
const verdicts: ReadonlySet<string> = new Set(["Folder", "Foreign", "Exposed"])

const ofOwners: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EEXIST", "ENOTDIR"])

/** `explaining` does so with what an Effect fails with. */
export const explaining =
  (fit: "folder" | "file") =>
  <A, R>(effect: Effect.Effect<A, StoreFault, R>): Effect.Effect<A, StoreFault, R> =>
    Effect.catchAll(effect, (fault) => Effect.flatMap(explained(fault, fit), Effect.fail))
