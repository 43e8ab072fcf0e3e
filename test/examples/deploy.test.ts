import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { eventually } from "../support/eventually.ts"
import { environmentOf, lines, run } from "../support/example.ts"
import * as Requests from "../support/requests.ts"
import { start } from "../support/runtime.ts"

const script = "examples/deploy.ts"

/** Two firewalls that are out of date from the start, by one version. */
const devices = [
  { name: "ftd-1", version: 1_700_000_000_000 },
  { name: "ftd-2", version: 1_700_000_000_000 }
]

const deploying = (sandbox: Sandbox.Sandbox, ...more: ReadonlyArray<string>) =>
  run(script, { args: [...unasked, ...more], env: environmentOf(sandbox, "FMC") })

const unasked = ["run", "--yes", "--quiet"]

/** What the workflow says in its report. */
const saysOf = (stdout: string): ReadonlyArray<string> =>
  lines(/^The workflow says:\n((?: {2}.*\n)*)/m.exec(stdout)?.[1] ?? "")

const addHost = (sandbox: Sandbox.Sandbox, name: string) =>
  Effect.gen(function* () {
    const fmc = yield* Fmc.make(sandbox.fmc)
    const { hosts } = yield* fmc.domain("Global")
    yield* hosts.create({ name, value: "192.0.2.1" })
  })

describe("deploy.ts", () => {
  it.scopedLive("shows what is pending, deploys it to all, and ends when the last device has it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ devices, objects: 0 })
      yield* sandbox.hangDeployment("ftd-2")
      const running = start(script, {
        args: [...unasked, "--note", "Change 4711"],
        env: environmentOf(sandbox, "FMC")
      })
      const looks = () =>
        sandbox.ledger.requests.filter(({ path, status }) => /taskstatuses/.test(path) && status === 200)
      yield* eventually("it looks", () => looks().length === 1, 20)
      yield* sandbox.releaseDeployment("ftd-2")

      const { code, stderr, stdout } = yield* Effect.promise(() => running.ended)
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      expect(lines(stdout)[0]).toBe("deploy: done")
      expect(saysOf(stdout)).toEqual([
        "  ftd-1, traffic interruption NO: 0 pending",
        "  ftd-2, traffic interruption NO: 0 pending"
      ])
      expect(lines(stdout).slice(-2)).toEqual(["ftd-1: DEPLOYED Done", "ftd-2: DEPLOYED Done"])
      expect(sandbox.ledger.open).toBe(0)
      // To show: the list, and what is pending of each device. To deploy: the list, before it is written down and once more, the jobs there are, two looks.
      Requests.account("deploy", sandbox)

      const mark = sandbox.ledger.requests.length
      const again = yield* deploying(sandbox)
      expect(again).toMatchObject({ code: 0, stderr: "" })
      expect(again.stdout).toMatch(/^deploy: done\nNothing was changed; /)
      Requests.account("deploy, again", sandbox, mark)
    })
  )

  it.scopedLive("shows what it would deploy, and deploys nothing", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make({ devices, objects: 0 })
      const plan = yield* run(script, {
        args: ["plan", "--note", "Change 4711"],
        env: environmentOf(sandbox, "FMC")
      })
      expect(plan).toMatchObject({ code: 0, stderr: "" })
      expect(plan.stdout).toMatch(/deploy deployment.*\(no undo: /)
      expect(plan.stdout).toMatch(/pendingNow: \["ftd-1","ftd-2"\]/)
      expect(sandbox.ledger.requests.filter(({ path }) => path.endsWith("/deploymentrequests"))).toEqual([])
    })
  )

  it.scopedLive("tells a device that fails from one that is slow, by words and exit code", () =>
    Effect.gen(function* () {
      const [failing, slow] = [yield* Sandbox.make({ devices }), yield* Sandbox.make({ devices })]
      yield* Effect.scoped(addHost(failing, "web"))
      yield* failing.failDeployment("ftd-1", "The interface outside has no address.")
      yield* slow.hangDeployment("ftd-2")
      const [failed, unfinished] = yield* Effect.all(
        [deploying(failing), deploying(slow, "--wait", "1 second")],
        { concurrency: 2 }
      )
      expect(failed.code).toBe(2)
      expect(failed.stdout).toMatch(/^deploy: failed/)
      expect(saysOf(failed.stdout)).toEqual([
        "  ftd-1, traffic interruption NO: 1 pending; ADD Host web (api)",
        "  ftd-2, traffic interruption NO: 1 pending; ADD Host web (api)"
      ])
      expect(failed.stdout).toMatch(
        /^DeploymentFailed: .*ftd-1 FAILED \(The interface outside has no address\)/m
      )
      // The other device runs it.
      expect(failed.stdout).toMatch(/ deploy deployment {2}\(left\)$/m)

      expect(unfinished.code).toBe(3)
      expect(unfinished.stdout).toMatch(/^DeploymentUnfinished: .*ftd-2.*It goes on at the device/m)
      for (const { ledger } of [failing, slow]) {
        expect(ledger.open).toBe(0)
        expect(ledger.requests.filter(({ path }) => path.endsWith("/deploymentrequests"))).toHaveLength(1)
      }
    })
  )

  it.scopedLive("says which device cannot be deployed to, and asks nothing with a wait that is none", () =>
    Effect.gen(function* () {
      const [first] = devices
      const sandbox = yield* Sandbox.make({
        devices: [
          { ...first, name: "ftd-1" },
          { name: "ftd-9", version: 7, canBeDeployed: false }
        ]
      })
      const untouched = yield* Sandbox.make()
      const [wrong, { code, stderr, stdout }] = yield* Effect.all(
        [deploying(untouched, "--wait", "soon"), deploying(sandbox)],
        { concurrency: 2 }
      )
      expect(wrong).toMatchObject({ code: 64, stdout: "" })
      expect(wrong.stderr).toContain("--wait")
      expect(untouched.ledger.requests).toEqual([])

      expect(code).toBe(2)
      expect(stderr).toBe("")
      expect(stdout).toMatch(/^ftd-1: DEPLOYED Done\nftd-9: CANNOT_BE_DEPLOYED/m)
    })
  )

  it.scopedLive("deploys to the pair of a member, and does not take another's deployment for its own", () =>
    Effect.gen(function* () {
      const pair = { devices, haPairs: [{ name: "edge", primary: "ftd-1", secondary: "ftd-2" }] }
      const [free, busy] = [yield* Sandbox.make(pair), yield* Sandbox.make(pair)]
      yield* free.fail({ path: /pendingchanges/, how: Sandbox.Fault.status(404), times: 2 })
      yield* busy.hangDeployment("edge")
      const fmc = yield* Fmc.make(busy.fmc)
      yield* (yield* fmc.domain("Global")).deploy({ wait: false })
      const [done, waited, unknown] = yield* Effect.all(
        [
          deploying(free, "--to", "ftd-2"),
          deploying(busy, "--to", "ftd-1", "--wait", "1 second"),
          deploying(free, "--to", "ftd-9")
        ],
        { concurrency: 2 }
      )
      expect(done).toMatchObject({ code: 0, stderr: "" })
      expect(saysOf(done.stdout)).toEqual([
        expect.stringMatching(/^ {2}edge: what is pending cannot be read: .*404/)
      ])
      expect(lines(done.stdout).at(-1)).toBe("edge: DEPLOYED Done")
      expect(waited.code).toBe(3)
      expect(waited.stdout).toMatch(/^DeploymentUnfinished: .*edge.*ALREADY_DEPLOYING/m)
      expect(unknown.code).toBe(1)
      expect(unknown.stdout).toMatch(/^InvalidInput: .*ftd-9/m)
    })
  )
})
