import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as EnvironmentVariable from "../validation/EnvironmentVariable.ts"
import * as InputSource from "../validation/InputSource.ts"
import * as Credentials from "./Credentials.ts"
import { withoutFinalLineBreak } from "./FinalLineBreak.ts"

const isCredentials = (given: unknown): given is Credentials.Credentials => Effect.isEffect(given)

const Username = Schema.NonEmptyString
// Whose account it is; see `Credentials.Account`.
const Account = Schema.optional(Schema.Literal("shared", "local"))
const isSecret = (given: unknown): given is Redacted.Redacted => Redacted.isRedacted(given)
const Password = Schema.Union(Schema.NonEmptyString, Schema.declare(isSecret))

/** `CredentialsConfig` is `Credentials`, or what a file says in their place. */
export const CredentialsConfig = Schema.Union(
  Schema.Struct({ env: Schema.NonEmptyString }),
  Schema.Struct({ username: Username, password: Password, account: Account }),
  Schema.Struct({ username: Username, passwordFile: Schema.NonEmptyString, account: Account }),
  Schema.Struct({
    username: Username,
    command: Schema.NonEmptyArray(Schema.NonEmptyString),
    account: Account
  }),
  Schema.Struct({
    username: Username,
    // Text says more of whose password it is.
    prompt: Schema.Union(Schema.Literal(true), Schema.NonEmptyString),
    account: Account
  }),
  Schema.Struct({ tokenEnv: Schema.NonEmptyString }),
  Schema.declare(isCredentials)
).annotations({
  description:
    "an object with env, with tokenEnv, or with username and one of passwordFile, command (a list of words), prompt (true) and password; in code also Credentials"
})
export type CredentialsConfig = typeof CredentialsConfig.Type

/** `toCredentials` gives the credentials that were meant at `field`. What stands elsewhere is read at each login. */
export const toCredentials = (given: CredentialsConfig, field: string): Credentials.Credentials => {
  if (isCredentials(given)) return given
  if ("env" in given) return Credentials.fromEnv(given.env)
  if ("tokenEnv" in given) return tokenFromEnv(given.tokenEnv)
  if ("passwordFile" in given) {
    const source = { field: () => `${field}.passwordFile`, isSafeToShow: false }
    const { account, passwordFile, username } = given
    return Credentials.fromFile({ username, account, path: passwordFile }, source)
  }
  const source = InputSource.dataAt(field)
  if ("command" in given) return Credentials.fromCommand(given, source)
  if ("prompt" in given) {
    const { account, prompt, username } = given
    return Credentials.fromPrompt({ username, account, label: prompt === true ? undefined : prompt }, source)
  }
  const { account, password, username } = given
  const secret = isSecret(password) ? password : Redacted.make(password)
  return Credentials.password({
    username: withoutFinalLineBreak(username),
    password: Credentials.withoutLineBreak(secret),
    account
  })
}

/** `variablesOf` gives the variables of the environment that credentials need: nothing where they need none. */
export const variablesOf = (given: CredentialsConfig): Config.Config<unknown> => {
  if (isCredentials(given)) return Config.succeed(given)
  if ("env" in given) return Credentials.config(given.env)
  return "tokenEnv" in given ? token(given.tokenEnv) : Config.succeed(given)
}

const token = (name: string): Config.Config<Redacted.Redacted> => Config.redacted(Config.nonEmptyString(name))

const tokenFromEnv = (name: string): Credentials.Credentials =>
  Effect.flatMap(EnvironmentVariable.readRequired(name, token(name), "to an API token"), Credentials.token)
