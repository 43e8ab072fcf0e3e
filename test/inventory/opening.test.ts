// What an inventory opens. An entry: not asked for → being opened → open → closed by its scope, as often as it is asked.
//
// Invariants: reading, selecting and showing asks for no password and opens nothing · each `open` is one login and one
// logout · a reference that many share is asked for once.
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { PassThrough } from "node:stream"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { InvalidInput, Inventory } from "sallyport"
import type * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { Plugin } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"
import { SecretTerminal } from "../../src/auth/SecretQuestion.ts"
import { SharedAnswers } from "../../src/auth/SharedAnswers.ts"
import { eventually } from "../support/eventually.ts"
import { plugins } from "../support/inventories.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"

const count = 1000

describe("an inventory of a thousand devices", () => {
  it.scopedLive("opens those that are asked for: one is one login, of its kind, and one logout", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { username, password } = yield* sandbox.fmc.credentials
      const folder = yield* temporaryFolder
      writeFileSync(join(folder, "password"), Redacted.value(password))
      const names = Array.from({ length: count }, (_, index) => `branch-${index}`)
      writeFileSync(
        join(folder, "inventory.yaml"),
        `defaults:
  url: ${sandbox.url}
  trust: { pin: "${sandbox.certificate.sha256}" }
  credentials: { username: ${username}, passwordFile: password }
devices:
  hq: { kind: fmc }
${names.map((name) => `  ${name}: { kind: fdm, apiVersion: v6 }`).join("\n")}
`
      )
      const inventory = yield* Inventory.fromFile(join(folder, "inventory.yaml"), { plugins })
      expect(inventory.entries).toHaveLength(count + 1)
      expect(yield* inventory.select("branch-7*", "!branch-70")).toHaveLength(110)
      const [hq, branch] = [yield* inventory.get("hq"), yield* inventory.get("branch-999")]
      expect(sandbox.ledger.logins).toBe(0)

      yield* Effect.scoped(
        Effect.gen(function* () {
          if (hq.kind !== "fmc" || branch.kind !== "fdm") return expect.unreachable()
          // The types know the clients by their kinds.
          const fmc: Fmc.Fmc = yield* hq.open
          expect(fmc.session.target.name).toBe("hq")
          expect(sandbox.ledger.logins).toBe(1)
          const fdm: Fdm.Fdm = yield* branch.open
          expect(yield* fdm.apiVersion).toBe("v6")
          expect(sandbox.ledger.logins).toBe(2)
          // The options are those that the kind itself takes.
          const again = yield* Fmc.make(yield* hq.options)
          expect((yield* again.domain("Global")).name).toBe("Global")
        })
      )
      expect({ opened: sandbox.ledger.opened, open: sandbox.ledger.open }).toEqual({ opened: 3, open: 0 })
    })
  )
})

describe("credentials of an inventory", () => {
  it.live("are asked for on the terminal once for all that share them, when the first is opened", () =>
    Effect.gen(function* () {
      const [input, output] = [new PassThrough(), new PassThrough()]
      let written = ""
      output.on("data", (bytes) => (written += String(bytes)))
      const inventory = yield* Inventory.make(
        {
          defaults: { kind: "asking", credentials: { username: "night", prompt: "TACACS" } },
          devices: Object.fromEntries(
            Array.from({ length: count }, (_, index) => [`d${index}`, { url: `https://d${index}.example` }])
          )
        },
        { plugins: [asking] }
      )
      expect(written).toBe("")
      const opening = yield* Effect.forEach(
        inventory.entries,
        ({ open }) => Effect.scoped(Effect.flip(open)),
        {
          concurrency: "unbounded"
        }
      ).pipe(
        Effect.provideService(SecretTerminal, {
          input: Object.assign(input, { isTTY: true }),
          output: Object.assign(output, { isTTY: true }),
          turn: Effect.unsafeMakeSemaphore(1)
        }),
        Effect.provideService(SharedAnswers, new Map()),
        Effect.fork
      )
      yield* eventually("the question is there", () => written !== "")
      input.write("hunter2\r")
      const errors = yield* Fiber.join(opening)
      expect(new Set(errors.map(({ message }) => message))).toEqual(new Set(["night hunter2"]))
      expect(written).toBe("Password of night (TACACS): \n")
    })
  )
})

/** Asks for the account, and fails with what it was given. */
const asking = Plugin.make({
  id: "asking",
  version: "1.0.0",
  pluginInterface: 1,
  capabilities: [],
  config: Schema.Struct({}),
  backend: (_, { credentials }) =>
    credentials.pipe(
      Effect.catchTag("CredentialsRefused", (error) => Effect.die(error)),
      Effect.flatMap(({ password, username }) =>
        Effect.fail(
          new InvalidInput({ field: "account", message: `${username} ${Redacted.value(password)}` })
        )
      )
    )
})
