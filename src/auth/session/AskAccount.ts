import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { InvalidInput } from "../../transport/DeviceError.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"
import { CredentialsRefused, SessionClosed } from "../AuthError.ts"
import * as Credentials from "../Credentials.ts"
import * as InTime from "./InTime.ts"
import * as OuterWhiteSpace from "./OuterWhiteSpace.ts"
import * as RetryWhileBusy from "./RetryWhileBusy.ts"

/**
 * `readingFromHere` has credentials read by the `ConfigProvider` of here, wherever they are asked. Those that are known
 * read nothing.
 */
export const readingFromHere = (
  credentials: Credentials.Credentials
): Effect.Effect<Credentials.Credentials> =>
  isKnown(credentials)
    ? Effect.succeed(credentials)
    : Effect.configProviderWith((config) => Effect.succeed(Effect.withConfigProvider(credentials, config)))

/**
 * `askAccount` asks for the account, until the session is `closed`: a question on a terminal or a command ends with it.
 * What the credentials fail with is told without their words.
 */
export const askAccount = (
  credentials: Credentials.Credentials,
  targetName: string,
  closed: Effect.Effect<void>
): Effect.Effect<Credentials.Account, InvalidInput | CredentialsRefused | SessionClosed> =>
  (isKnown(credentials) ? credentials : asked(credentials, targetName, closed)).pipe(
    Effect.flatMap(Credentials.validate),
    Effect.tap((account) => OuterWhiteSpace.warnOuterWhiteSpace(targetName, account))
  )

/** `isKnown` says whether the account is there at once: that neither breaks off, nor fails, nor takes its time. */
const isKnown = (credentials: Credentials.Credentials): boolean =>
  Exit.isExit(credentials) && Exit.isSuccess(credentials)

/** `asked` runs what may do any of that. */
const asked = (
  credentials: Credentials.Credentials,
  targetName: string,
  closed: Effect.Effect<void>
): Effect.Effect<Credentials.Account, InvalidInput | CredentialsRefused | SessionClosed> =>
  credentials.pipe(
    // What breaks off there may have the secret in its words.
    Effect.catchAllDefect(() =>
      Effect.fail(noAccount("broke off with a defect; mend it so that it gives { username, password }."))
    ),
    Effect.mapError((error) => {
      if (error instanceof InvalidInput) return error
      // Nor are the words of an error that the types do not know, as JavaScript may give, passed on.
      if (!(error instanceof CredentialsRefused))
        return noAccount("failed; mend it so that it gives { username, password }.")
      const { advice, messages, username } = error
      return new CredentialsRefused({ targetName, username, messages, advice })
    }),
    until(Effect.zipRight(closed, Effect.fail(new SessionClosed({ targetName }))))
  )

/** `until` gives in its time what credentials come to, unless `end` comes first. What is there at once needs no race. */
const until =
  <E2>(end: Effect.Effect<never, E2>) =>
  <A, E>(work: Effect.Effect<A, E>): Effect.Effect<A, E | E2 | InvalidInput> =>
    Effect.flatMap(Effect.runtime<never>(), (runtime) => {
      let known: Exit.Exit<A, E | InvalidInput> | undefined
      const { onEnd, stop } = InTime.start(runtime, work, {
        duration: RetryWhileBusy.exchangeTimeout,
        onTimeout: () => noAccount("gave no account within 60 seconds; give credentials that answer sooner.")
      })
      onEnd((exit) => {
        known = exit
      })
      const ended = Effect.async<A, E | InvalidInput>((resume) => {
        onEnd(resume)
        return Effect.sync(stop)
      })
      return known ?? Effect.raceFirst(ended, end)
    })

const noAccount = (what: string) => refuseInput("credentials", `their Effect ${what}`)
