import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { InvalidInput } from "../../transport/DeviceError.ts"
import { refuseInput } from "../../transport/RefuseInput.ts"
import { CredentialsRefused } from "../AuthError.ts"
import * as Credentials from "../Credentials.ts"
import { inTime } from "./InTime.ts"
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

/** `askAccount` asks for the account. What the credentials fail with is told without their words. */
export const askAccount = (
  credentials: Credentials.Credentials,
  targetName: string
): Effect.Effect<Credentials.Account, InvalidInput | CredentialsRefused> =>
  (isKnown(credentials) ? credentials : asked(credentials, targetName)).pipe(
    Effect.flatMap(Credentials.validate),
    Effect.tap((account) => OuterWhiteSpace.warnOuterWhiteSpace(targetName, account))
  )

/** `isKnown` says whether the account is there at once: that neither breaks off, nor fails, nor takes its time. */
const isKnown = (credentials: Credentials.Credentials): boolean =>
  Exit.isExit(credentials) && Exit.isSuccess(credentials)

/** `asked` runs what may do any of that. */
const asked = (credentials: Credentials.Credentials, targetName: string): Credentials.Credentials =>
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
    inTime({
      duration: RetryWhileBusy.exchangeTimeout,
      onTimeout: () => noAccount("gave no account within 60 seconds; give credentials that answer sooner.")
    })
  )

const noAccount = (what: string) => refuseInput("credentials", `their Effect ${what}`)
