import { readFileSync } from "node:fs"
import { readFile } from "node:fs/promises"
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import type { InvalidInput } from "../transport/DeviceError.ts"
import { systemErrorCode } from "../transport/SystemErrorCode.ts"
import * as EnvironmentVariable from "../validation/EnvironmentVariable.ts"
import * as InputSource from "../validation/InputSource.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import { unknownIn } from "../validation/Spelling.ts"
import { CredentialsRefused } from "./AuthError.ts"
import * as CommandOutput from "./CommandOutput.ts"
import { withoutFinalLineBreak } from "./FinalLineBreak.ts"
import { type Account, secret, strangerIn, validate } from "./LoginAccount.ts"
import * as SecretQuestion from "./SecretQuestion.ts"

export { type Account, secret, validate } from "./LoginAccount.ts"

/**
 * `Credentials` is an Effect, evaluated before each login, so that a rotated secret is picked up. Any Effect of an
 * `Account` will do: one that asks a vault, say.
 */
export type Credentials = Effect.Effect<Account, InvalidInput | CredentialsRefused>

/**
 * `password` gives an account that is known now. A password that is plain text, as JavaScript may give it, is hidden
 * from here on.
 *
 * @example
 * const credentials = Credentials.password({ username: "night", password: Redacted.make(text) })
 */
export const password = (account: Account): Credentials => strangerIn(account) ?? validate(account)

/**
 * `once` gives a password that works once: with a one-time code in it, or one that is asked for. It is never sent
 * twice: a session that needs a second login fails with `CredentialsRefused` instead.
 *
 * @example
 * const credentials = Credentials.once({ username, password: Redacted.make(`${password},${code}`) })
 */
export const once = (account: Account): Credentials => {
  const fault = strangerIn(account)
  if (fault !== undefined) return fault
  let used = false
  return Effect.suspend((): Credentials => {
    if (used) {
      const { username } = account
      const advice = "A one-time code is never sent twice: start the script again with a new one"
      return Effect.fail(
        new CredentialsRefused({ targetName: "credentials", username, messages: [], advice })
      )
    }
    used = true
    return Effect.map(validate(account), (known) => ({ ...known, isOneTime: true }))
  })
}

/**
 * `token` gives a token in place of an account, for backends that have no login. One line break at its end is dropped;
 * plain text, as JavaScript may give it, is hidden from here on.
 *
 * @example
 * const credentials = Credentials.token(Redacted.make(text))
 */
export const token = (given: Redacted.Redacted): Credentials =>
  Exit.map(secret("token", given), (known) => ({ username: "", password: withoutLineBreak(known) }))

/**
 * `withoutLineBreak` takes one line break off the end of a secret: a password that is sent with it costs its account.
 */
export const withoutLineBreak = (secret: Redacted.Redacted): Redacted.Redacted =>
  // What a script in JavaScript gives in its place is told as wrong where it is used.
  Redacted.isRedacted(secret) ? Redacted.make(withoutFinalLineBreak(String(Redacted.value(secret)))) : secret

/**
 * `config` reads `PREFIX_USERNAME`, and `PREFIX_PASSWORD` or the path of a file in `PREFIX_PASSWORD_FILE`, from the
 * environment or whatever `ConfigProvider` is set. One line break at the end of each is dropped. `PREFIX_ACCOUNT` may
 * say `shared` or `local`; see `Account`. Throws `InvalidInput` for what is no prefix.
 */
export const config = (prefix: string): Config.Config<Account> => {
  if (!EnvironmentVariable.isPrefix(prefix)) throw EnvironmentVariable.refusePrefix()
  const { account, file, password, username } = variables(prefix)
  return Config.all({
    username,
    account,
    password: Config.mapOrFail(
      Config.all({ password: Config.option(password), file: Config.option(file) }),
      ({ file, password }) => {
        if (Option.isSome(file) && Option.isSome(password)) {
          return Either.left(ConfigError.InvalidData([`${prefix}_PASSWORD_FILE`], bothSet(prefix)))
        }
        if (Option.isSome(password)) return Either.right(password.value)
        if (Option.isNone(file)) {
          const needed = `Expected ${prefix}_PASSWORD, or ${prefix}_PASSWORD_FILE, to exist in the process context`
          return Either.left(ConfigError.MissingData([`${prefix}_PASSWORD`], needed))
        }
        return Either.try({
          try: () => Redacted.make(withoutFinalLineBreak(textOf(readFileSync(file.value)))),
          catch: (error) => ConfigError.InvalidData([`${prefix}_PASSWORD_FILE`], fileUnreadable(error))
        })
      }
    )
  })
}

/**
 * `fromEnv` gives the same as credentials, read again before each login. A variable that is missing fails the login
 * with `InvalidInput`, which names it, and so does one that is set beside the other; nothing is sent.
 *
 * @example
 * const credentials = Credentials.fromEnv("FMC") // FMC_USERNAME and FMC_PASSWORD
 */
export const fromEnv = (prefix: string): Credentials =>
  Effect.gen(function* () {
    if (!EnvironmentVariable.isPrefix(prefix)) return yield* EnvironmentVariable.refusePrefix()
    const own = variables(prefix)
    const username = yield* EnvironmentVariable.readRequired(
      `${prefix}_USERNAME`,
      own.username,
      "and not be empty"
    )
    const fileName = `${prefix}_PASSWORD_FILE`
    const path = yield* EnvironmentVariable.readOptional(own.file)
    const accountName = `${prefix}_ACCOUNT`
    const isSaid = Option.isSome(yield* EnvironmentVariable.readOptional(Config.nonEmptyString(accountName)))
    const account = isSaid
      ? yield* EnvironmentVariable.readRequired(accountName, own.account, "to shared or to local")
      : undefined
    if (Option.isNone(path)) {
      const what = `and not be empty; or set ${fileName} to the path of a file that holds it`
      return {
        username,
        account,
        password: yield* EnvironmentVariable.readRequired(`${prefix}_PASSWORD`, own.password, what)
      }
    }
    if (Option.isSome(yield* EnvironmentVariable.readOptional(own.password))) {
      return yield* refuseInput(fileName, bothSet(prefix))
    }
    return yield* fromFile(
      { username, account, path: path.value },
      { field: () => fileName, isSafeToShow: false }
    )
  })

const variables = (prefix: string) => ({
  username: line(`${prefix}_USERNAME`),
  password: Config.redacted(line(`${prefix}_PASSWORD`)),
  file: Config.nonEmptyString(`${prefix}_PASSWORD_FILE`),
  account: Config.mapOrFail(Config.option(Config.nonEmptyString(`${prefix}_ACCOUNT`)), (given) => {
    const account = Option.getOrUndefined(given)
    return account === undefined || account === "shared" || account === "local"
      ? Either.right<Account["account"]>(account)
      : Either.left(ConfigError.InvalidData([`${prefix}_ACCOUNT`], "Expected shared or local"))
  })
})

/** `line` gives a variable without the line break at its end; one that has nothing else is as good as empty. */
const line = (name: string): Config.Config<string> =>
  Config.mapOrFail(Config.nonEmptyString(name), (given) =>
    withoutFinalLineBreak(given) === ""
      ? Either.left(ConfigError.MissingData([name], "Expected text in it"))
      : Either.right(withoutFinalLineBreak(given))
  )

const bothSet = (prefix: string): string =>
  `both ${prefix}_PASSWORD and ${prefix}_PASSWORD_FILE are set, and only one can hold the password; unset one of them.`

// The path is not shown: it may be the password itself, in the wrong variable.
const fileUnreadable = (error: unknown): string =>
  `the password file cannot be read${codeText(error)}; set the path of a file in UTF-8 that this process may read (Deno: --allow-read).`

const codeText = (error: unknown): string => {
  const code = systemErrorCode(error)
  // Of what is no text in UTF-8, the code says nothing to people.
  return code === undefined || code.startsWith("ERR_") ? "" : ` (${code})`
}

/**
 * `textOf` gives the text of a password file, without the mark that editors put before UTF-8. Throws for what is no
 * UTF-8.
 */
const textOf = (bytes: Uint8Array): string => new TextDecoder("utf-8", { fatal: true }).decode(bytes)

/**
 * `fromFile` gives the password from a file, such as a secret that is mounted into a container; it is read again before
 * each login. One line break at its end is dropped. `source` is where the path was given, for errors.
 *
 * @example
 * const credentials = Credentials.fromFile({ username: "night", path: "/run/secrets/fmc" })
 */
export const fromFile = (
  given: Pick<Account, "username" | "account"> & { readonly path: string },
  source: InputSource.InputSource = InputSource.callArguments
): Credentials => {
  const fault = faultOf(given, source, "{ username, path }", ["path"])
  if (fault !== undefined) return fault
  const { account, path, username } = given
  const field = source.field("path")
  // A number would be the file that it stands for among those that are open.
  if (!Predicate.isString(path)) return refuseInput(field, "it is no text; give the path of a file.")
  const file = source.isSafeToShow ? `the password file ${JSON.stringify(path)}` : "the password file"
  const refuse = (sentence: string) => refuseInput(field, sentence, InputSource.shownValue(source, path))
  return Effect.tryPromise({
    try: () => readFile(path),
    catch: (error) =>
      refuse(
        `${file} cannot be read${codeText(error)}; name one that this process may read (Deno: --allow-read).`
      )
  }).pipe(
    Effect.flatMap((bytes) =>
      Effect.try({
        try: () => withoutFinalLineBreak(textOf(bytes)),
        catch: () =>
          refuse(
            `${file} is no text in UTF-8, and what is sent in its place would be a wrong password; save it as UTF-8.`
          )
      })
    ),
    Effect.filterOrFail(
      (secret) => secret !== "",
      () => refuse(`${file} is empty; write the password into it.`)
    ),
    Effect.map((secret) => ({
      username: withoutFinalLineBreak(username),
      account,
      password: Redacted.make(secret)
    }))
  )
}

/**
 * `fromPrompt` asks for the password on the terminal, without showing it, before the first login that needs it. It is
 * asked once in a process for each account, also where several sessions with it are opened side by side. `label` says
 * more of whose password it is.
 *
 * @example
 * const credentials = Credentials.fromPrompt({ username: "night", label: "TACACS" })
 */
export const fromPrompt = (
  given: Pick<Account, "username" | "account"> & { readonly label?: string | undefined },
  source: InputSource.InputSource = InputSource.callArguments
): Credentials => {
  const fault = faultOf(given, source, "{ username, label }", ["label"])
  if (fault !== undefined) return fault
  const { account, label, username } = given
  if (label !== undefined && !Predicate.isString(label))
    return refuseInput(source.field("label"), "it is no text; give one, or leave it out.")
  const question = `Password of ${username}${label === undefined ? "" : ` (${label})`}: `
  return Effect.flatMap(SecretQuestion.ask(question, source.field("prompt")), (password) =>
    validate({ username, account, password })
  )
}

/**
 * `fromCommand` takes the first line of what a command prints for the password; it is run again before each login. The
 * command is a list of words, which no shell reads. What it prints is never shown.
 *
 * @example
 * const credentials = Credentials.fromCommand({ username: "night", command: ["op", "read", "op://net/fmc/password"] })
 */
export const fromCommand = (
  given: Pick<Account, "username" | "account"> & CommandOutput.Command,
  source: InputSource.InputSource = InputSource.callArguments
): Credentials => {
  const fault = faultOf(given, source, "{ username, command }", ["command", "timeOut"])
  if (fault !== undefined) return fault
  const { account, username, ...command } = given
  return Effect.flatMap(CommandOutput.firstLine(command, source.field("command")), (password) =>
    validate({ username, account, password })
  )
}

/**
 * `faultOf` says what is wrong with what has no user name, or has fields that there are not. The types say so too; a script
 * in JavaScript has none.
 */
const faultOf = (
  given: unknown,
  source: InputSource.InputSource,
  form: string,
  beside: ReadonlyArray<string>
): InvalidInput | undefined => {
  if (!Predicate.hasProperty(source, "field"))
    return refuseInput("source", `it says of no field where it was given; leave it out, and give ${form}.`)
  if (!Predicate.hasProperty(given, "username") || !Predicate.isString(given.username))
    return refuseInput(source.field("username"), `it is no text; give ${form}.`)
  const unknown = unknownIn(given, ["username", "account", ...beside])
  return unknown === undefined
    ? undefined
    : refuseInput(source.field(unknown), `there is no such field here; give ${form}.`)
}
