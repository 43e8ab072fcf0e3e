import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { Credentials, InvalidInput } from "sallyport"
import * as Fmc from "sallyport/fmc"
import { TargetConfig } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"
import { untilSpent } from "../support/times.ts"

const given = (account: Credentials.Account) => [account.username, Redacted.value(account.password)]

describe("credentials from the environment", () => {
  const under = <A, E>(effect: Effect.Effect<A, E>, variables: Readonly<Record<string, string>>) =>
    Effect.withConfigProvider(effect, ConfigProvider.fromMap(new Map(Object.entries(variables))))

  it.effect("are PREFIX_USERNAME and PREFIX_PASSWORD, exactly as they are", () =>
    Effect.gen(function* () {
      const password = ' a:b"c%20 ü '
      const account = yield* under(Credentials.fromEnv("BRANCH"), {
        BRANCH_USERNAME: "api",
        BRANCH_PASSWORD: password,
        FMC_USERNAME: "another"
      })
      expect(given(account)).toEqual(["api", password])
      expect(`${account.password}`).toBe("<redacted>")
    })
  )

  it.effect("name the variable that is missing or empty, and no other's value", () =>
    Effect.gen(function* () {
      for (const [variables, field] of [
        [{}, "FMC_USERNAME"],
        [{ FMC_PASSWORD: "hunter2" }, "FMC_USERNAME"],
        [{ FMC_USERNAME: "api" }, "FMC_PASSWORD"],
        [{ FMC_USERNAME: "api", FMC_PASSWORD: "" }, "FMC_PASSWORD"],
        [{ FMC_USERNAME: "", FMC_PASSWORD: "hunter2" }, "FMC_USERNAME"]
      ] as const) {
        const error = yield* Effect.flip(under(Credentials.fromEnv("FMC"), variables))
        expect(error).toMatchObject({ _tag: "InvalidInput", field })
        expect(error.message).toContain(`${field}: this variable must be set in the environment`)
        expect(error.message).not.toContain("hunter2")
      }
    })
  )
})

describe("whose an account is", () => {
  it.effect("is said beside the user name, or in PREFIX_ACCOUNT, and nothing else is taken for it", () =>
    Effect.gen(function* () {
      const password = Redacted.make("hunter2")
      const ofEnvironment = (account: string) =>
        Effect.withConfigProvider(
          Credentials.fromEnv("FMC"),
          ConfigProvider.fromMap(
            new Map([
              ["FMC_USERNAME", "api"],
              ["FMC_PASSWORD", "hunter2"],
              ["FMC_ACCOUNT", account]
            ])
          )
        )
      const ofFile = (account: unknown) =>
        Effect.flatMap(
          TargetConfig.decode(
            { url: "https://x.example", credentials: { username: "api", password: "hunter2", account } },
            "device"
          ),
          ({ credentials }) => credentials
        )
      for (const account of ["shared", "local"] as const) {
        expect((yield* Credentials.password({ username: "api", password, account })).account).toBe(account)
        expect((yield* ofEnvironment(account)).account).toBe(account)
        expect(yield* ofFile(account)).toMatchObject({ account })
      }
      expect(yield* Effect.flip(ofEnvironment("mine"))).toMatchObject({
        _tag: "InvalidInput",
        field: "FMC_ACCOUNT"
      })
      const mine = Credentials.password({ username: "api", password, account: "mine" as never })
      expect(yield* Effect.flip(mine)).toMatchObject({ _tag: "InvalidInput", field: "account" })
      expect((yield* Effect.flip(ofFile("mine")))._tag).toBe("InvalidInput")
    })
  )
})

describe("what ends in a line break, as files and variables do,", () => {
  const under = <A, E>(effect: Effect.Effect<A, E>, variables: Readonly<Record<string, string>>) =>
    Effect.withConfigProvider(effect, ConfigProvider.fromMap(new Map(Object.entries(variables))))

  it.effect.each(["\n", "\r\n"])(
    "loses it: a user name and a password of variables and of configurations (%j)",
    (end) =>
      Effect.gen(function* () {
        const variables = { FMC_USERNAME: `api${end}`, FMC_PASSWORD: `se cret${end}`, T: `token${end}` }
        expect(given(yield* under(Credentials.fromEnv("FMC"), variables))).toEqual(["api", "se cret"])
        expect(
          given(yield* under(Effect.flatMap(Credentials.config("FMC"), Effect.succeed), variables))
        ).toEqual(["api", "se cret"])
        for (const [credentials, account] of [
          [{ env: "FMC" }, ["api", "se cret"]],
          [{ username: `api${end}`, password: `se cret${end}` }, ["api", "se cret"]],
          [{ tokenEnv: "T" }, ["", "token"]]
        ] as const) {
          const config = { url: "https://fmc.example", credentials }
          const device = yield* TargetConfig.decode(config, "")
          expect(given(yield* under(device.credentials, variables))).toEqual(account)
        }
        expect(given(yield* Credentials.token(Redacted.make(`token${end}`)))).toEqual(["", "token"])
      })
  )

  it.scoped("is logged in with: the device hears no line break", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const variables = {
        FMC_USERNAME: `${sandbox.username}\n`,
        FMC_PASSWORD: `${Redacted.value(sandbox.password)}\r\n`
      }
      yield* under(
        Effect.scoped(Fmc.make({ ...sandbox.fmc, credentials: Credentials.fromEnv("FMC") })),
        variables
      )
      expect(sandbox.ledger).toMatchObject({ logins: 1, loginsRefused: 0 })
    })
  )

  it.scoped("and has nothing else is none, and nothing is sent", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const empty = Redacted.make("")
      const { username } = sandbox
      for (const [credentials, field] of [
        [Credentials.fromEnv("FMC"), "FMC_PASSWORD"],
        [Credentials.password({ username, password: empty }), "password"],
        [Credentials.once({ username, password: empty }), "password"],
        // One that asks a vault, which has nothing.
        [Effect.succeed({ username, password: empty }), "password"]
      ] as const) {
        const login = Effect.scoped(Fmc.make({ ...sandbox.fmc, credentials }))
        const error = yield* Effect.flip(under(login, { FMC_USERNAME: username, FMC_PASSWORD: "\n" }))
        expect(error).toMatchObject({ _tag: "InvalidInput", field })
      }
      expect(sandbox.ledger.loginsRefused).toBe(0)
    })
  )

  it.scoped("and has white space round it even then is sent as it is, and warned about once, unseen", () =>
    Effect.gen(function* () {
      const password = Redacted.make(" hunter2 ")
      const sandbox = yield* Sandbox.make({ password })
      const warnings: Array<string> = []
      const logger = Logger.make<unknown, void>(({ logLevel, message }) => {
        if (logLevel._tag === "Warning") warnings.push(String(message))
      })
      const variables = { FMC_USERNAME: sandbox.username, FMC_PASSWORD: " hunter2 \n" }
      const login = Effect.scoped(Fmc.make({ ...sandbox.fmc, credentials: Credentials.fromEnv("FMC") }))
      yield* under(Effect.zipRight(login, login), variables).pipe(
        Effect.provide(Logger.replace(Logger.defaultLogger, logger))
      )
      expect(sandbox.ledger).toMatchObject({ logins: 2, loginsRefused: 0 })
      expect(warnings).toEqual([
        expect.stringContaining("the password to log in with begins or ends with white space")
      ])
      expect(warnings.join()).not.toContain("hunter2")
    })
  )
})

describe("an environment in which a variable cannot be used", () => {
  const good = {
    FMC_URL: " https://fmc.example\n",
    FMC_PIN: `${"ab".repeat(32)},`,
    FMC_USERNAME: "api",
    FMC_PASSWORD: "hunter2"
  }
  const read = (variables: Readonly<Record<string, string>>) =>
    Effect.withConfigProvider(
      TargetConfig.fromEnv("FMC"),
      ConfigProvider.fromMap(new Map(Object.entries(variables)))
    )
  const { FMC_PASSWORD: _, ...alone } = good

  it.effect.each([
    ["FMC_ACCOUNT", { ...good, FMC_ACCOUNT: "Shared" }, "to shared or to local"],
    ["FMC_PASSWORD_FILE", { ...good, FMC_PASSWORD_FILE: "/none" }, "both FMC_PASSWORD and FMC_PASSWORD_FILE"],
    ["FMC_PASSWORD_FILE", { ...alone, FMC_PASSWORD_FILE: "/none" }, "may read"]
  ] as const)("(%s) says why", ([field, variables, words]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(read(variables))
      expect(error).toMatchObject({ _tag: "InvalidInput", field, message: expect.stringContaining(words) })
    })
  )

  it.effect("is none where it is empty, or has only white space and commas too many round it", () =>
    Effect.gen(function* () {
      const { target } = yield* read({ ...good, FMC_ACCOUNT: "" })
      expect(target).toMatchObject({ origin: "https://fmc.example", trust: { sha256: ["ab".repeat(32)] } })
    })
  )
})

describe("a password from a file", () => {
  const secretFile = Effect.map(
    Effect.acquireRelease(
      Effect.promise(() => mkdtemp(join(tmpdir(), "sallyport-test-"))),
      (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true }))
    ),
    (folder) => {
      const path = join(folder, "password")
      return { path, write: (text: string) => Effect.promise(() => writeFile(path, text)) }
    }
  )

  it.scoped.each([
    ["without a line break", "se cret", "se cret"],
    ["with one", "secret\n", "secret"],
    ["with that of Windows", "secret\r\n", "secret"],
    ["with two, of which one belongs to it", "secret\n\n", "secret\n"],
    ["with white space of its own", " secret \t\n", " secret \t"],
    ["in UTF-8", "pässwörd€\n", "pässwörd€"],
    ["in UTF-8 with the mark that some editors put before it", "\ufeffsecret\r\n", "secret"]
  ] as const)("is what stands in it, %s", ([, text, password]) =>
    Effect.gen(function* () {
      const { path, write } = yield* secretFile
      yield* write(text)
      expect(given(yield* Credentials.fromFile({ username: "api", path }))).toEqual(["api", password])
    })
  )

  it.scoped.each([
    ["UTF-16", Buffer.from("\ufeffsecret\r\n", "utf16le")],
    ["Latin-1", Buffer.from("pässwörd", "latin1")]
  ] as const)("is not sent as something else where it is in %s", ([, bytes]) =>
    Effect.gen(function* () {
      const { path } = yield* secretFile
      yield* Effect.promise(() => writeFile(path, bytes))
      const error = yield* Effect.flip(Credentials.fromFile({ username: "api", path }))
      expect(error).toMatchObject({
        _tag: "InvalidInput",
        message: expect.stringContaining("save it as UTF-8")
      })
    })
  )

  it.scoped("is what PREFIX_PASSWORD_FILE names, read anew at each login", () =>
    Effect.gen(function* () {
      const under = (effect: Credentials.Credentials, variables: Readonly<Record<string, string>>) =>
        Effect.withConfigProvider(effect, ConfigProvider.fromMap(new Map(Object.entries(variables))))
      const { path, write } = yield* secretFile
      const variables = { FMC_USERNAME: "api", FMC_PASSWORD_FILE: path }
      const config = Effect.mapError(Credentials.config("FMC"), (error) => {
        return new InvalidInput({ field: "config", message: String(error) })
      })
      for (const password of ["first", "second"]) {
        yield* write(`${password}\n`)
        expect(given(yield* under(Credentials.fromEnv("FMC"), variables))).toEqual(["api", password])
        expect(given(yield* under(config, variables))).toEqual(["api", password])
      }
      const both = { ...variables, FMC_PASSWORD: "hunter2" }
      const gone = { ...variables, FMC_PASSWORD_FILE: `${path}.gone` }
      for (const [given, words] of [
        [both, "both FMC_PASSWORD and FMC_PASSWORD_FILE are set"],
        [gone, "cannot be read"],
        [{ FMC_USERNAME: "api" }, "FMC_PASSWORD_FILE"]
      ] as const) {
        const error = yield* Effect.flip(under(Credentials.fromEnv("FMC"), given))
        expect(error).toMatchObject({ _tag: "InvalidInput", message: expect.stringContaining(words) })
        expect(error.message).not.toContain("hunter2")
        const other = yield* Effect.flip(under(config, given))
        expect(other.message).toContain(words)
        expect(other.message).not.toContain("hunter2")
      }
    })
  )

  it.scoped("that is missing or empty is InvalidInput, which names the file", () =>
    Effect.gen(function* () {
      const { path, write } = yield* secretFile
      const credentials = Credentials.fromFile({ username: "api", path })
      const missing = yield* Effect.flip(credentials)
      expect(missing).toMatchObject({ _tag: "InvalidInput", value: path })
      for (const empty of ["", "\n", "\r\n"]) {
        yield* write(empty)
        expect((yield* Effect.flip(credentials)).message).toContain("is empty; write the password into it.")
      }
    })
  )

  it.scoped.each(backends.map((backend) => [backend.name, backend] as const))(
    "is read again at each login: %s",
    ([, backend]) =>
      Effect.gen(function* () {
        const { path, write } = yield* secretFile
        const before = Redacted.make(`before-${backend.name}`)
        const after = Redacted.make(`after-${backend.name}`)
        const sandbox = yield* Sandbox.make({ password: before })
        yield* write(`${Redacted.value(before)}\n`)
        const credentials = Credentials.fromFile({ username: sandbox.username, path })
        const endpoint = { ...sandbox[backend.name], credentials }
        const session = yield* backend.open({ ...sandbox, [backend.name]: endpoint })
        yield* sandbox.setPassword(after)
        yield* write(`${Redacted.value(after)}\n`)
        yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.status(400) })
        yield* TestClock.adjust(untilSpent)
        expect((yield* read(session, backend)).status).toBe(200)
        expect(backend.tally(sandbox)).toMatchObject({ logins: 2, loginsRefused: 0 })
      })
  )
})

describe("other credentials", () => {
  it.effect("of a one-time code are handed out once, also to many who ask at once", () =>
    Effect.gen(function* () {
      const code = Credentials.once({ username: "api", password: Redacted.make("pw,123456") })
      const results = yield* Effect.forEach(Array.from({ length: 16 }), () => Effect.either(code), {
        concurrency: "unbounded"
      })
      expect(results.filter(({ _tag }) => _tag === "Right")).toHaveLength(1)
      const error = yield* Effect.flip(code)
      expect(error).toMatchObject({ _tag: "CredentialsRefused", username: "api" })
      expect(error.message).toContain("start the script again with a new one")
    })
  )

  it.scoped.each(backends.map((backend) => [backend.name, backend] as const))(
    "may be any Effect, such as one that asks a vault, evaluated once for each login: %s",
    ([, backend]) =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        let asked = 0
        const vault = Effect.gen(function* () {
          yield* Effect.yieldNow()
          asked += 1
          return { username: sandbox.username, password: sandbox.password }
        })
        const endpoint = { ...sandbox[backend.name], credentials: vault }
        const session = yield* backend.open({ ...sandbox, [backend.name]: endpoint })
        yield* session.renew
        expect(asked).toBe(1)
        yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.status(400) })
        yield* session.renew
        expect(asked).toBe(2)
        expect(backend.tally(sandbox).logins).toBe(2)
      })
  )
})
