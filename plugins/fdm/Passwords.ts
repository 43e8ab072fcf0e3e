import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import {
  type AuthProvider,
  type Credentials,
  OutcomeUnknown,
  type Session,
  type SessionError,
  Token,
  TokenRejected
} from "sallyport/plugin"

/** `PasswordChange` is a password that becomes another one. */
export interface PasswordChange {
  readonly username: string
  /** `from` is the password of now. */
  readonly from: Redacted.Redacted
  /** `to` takes its place. */
  readonly to: Redacted.Redacted
}

/** `Passwords` are the passwords of a session that changes them itself. */
export interface Passwords {
  /**
   * `provider` is the backend, whose logins take a password that was changed here in place of the one that its source
   * still has.
   */
  readonly provider: AuthProvider.AuthProvider
  /** `username` is who logged in last; empty before. */
  readonly username: () => string
  /**
   * `change` runs the request that changes a password, and then logs in with the new one where it is the session's own.
   * Where the answer is lost, one login with the new password, which is ended at once, shows whether it happened: a
   * session that went on with the wrong one would lock the account.
   */
  readonly change: (
    session: Session.Session,
    change: PasswordChange,
    request: Effect.Effect<unknown, SessionError>
  ) => Effect.Effect<void, SessionError>
  /**
   * `seen` says whether a change of the session's own password has happened, by the one that its last login was made
   * with: nobody has to try a password for it.
   */
  readonly seen: (change: PasswordChange) => Seen
}

type Seen = "Done" | "Absent" | "Unreadable"

export const make = (
  given: Credentials.Credentials,
  backend: (credentials: Credentials.Credentials) => AuthProvider.AuthProvider
): Passwords => {
  const changes: Array<PasswordChange> = []
  let username = ""
  let accepted: Credentials.Account | undefined
  // What was granted by the old password is not refreshed: the login by the new one has to be made.
  let isDue = false

  const provider = backend(
    Effect.map(given, (account) => {
      username = account.username
      return changes.reduce(changed, account)
    })
  )

  return {
    provider: {
      ...provider,
      login: (account) =>
        Effect.tap(provider.login(account), () =>
          Effect.sync(() => {
            isDue = false
            accepted = account
          })
        ),
      refresh: (token) =>
        Effect.suspend(() => (isDue ? Effect.fail(passwordChanged(provider)) : provider.refresh(token)))
    },
    username: () => username,
    seen: ({ from, to, username }) => {
      if (accepted?.username !== username) return "Unreadable"
      const password = Redacted.value(accepted.password)
      if (password === Redacted.value(to)) return "Done"
      return password === Redacted.value(from) ? "Absent" : "Unreadable"
    },
    change: (session, change, request) =>
      Effect.gen(function* () {
        yield* Effect.catchTag(request, "OutcomeUnknown", (lost) =>
          Effect.flatMap(isAcceptedNow(provider, change), (seen) =>
            seen === "Done" ? Effect.void : Effect.fail(new OutcomeUnknown({ ...lost, readBack: seen }))
          )
        )
        changes.push(change)
        if (change.username !== username) return
        isDue = true
        yield* session.renew
        // A refresh that was under way may have answered for it.
        if (isDue) yield* session.renew
      })
  }
}

const changed = (
  account: Credentials.Account,
  { from, to, username }: PasswordChange
): Credentials.Account =>
  account.username === username && Redacted.value(account.password) === Redacted.value(from)
    ? { ...account, password: to }
    : account

const passwordChanged = ({ transport }: AuthProvider.AuthProvider) =>
  new TokenRejected({
    targetName: transport.target.name,
    operation: "refresh",
    reason: "its password was changed; a login with the new one follows."
  })

/**
 * `isAcceptedNow` says whether a new password is good, by a login beside the session: what is refused here is no
 * verdict on the session.
 */
const isAcceptedNow = (
  provider: AuthProvider.AuthProvider,
  { to, username }: PasswordChange
): Effect.Effect<Seen> =>
  Effect.acquireUseRelease(
    provider.login({ username, password: to }),
    () => Effect.void,
    (tokenResponse) => Effect.ignore(provider.revoke(Token.make(tokenResponse, { wall: 0, monotonic: 0 })))
  ).pipe(
    Effect.match({
      onFailure: ({ _tag }) => (_tag === "CredentialsRefused" ? "Absent" : "Unreadable"),
      onSuccess: () => "Done"
    })
  )
