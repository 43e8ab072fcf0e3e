import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as GivenValue from "../validation/GivenValue.ts"
import * as OptionNames from "../validation/OptionNames.ts"
import { refuseInput } from "../validation/RefuseInput.ts"

/** `Account` is who logs in. */
export interface Account {
  readonly username: string
  readonly password: Redacted.Redacted
  /**
   * `account` says whose account it is: `shared` by many devices, of a directory, where one refusal ends it for all of
   * them; or `local`, of each device by itself. Left out, it is unknown, and where no device has accepted it yet, two
   * refusals end it for all.
   */
  readonly account?: "shared" | "local" | undefined
  /**
   * `isOneTime` says that it works once, and so is not sent again even where the device had no time for it.
   *
   * @default false
   */
  readonly isOneTime?: boolean | undefined
}

/**
 * `validate` takes an account as a script may give it. Fails with `InvalidInput`, which names what is wrong and never
 * shows it; the types say so too, but a script in JavaScript has none.
 */
export const validate = (given: unknown): Exit.Exit<Account, InvalidInput> => {
  if (!Predicate.isObject(given)) return refuse("credentials", "they gave no account", accountAdvice)
  // Whatever else an account may say stays.
  const account = given as Partial<Account>
  const { username } = account
  if (typeof username !== "string") return refuse("username", "it is no text", accountAdvice)
  if (account.account !== undefined && account.account !== "shared" && account.account !== "local")
    return refuse("account", "it is none of the two that there are", 'give "shared" or "local"')
  return Exit.map(secret("password", account.password), (password) => ({ ...account, username, password }))
}

/** `strangerIn` finds a field that an account has not, such as a misspelt `account`. */
export const strangerIn = (account: unknown): InvalidInput | undefined =>
  GivenValue.isPlainObject(account)
    ? OptionNames.faultOf("an account", account, ["username", "password", "account", "isOneTime"])
    : undefined

/**
 * `secret` takes a secret as a script may give it, as text or `Redacted`. Fails with `InvalidInput`, which never shows
 * it.
 */
export const secret = (field: string, given: unknown): Exit.Exit<Redacted.Redacted, InvalidInput> => {
  const text = Redacted.isRedacted(given) ? Redacted.value(given) : given
  if (typeof text !== "string") return refuse(field, "it is no text", "give it as Redacted.make(text)")
  // A device counts it as a wrong one; some file or variable has nothing but a line break in it.
  if (text === "") return refuse(field, "it is empty", "look at where it is kept")
  return Exit.succeed(Redacted.make(text))
}

const accountAdvice = "give { username, password } with a text and Redacted.make(text)"

const refuse = (field: string, what: string, next: string): Exit.Exit<never, InvalidInput> =>
  Exit.fail(refuseInput(field, `${what}; ${next}.`))
