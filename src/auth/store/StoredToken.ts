import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { TokenStoreFailed } from "../AuthError.ts"
import type { Token } from "../Token.ts"

/** What a login belongs to. Two that differ in any of it never share a grant. */
export interface Key {
  /** The backend's id, such as `fmc`. */
  readonly provider: string
  /** The target's name; behind a jump host, two devices may have one address. */
  readonly target: string
  /** With the path below which the device lies, where it has one. */
  readonly origin: string
  readonly serverName: string
  /** What the target trusts: a grant of a device that was trusted otherwise is not its grant. */
  readonly trust: string
  readonly username: string
  /** Where a token belongs to one node of a pair behind one address: its name, else empty. */
  readonly node: string
}

/** A grant that sessions, and processes, may share. */
export interface StoredToken {
  /** The login that it comes from, by whatever refreshes: another one is another session at the device. */
  readonly login: string
  readonly token: Token
  /**
   * A refresh of it was begun and nothing is known of its end: the refresh token may be used up, and the next
   * renewal must be a login.
   */
  readonly refreshing: boolean
  /** The sessions that use it. Those whose process is gone without a word are among them. */
  readonly holders: ReadonlyArray<Holder>
}

/** A session that uses a kept grant. */
export interface Holder {
  readonly name: string
  /** When the grant that it took expires: milliseconds since 1970. Who has not come back by then holds no more. */
  readonly until: number
}

/** What stands at a place, for whoever has it alone. */
export interface LockedSlot {
  /** What cannot be trusted is set aside and reported, and is as good as nothing. */
  readonly read: Effect.Effect<StoredToken | undefined, TokenStoreFailed>
  readonly write: (stored: StoredToken) => Effect.Effect<void, TokenStoreFailed>
  readonly clear: Effect.Effect<void, TokenStoreFailed>
}

/** The place of one login, as one session sees it. */
export interface Slot {
  /** The session's own name among the holders. */
  readonly holder: string
  /** Whether a holder can still use what it holds: false only where it is certain that it cannot. */
  readonly isAlive: (holder: string) => Effect.Effect<boolean>
  /** Runs alone among all sessions and processes that share the place. */
  readonly withLock: <A, E>(
    use: (lockedSlot: LockedSlot) => Effect.Effect<A, E>,
    /** How long to wait for one's turn. Default: longer than a refresh and a login may take. */
    wait?: Duration.DurationInput
  ) => Effect.Effect<A, E | TokenStoreFailed>
  /** What becomes of the grant when the last of its holders closes. */
  readonly whenLastCloses: "keep" | "logOut"
  /** What becomes of a grant whose holders are all gone without having closed. */
  readonly leftBehind: "adopt" | "logOut"
}

/** Where grants are kept. */
export interface Service {
  /**
   * Opens the place of a login. `undefined`: a grant lives in the memory of its session alone, and ends with it.
   * `report` is told of what was set aside.
   */
  readonly openSlot:
    | undefined
    | ((
        key: Key,
        report: (fault: TokenStoreFailed) => Effect.Effect<void>
      ) => Effect.Effect<Slot, TokenStoreFailed>)
}
