import { readFile } from "node:fs/promises"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { InvalidInput } from "../device/DeviceError.ts"
import * as Source from "../device/Source.ts"
import { CredentialsRefused } from "./AuthError.ts"

/** Who logs in. */
export interface Account {
  readonly username: string
  readonly password: Redacted.Redacted
  /** It works once, and so is not sent again even where the device had no time for it. Default: false. */
  readonly isOneTime?: boolean | undefined
}

/**
 * An Effect, evaluated before each login, so that a rotated secret is picked up. Any Effect of an `Account` will
 * do: one that asks a vault, say.
 */
export type Credentials = Effect.Effect<Account, InvalidInput | CredentialsRefused>

/** An account that is known now. */
export const password = (account: Account): Credentials => Effect.succeed(account)

/**
 * A password that works once: with a one-time code in it, or one that is asked for. It is never sent twice: a
 * session that needs a second login fails with `CredentialsRefused` instead.
 */
export const once = (account: Account): Credentials => {
  let used = false
  return Effect.suspend(() => {
    if (used) {
      const messages = ["a one-time code is never sent twice; start the script again with a new one"]
      return Effect.fail(
        new CredentialsRefused({ target: "credentials", username: account.username, messages })
      )
    }
    used = true
    return Effect.succeed({ ...account, isOneTime: true })
  })
}

/** A token in place of an account, for backends that have no login. */
export const token = (secret: Redacted.Redacted): Credentials =>
  Effect.succeed({ username: "", password: secret })

/** `PREFIX_USERNAME` and `PREFIX_PASSWORD`, from the environment or whatever `ConfigProvider` is set. */
export const config = (prefix: string): Config.Config<Account> => Config.all(variables(prefix))

/**
 * The same as credentials. A variable that is missing fails the login with `InvalidInput`, which names it; nothing
 * is sent.
 */
export const fromEnv = (prefix: string): Credentials => {
  const { password, username } = variables(prefix)
  const required = <A>(name: string, variable: Config.Config<A>) =>
    Effect.mapError(variable, () => {
      const message = `${name}: this variable must be set in the environment, and not be empty.`
      return new InvalidInput({ field: name, message })
    })
  return Effect.all({
    username: required(`${prefix}_USERNAME`, username),
    password: required(`${prefix}_PASSWORD`, password)
  })
}

const variables = (prefix: string) => ({
  username: Config.nonEmptyString(`${prefix}_USERNAME`),
  password: Config.redacted(Config.nonEmptyString(`${prefix}_PASSWORD`))
})

/**
 * The password from a file, such as a secret that is mounted into a container; it is read again before each login.
 * One line break at its end is dropped. `source` is where the path was given, for errors.
 */
export const fromFile = (
  { path, username }: { readonly username: string; readonly path: string },
  source: Source.Source = Source.call
): Credentials => {
  const field = source.field("path")
  const file = source.shows ? `the password file ${JSON.stringify(path)}` : "the password file"
  const refuse = (sentence: string) =>
    new InvalidInput({ field, ...Source.value(source, path), message: `${field}: ${sentence}` })
  return Effect.tryPromise({
    try: () => readFile(path, "utf8"),
    catch: () => refuse(`${file} cannot be read; name one that this process may read (Deno: --allow-read).`)
  }).pipe(
    Effect.map((text) => text.replace(/\r?\n$/, "")),
    Effect.filterOrFail(
      (secret) => secret !== "",
      () => refuse(`${file} is empty; write the password into it.`)
    ),
    Effect.map((secret) => ({ username, password: Redacted.make(secret) }))
  )
}
