// What a plan of a command line keeps from writing: the whole process.
//
// States of the process: held, while a plan of a command line is made; free, before and after it. Races: whoever writes
// began before the plan, and hears of it within; two plans at the same time; the plan is interrupted.
//
// Invariants: while it is held no session of it writes, whoever opened it and by whatever runtime; reads go · what was
// refused stands in the plan · a plan that no command line makes holds nobody but its own script · afterwards all write
// again.
import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { HoldsProcess } from "../../src/auth/WriteGate.ts"

const host = (name: string) => ({ name, value: "198.51.100.9" })

/** Whoever takes orders since before the plan was begun, and so knows nothing of it. */
type Worker = (
  outside: Fmc.Fmc,
  sandbox: Sandbox.Sandbox
) => Effect.Effect<(name: string) => Effect.Effect<unknown, unknown>>

const create = (fmc: Fmc.Fmc, name: string) =>
  Effect.flatMap(fmc.domain("Global"), ({ hosts }) => hosts.create(host(name)))

/** Looks for orders by a timer that was begun before the plan. */
const byTimer = (write: (name: string) => Promise<unknown>) =>
  Effect.sync(() => {
    const orders: Array<() => void> = []
    setInterval(() => orders.shift()?.(), 1).unref()
    return (name: string) =>
      Effect.tryPromise(
        () => new Promise((resolve, reject) => orders.push(() => write(name).then(resolve, reject)))
      )
  })

const workers: Readonly<Record<string, Worker>> = {
  "Effect.runPromise": (outside) => byTimer((name) => Effect.runPromise(create(outside, name))),
  "a ManagedRuntime": (outside) => {
    const runtime = ManagedRuntime.make(Layer.empty)
    return byTimer((name) => runtime.runPromise(create(outside, name)))
  },
  "the Promise surface": (_, sandbox) =>
    byTimer((name) =>
      Fmc.use({ ...sandbox.fmc }, async (fmc) => (await fmc.domain("Global")).hosts.create(host(name)))
    )
}

const workflow = (script: () => Effect.Effect<unknown, unknown>) =>
  Workflow.make({
    name: "the workflow",
    input: Schema.Struct({}),
    devices: { fmc: Fmc.plugin },
    run: script
  })

const writes = (sandbox: Sandbox.Sandbox) =>
  sandbox.ledger.requests.filter(({ kind, method }) => kind === "call" && method !== "GET").length

const planned = (sandbox: Sandbox.Sandbox, script: () => Effect.Effect<unknown, unknown>, holds = true) =>
  Workflow.plan(workflow(script), { fmc: sandbox.fmc }, {}).pipe(Effect.provideService(HoldsProcess, holds))

describe("while a command line makes a plan, nothing is written by", () => {
  it.scopedLive.each(Object.entries(workers))("%s, begun before", ([, begin]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const outside = yield* Fmc.make(sandbox.fmc)
      const write = yield* begin(outside, sandbox)
      const plan = yield* planned(sandbox, () => Effect.ignore(write("w-1")))
      expect(writes(sandbox)).toBe(0)
      expect(plan).toMatchObject({ complete: false, changes: [] })
      expect(plan.end?.operation).toMatch(/^POST .*\/object\/hosts$/)
      // It is free again, and was all the time for a plan that no command line makes.
      yield* write("w-2")
      yield* planned(sandbox, () => write("w-3"), false)
      expect(writes(sandbox)).toBe(2)
    })
  )
})

describe("a process that a plan holds", () => {
  it.scopedLive("reads, and is held until the last of two plans is made", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const outside = yield* Fmc.make(sandbox.fmc)
      const { hosts } = yield* outside.domain("Global")
      const begun = yield* Deferred.make<void>()
      const end = yield* Deferred.make<void>()
      const long = yield* Effect.fork(
        planned(sandbox, () => Effect.zipRight(Deferred.succeed(begun, undefined), Deferred.await(end)))
      )
      yield* Deferred.await(begun)
      yield* planned(sandbox, () => Effect.void)
      yield* hosts.find("nobody")
      const refused = yield* Effect.flip(hosts.create(host("w-1")))
      expect(refused._tag).toBe("PlanRefused")
      yield* Deferred.succeed(end, undefined)
      yield* Fiber.join(long)
      yield* hosts.create(host("w-2"))
      expect(writes(sandbox)).toBe(1)
    })
  )

  it.scopedLive("is free where the plan is interrupted", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const outside = yield* Fmc.make(sandbox.fmc)
      const write = yield* byTimer((name) => Effect.runPromise(create(outside, name)))
      const begun = yield* Deferred.make<void>()
      const never = yield* Effect.fork(
        planned(sandbox, () => Effect.zipRight(Deferred.succeed(begun, undefined), Effect.never))
      )
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(never)
      yield* write("w-1")
      expect(writes(sandbox)).toBe(1)
      expect(sandbox.ledger.open).toBe(1)
    })
  )
})
