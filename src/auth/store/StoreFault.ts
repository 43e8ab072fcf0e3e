import type { StoreReason } from "../AuthError.ts"
import type { ProcessIdentity } from "./ProcessIdentity.ts"

/** `StoreFault` is what is wrong with a file or folder, before it is known on which device's behalf. */
export interface StoreFault {
  readonly reason: StoreReason
  readonly path: string
  readonly code: string | undefined
  /** `owner` is who has the lock, where it is `Locked`. */
  readonly owner?: LockOwner | undefined
}

/** `LockOwner` is who has a lock, as far as the lock tells. */
interface LockOwner {
  readonly process: ProcessIdentity | undefined
  /** `label` is what the owner says of itself; empty where it says nothing. */
  readonly label: string
}
