import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { TokenStoreFailed } from "../AuthError.ts"
import type { Token } from "../Token.ts"

/** `Key` is what a login belongs to. Two that differ in any of it never share a token. */
export interface Key {
  /** `provider` is the backend's id, such as `fmc`. */
  readonly provider: string
  /** `targetName` is the target's name; behind a jump host, two devices may have one address. */
  readonly targetName: string
  /** `origin` has the path below which the device lies, where it has one. */
  readonly origin: string
  /** `serverName` is the TLS server name, where the target has one of its own; else it is empty. */
  readonly serverName: string
  /** `trust` is what the target trusts: a token of a device that was trusted otherwise is not its token. */
  readonly trust: string
  readonly username: string
  /** `node` names the node of a pair behind one address that the token belongs to; else it is empty. */
  readonly node: string
}

/** `StoredToken` is a token that sessions, and processes, may share. */
export interface StoredToken {
  /** `login` is the login that it comes from, by whatever refreshes: another one is another session at the device. */
  readonly login: string
  readonly token: Token
  /**
   * `refreshing` says that a refresh of it was begun and nothing is known of its end: the refresh token may be used up,
   * and the next renewal must be a login.
   */
  readonly refreshing: boolean
  /** `holders` are the sessions that use it. Those whose process is gone without a word are among them. */
  readonly holders: ReadonlyArray<Holder>
}

/** `Holder` is a session that uses a kept token. */
export interface Holder {
  readonly name: string
  /**
   * `until` is when the token that it took expires: milliseconds since 1970. A holder that has not come back by then
   * holds no more.
   */
  readonly until: number
}

/** `LockedSlot` is what stands in a slot, for the one who has it alone. */
export interface LockedSlot {
  /** `read` gives the kept token; one that cannot be trusted is set aside and reported, and is as good as none. */
  readonly read: Effect.Effect<StoredToken | undefined, TokenStoreFailed>
  /** `write` keeps a token in place of what was there. */
  readonly write: (stored: StoredToken) => Effect.Effect<void, TokenStoreFailed>
  /** `clear` keeps none any more. */
  readonly clear: Effect.Effect<void, TokenStoreFailed>
}

/** `Slot` is where the token of one login is kept, as one session sees it. */
export interface Slot {
  /** `holder` is the session's own name among the holders. */
  readonly holder: string
  /** `isAlive` says whether a holder can still use what it holds: false only where it is certain that it cannot. */
  readonly isAlive: (holder: string) => Effect.Effect<boolean>
  /**
   * `leftUnwritten` notes that this session holds no more, where that could not be written: so other sessions of this
   * process know it at least, by `isAlive`.
   *
   * @default it counts among the holders until its token expires, or its process ends
   */
  readonly leftUnwritten?: Effect.Effect<void> | undefined
  /** `withLock` runs alone among all sessions and processes that share the slot. */
  readonly withLock: <A, E>(
    use: (lockedSlot: LockedSlot) => Effect.Effect<A, E>,
    /** `wait` is how long to wait for one's turn. @default longer than a refresh and a login may take */
    wait?: Duration.DurationInput
  ) => Effect.Effect<A, E | TokenStoreFailed>
  /** `whenLastCloses` says what becomes of the token when the last of its holders closes. */
  readonly whenLastCloses: "keep" | "logOut"
  /** `leftBehind` says what becomes of a token whose holders are all gone without having closed. */
  readonly leftBehind: "adopt" | "logOut"
}

/** `Service` is where tokens are kept. */
export interface Service {
  /**
   * `openSlot` opens the slot of a login. `undefined`: a token lives in the memory of its session alone, and ends with
   * it. `report` is told of what was set aside.
   */
  readonly openSlot:
    | undefined
    | ((
        key: Key,
        report: (fault: TokenStoreFailed) => Effect.Effect<void>
      ) => Effect.Effect<Slot, TokenStoreFailed>)
}
