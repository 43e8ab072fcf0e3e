import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import * as Credentials from "sallyport/Credentials"
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
    ["in UTF-8", "pässwörd€\n", "pässwörd€"]
  ] as const)("is what stands in it, %s", ([, text, password]) =>
    Effect.gen(function* () {
      const { path, write } = yield* secretFile
      yield* write(text)
      expect(given(yield* Credentials.fromFile({ username: "api", path }))).toEqual(["api", password])
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
        const door = { ...sandbox[backend.name], credentials }
        const session = yield* backend.open({ ...sandbox, [backend.name]: door })
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
        const door = { ...sandbox[backend.name], credentials: vault }
        const session = yield* backend.open({ ...sandbox, [backend.name]: door })
        yield* session.renew
        expect(asked).toBe(1)
        yield* sandbox.fail({ kind: "refresh", how: Sandbox.Fault.status(400) })
        yield* session.renew
        expect(asked).toBe(2)
        expect(backend.tally(sandbox).logins).toBe(2)
      })
  )
})
