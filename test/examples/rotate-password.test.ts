import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Sandbox from "sallyport/sandbox"
import { environmentOf, lines, run } from "../support/example.ts"
import * as Requests from "../support/requests.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"

const fresh = "Fresh-Passw0rd-4711"

/** Each login that reached the sandbox, by its status: FDM refuses one with 400. */
const logins = ({ ledger }: Sandbox.Sandbox) =>
  ledger.requests.flatMap(({ kind, status }) => (kind === "login" ? [status] : []))

/** All that runs have written down there. */
const journalsIn = (state: string): string => {
  const folder = join(state, "sallyport/runs")
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("")
}

const words = ["--username", "api", "--from", "env:FDM_PASSWORD", "--to", "env:FDM_NEW_PASSWORD"]
const args = ["run", "--yes", "--quiet", ...words]

describe("rotate-password.ts", () => {
  it.scopedLive(
    "changes the password, logs in with the new one, and the old one is refused from then on",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const old = Redacted.value(sandbox.password)
        const env = { ...environmentOf(sandbox, "FDM"), FDM_NEW_PASSWORD: fresh }
        const rotating = run("examples/rotate-password.ts", { args, env })

        const first = yield* rotating
        expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: "" })
        expect(first.stdout).toMatch(/^rotate-password: done\n1 done; [\s\S]*~ account api {2}\(done\)/)
        expect(lines(first.stdout).at(-1)).toBe(
          "The account has the new password: put it wherever the old one is kept."
        )
        expect(Redacted.value(sandbox.password)).toBe(fresh)
        expect(logins(sandbox)).toEqual([200, 200, 200])
        // Of the plan and of the run the API version and the account; each of the three logins has its logout.
        Requests.account("rotate-password", sandbox)

        // By the same variables: the old password, once.
        const mark = sandbox.ledger.requests.length
        const second = yield* rotating
        expect(second.code).toBe(1)
        expect(second.stdout).toMatch(
          /^rotate-password: failed\nNothing was changed[\s\S]*^CredentialsRefused: /m
        )
        expect(logins(sandbox)).toEqual([200, 200, 200, 400])
        Requests.account("rotate-password, again", sandbox, mark)

        expect(sandbox.ledger).toMatchObject({ opened: 3, open: 0 })
        for (const { stderr, stdout } of [first, second]) {
          for (const secret of [old, fresh]) expect(stdout + stderr).not.toContain(secret)
        }
      })
  )

  it.scopedLive("plans it without a word of either password, and says that it is not undone", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const old = Redacted.value(sandbox.password)
      const env = { ...environmentOf(sandbox, "FDM"), FDM_NEW_PASSWORD: fresh }
      const plan = yield* run("examples/rotate-password.ts", { args: ["plan", ...words], env })
      expect(plan).toMatchObject({ code: 0, stderr: "" })
      expect(plan.stdout).toMatch(/~ account api {2}\(no undo: .*\)\n {6}password: "\(secret\)"/)
      const state = yield* temporaryFolder
      const ran = yield* run("examples/rotate-password.ts", {
        args,
        env: { ...env, XDG_STATE_HOME: state, LOCALAPPDATA: state }
      })
      const journal = journalsIn(state)
      expect(journal).toContain('"_tag":"ended","outcome":"done"')
      for (const secret of [old, fresh])
        expect(plan.stdout + ran.stdout + ran.stderr + journal).not.toContain(secret)
    })
  )

  it.scopedLive("keeps the old password where the device does not like the new one, and says why", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const old = Redacted.value(sandbox.password)
      const env = { ...environmentOf(sandbox, "FDM"), FDM_NEW_PASSWORD: "kurz" }
      const { code, stderr } = yield* run("examples/rotate-password.ts", { args, env })
      expect(code).toBe(1)
      expect(stderr).toMatch(/The new password is too short[\s\S]*It has changed nothing\./)
      expect(Redacted.value(sandbox.password)).toBe(old)
      expect(sandbox.ledger).toMatchObject({ logins: 2, open: 0 })
    })
  )

  it.scopedLive("sends nothing without a new password", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { code, stderr } = yield* run("examples/rotate-password.ts", {
        args,
        env: environmentOf(sandbox, "FDM")
      })
      expect(code).toBe(64)
      expect(stderr).toMatch(/^--to: the environment has no variable of this name, or it is empty; set it\./)
      expect(sandbox.ledger.requests).toEqual([])
    })
  )
})
