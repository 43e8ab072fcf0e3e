// A run that takes longer than it may, and one that is interrupted while a write takes long.
//
// States when its time is over: opening its sessions · at a request that reads · at one that writes · making the plan for
// its guards. Races: a script that catches every error, the time-out's too; a write that is answered after it.
//
// Invariants: it has failed, never done, and says why · what it had changed is taken back, the change under way too ·
// its sessions are logged out · a run that ends in time knows nothing of it · the answer of a write is waited for before
// anything is taken back, and for half a minute at most.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"
import { eventually, pause, settled } from "../../support/eventually.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const names = ["a", "b", "c"]

/** Adds three networks, and goes on whatever becomes of each. */
const adding = Workflow.make({
  name: "test",
  input: Schema.Struct({}),
  devices: { fdm: Fdm.plugin },
  run: ({ fdm }) =>
    Effect.forEach(names, (name) =>
      Effect.exit(fdm.networks.create({ name, subType: "HOST", value: "192.0.2.1" }))
    )
})

const given = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make()
  const folder = yield* temporaryFolder
  const left = Effect.scoped(
    Effect.gen(function* () {
      const fdm = yield* Fdm.make(sandbox.fdm)
      const all = yield* Stream.runCollect(fdm.networks.list())
      return [...all].map(({ name }) => name).filter((name) => names.includes(name))
    })
  )
  const run = (options: Workflow.RunOptions) =>
    Workflow.run(adding, { fdm: sandbox.fdm }, {}, { folder, ...options })
  return { left, run, sandbox }
})

const path = /object\/networks/

/** Lets a run go until the device has been asked, and then until its time is over, and the device answers. */
const late = <A, E>(
  run: Effect.Effect<A, E>,
  sandbox: Sandbox.Sandbox,
  isAsked: (paths: string) => boolean
) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(run)
    const paths = () => sandbox.ledger.requests.map(({ method, path }) => `${method} ${path}`).join("\n")
    yield* eventually("it is asked", () => isAsked(paths()), 30)
    yield* TestClock.adjust("5 seconds")
    return yield* Fiber.join(fiber)
  })

const slow = Sandbox.Fault.slow("2 seconds")
const isLoggingIn = (paths: string) => paths.includes("fdm/token")

describe("a run that takes longer than it may", () => {
  it.scoped("has failed at a write, whatever its script catches, and is taken back with that write", () =>
    Effect.gen(function* () {
      const { left, run, sandbox } = yield* given
      yield* sandbox.fail({ method: "POST", path, nth: 2, how: slow })
      const isAtSecond = (paths: string) => (paths.match(/POST .*networks/g)?.length ?? 0) === 2
      const { report } = yield* late(run({ timeOut: "5 seconds" }), sandbox, isAtSecond)
      expect([report.outcome, report.errors.map(({ tag }) => tag)]).toEqual(["failed", ["RunTimedOut"]])
      expect(report.changes.map(({ state }) => state)).toEqual(["undone", "undone"])
      expect(report.undo?.state).toBe("done")
      expect(yield* left).toEqual([])
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scoped("has failed while it logs in, and what answers later is logged out", () =>
    Effect.gen(function* () {
      const { run, sandbox } = yield* given
      yield* sandbox.fail({ path: /fdm\/token/, how: slow })
      const { report } = yield* late(run({ timeOut: "5 seconds" }), sandbox, isLoggingIn)
      expect([report.outcome, report.changes]).toEqual(["failed", []])
      yield* settled
      expect([sandbox.ledger.opened, sandbox.ledger.open]).toEqual([1, 0])
    })
  )

  it.scoped("has failed while it makes the plan for its guards, and nothing was begun", () =>
    Effect.gen(function* () {
      const { run, sandbox } = yield* given
      yield* sandbox.fail({ path: /fdm\/token/, how: slow })
      const { report } = yield* late(run({ timeOut: "5 seconds", limit: 10 }), sandbox, isLoggingIn)
      expect([report.outcome, report.journal]).toEqual(["failed", undefined])
      expect(report.errors.map(({ message }) => message)).toEqual([
        "it took longer than 5s, and was ended. Look at what it waited for, and if it only needs longer, give a longer timeOut."
      ])
      yield* settled
      expect(sandbox.ledger.open).toBe(0)
    })
  )
})

describe("a run that ends in time", () => {
  it.scopedLive("knows nothing of it", () =>
    Effect.gen(function* () {
      const { left, run } = yield* given
      const { report } = yield* run({ timeOut: "1 minute" })
      expect(report.outcome).toBe("done")
      expect(yield* left).toEqual(names)
    })
  )

  it.scopedLive("is refused where its time can be none", () =>
    Effect.gen(function* () {
      const { run } = yield* given
      const error = yield* Effect.flip(run({ timeOut: 0 }))
      expect(error.message).toContain('timeOut: 0 cannot be used; give a duration such as "30 seconds"')
    })
  )
})

describe("a run that is interrupted while a device is silent", () => {
  it.scoped("waits half a minute for the answer to its write, and then cuts it off", () =>
    Effect.gen(function* () {
      const { run, sandbox } = yield* given
      yield* sandbox.fail({ method: "POST", path, how: Sandbox.Fault.hang })
      const reports: Array<Workflow.RunReport> = []
      const onProgress = (event: Workflow.RunEvent) => {
        if (event._tag === "Ended") reports.push(event.report)
      }
      const fiber = yield* Effect.fork(run({ onFailure: "leave", onProgress }))
      const status = () =>
        sandbox.ledger.requests.find((one) => one.method === "POST" && path.test(one.path))?.status
      yield* eventually("it is sent", () => status() === "hung", 30)
      yield* Fiber.interruptFork(fiber)
      yield* TestClock.adjust("29 seconds")
      yield* pause(50)
      expect(fiber.unsafePoll()).toBe(null)
      yield* TestClock.adjust("1 second")
      yield* Fiber.await(fiber)
      expect(reports.map(({ changes, outcome }) => [outcome, changes.map(({ state }) => state)])).toEqual([
        ["interrupted", ["unknown"]]
      ])
      expect(sandbox.ledger.open).toBe(0)
    })
  )
})
