// What a run does, and what it leaves.
//
// States of a run: begun; sending a change (written down before, and after its answer); its script is over; undoing;
// ended. A change: about to be sent · done · refused · unknown · taken back. Races: changes side by side; a script that
// goes on after it was stopped; an interruption while a change is under way; a second one before the undo has begun.
//
// Invariants: a change stands in the journal before it is sent · no write goes out that no change describes · after a
// failure what was done is taken back, the last first, and what could not be is told · every session is logged out · no
// secret in journal or report.
import { mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import * as JournalFile from "../../../src/workflow/journal/JournalFile.ts"
import * as UndoStops from "../../../src/workflow/run/undo/UndoStops.ts"
import { scriptFailed } from "../../support/ScriptFailed.ts"

type Domain = Effect.Effect.Success<ReturnType<Fmc.Fmc["domain"]>>

const folder = () => mkdtempSync(join(tmpdir(), "sallyport-runs-"))

/** A workflow of one script on an FMC's Global domain. */
const onFmc = <A, E>(script: (domain: Domain, fmc: Fmc.Fmc) => Effect.Effect<A, E>) =>
  Workflow.make({
    name: "test",
    input: Schema.Struct({}),
    devices: { fmc: Fmc.plugin },
    run: ({ fmc }) => Effect.flatMap(fmc.domain("Global"), (domain) => script(domain, fmc))
  })

const names = (sandbox: Sandbox.Sandbox) =>
  Effect.scoped(
    Effect.gen(function* () {
      const fmc = yield* Fmc.make(sandbox.fmc)
      const domain = yield* fmc.domain("Global")
      const hosts = yield* Stream.runCollect(domain.hosts.list())
      // What is there from the start is called host-….
      return [...hosts]
        .filter(({ name }) => !name.startsWith("host-"))
        .map(({ name, value }) => `${name} ${value}`)
    })
  )

const host = (name: string, value = "198.51.100.9") => ({ name, value })
const failed = Effect.fail(scriptFailed("a later step"))

describe("a run", () => {
  it.scopedLive("sends each change, and writes it down before and after", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const script = onFmc(({ hosts }) => hosts.upsertAll([host("a"), host("b")]))
      const { report, result } = yield* Workflow.run(script, { fmc: sandbox.fmc }, {}, { folder: folder() })
      expect(report.outcome).toBe("done")
      expect(report.changes.map(({ name, state }) => [name, state])).toEqual([
        ["a", "done"],
        ["b", "done"]
      ])
      expect(Option.getOrThrow(result).map(({ change }) => change)).toEqual(["created", "created"])
      const lines = readFileSync(report.journal ?? "", "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)._tag)
      expect(lines).toEqual(["begun", "intent", "outcome", "ended"])
      expect(yield* names(sandbox)).toEqual(["a 198.51.100.9", "b 198.51.100.9"])
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive("takes back what it has done where a later step fails", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const script = onFmc(({ hosts }) =>
        Effect.gen(function* () {
          const kept = yield* hosts.create(host("kept"))
          yield* hosts.update({ ...kept, id: kept.id ?? "", value: "198.51.100.77" })
          yield* hosts.createAll([host("a"), host("b")])
          yield* Workflow.step("last", failed)
        })
      )
      const { report, result } = yield* Workflow.run(script, { fmc: sandbox.fmc }, {}, { folder: folder() })
      expect(report.outcome).toBe("failed")
      expect(report.errors.map(({ message }) => message)).toEqual(["a later step"])
      expect(report.changes.map(({ name, state, why }) => [name, state, why])).toEqual([
        ["kept", "undone", undefined],
        ["kept", "undone", undefined],
        ["a", "undone", undefined],
        ["b", "undone", undefined]
      ])
      expect(report.undo).toEqual({ state: "done", left: 0 })
      expect(Option.isNone(result)).toBe(true)
      expect(yield* names(sandbox)).toEqual([])
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive("refuses what no verb describes, unless the script calls it unplanned", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const post = ({ rest }: Domain) =>
        rest.request("POST", "/object/hosts", { body: { type: "Host", ...host("raw") } })
      const options = { folder: folder() }
      const plain = yield* Workflow.run(onFmc(post), { fmc: sandbox.fmc }, {}, options)
      expect(plain.report.outcome).toBe("failed")
      expect(plain.report.errors.map(({ tag }) => tag)).toEqual(["RunRefused"])
      expect(yield* names(sandbox)).toEqual([])
      const said = onFmc((domain) => Workflow.unplanned("by hand", post(domain)))
      const told = yield* Workflow.run(said, { fmc: sandbox.fmc }, {}, options)
      expect(told.report.changes.map(({ action, kind, name, state }) => [action, kind, name, state])).toEqual(
        [["POST", "request", "by hand", "done"]]
      )
      expect(yield* names(sandbox)).toEqual(["raw 198.51.100.9"])
    })
  )

  it.scopedLive("ends the change at hand when it is interrupted, and takes all back", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const script = onFmc(({ hosts }) =>
        Effect.forEach(
          Array.from({ length: 50 }, (_, at) => `h${at}`),
          (name) => hosts.create(host(name))
        )
      )
      const fiber = yield* Effect.fork(Workflow.run(script, { fmc: sandbox.fmc }, {}, { folder: folder() }))
      while (
        !sandbox.ledger.requests.some(({ method, path }) => method === "POST" && path.endsWith("/hosts"))
      )
        yield* Effect.sleep("5 millis")
      const exit = yield* Fiber.interrupt(fiber)
      expect(Exit.isInterrupted(exit)).toBe(true)
      expect(yield* names(sandbox)).toEqual([])
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  for (const timeOut of [undefined, "1 minute"] as const)
    it.scopedLive(
      `tells of the change at hand before it tells of its end, with a timeOut of ${timeOut}`,
      () =>
        Effect.gen(function* () {
          const sandbox = yield* Sandbox.make()
          const script = onFmc(({ hosts }) => hosts.create(host("a")))
          yield* sandbox.fail({ method: "POST", path: /hosts/, how: Sandbox.Fault.slow("300 millis") })
          const reports: Array<Workflow.RunReport> = []
          const options: Workflow.RunOptions = {
            folder: folder(),
            onFailure: "leave",
            timeOut,
            onProgress: (event) => {
              if (event._tag === "Ended") reports.push(event.report)
            }
          }
          const fiber = yield* Effect.fork(Workflow.run(script, { fmc: sandbox.fmc }, {}, options))
          const isSent = () =>
            sandbox.ledger.requests.some(({ method, path }) => method === "POST" && path.endsWith("/hosts"))
          while (!isSent()) yield* Effect.sleep("5 millis")
          yield* Fiber.interrupt(fiber)
          const [run = "none"] = yield* JournalFile.list(options)
          const { lines } = yield* JournalFile.read(options, run)
          expect(lines).toMatchObject([
            { _tag: "begun" },
            { _tag: "intent" },
            { _tag: "outcome", outcome: "done" },
            { _tag: "ended", outcome: "interrupted" }
          ])
          expect(reports.map(({ changes }) => changes.map(({ state, why }) => [state, why]))).toEqual([
            [["done", undefined]]
          ])
        })
    )

  it.scopedLive("begins no other write of the change at hand when it is interrupted", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const names = ["a", "b", "c"]
      const script = Workflow.make({
        name: "test",
        input: Schema.Struct({}),
        devices: { fdm: Fdm.plugin },
        run: ({ fdm: { networks } }) =>
          Effect.gen(function* () {
            const made = yield* Effect.forEach(names, (name) =>
              networks.create({ name, subType: "HOST", value: "192.0.2.1" })
            )
            yield* networks.removeAll(made.map(({ id }) => id))
          })
      })
      const removals = () => sandbox.ledger.requests.filter(({ method }) => method === "DELETE")
      yield* sandbox.fail({ method: "DELETE", path: /networks/, how: Sandbox.Fault.slow("300 millis") })
      const options = { folder: folder() }
      const run = Workflow.run(script, { fdm: sandbox.fdm }, {}, { ...options, onFailure: "leave" })
      const fiber = yield* Effect.fork(run)
      while (removals().length === 0) yield* Effect.sleep("5 millis")
      yield* Fiber.interrupt(fiber)
      expect(removals().map(({ status }) => status)).toEqual([204])
      const [id = "none"] = yield* JournalFile.list(options)
      const { undo } = yield* Workflow.undo(script, { fdm: sandbox.fdm }, id, options)
      expect(undo?.state).toBe("done")
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive("takes nothing back where that is ended before it has begun, and can be resumed", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      let isInterrupted = false
      const script = onFmc(({ hosts }) =>
        Effect.zipRight(hosts.create(host("a")), isInterrupted ? Effect.succeed("done") : Effect.never)
      )
      yield* sandbox.fail({ method: "POST", path: /hosts/, how: Sandbox.Fault.slow("500 millis") })
      const options = { folder: folder() }
      // Of a test file before, such as the runs that crash.test.ts stops for ever.
      const others = UndoStops.undoing()
      const fiber = yield* Effect.fork(Workflow.run(script, { fmc: sandbox.fmc }, {}, options))
      const isSent = () =>
        sandbox.ledger.requests.some(({ method, path }) => method === "POST" && path.endsWith("/hosts"))
      while (!isSent()) yield* Effect.sleep("5 millis")
      yield* Fiber.interruptFork(fiber)
      const ahead = { stage: "ahead", isOfFleet: false }
      expect([UndoStops.undoing(), UndoStops.stopAll(), UndoStops.stopAll()]).toMatchObject([
        ahead,
        ahead,
        undefined
      ])
      yield* Fiber.await(fiber)
      expect(UndoStops.undoing()).toBe(others)
      expect([yield* names(sandbox), sandbox.ledger.open]).toEqual([["a 198.51.100.9"], 0])
      isInterrupted = true
      const [run = "none"] = yield* JournalFile.list(options)
      const { report } = yield* Workflow.resume(script, { fmc: sandbox.fmc }, run, options)
      expect(report.outcome).toBe("done")
      expect(yield* names(sandbox)).toEqual(["a 198.51.100.9"])
    })
  )

  it.scopedLive("leaves whoever called it as free to write as before", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const script = onFmc(({ hosts }) => hosts.create(host("a")))
      const writes = (name: string) =>
        Effect.scoped(
          Effect.gen(function* () {
            const { hosts } = yield* (yield* Fmc.make(sandbox.fmc)).domain("Global")
            yield* hosts.create(host(name))
          })
        )
      const options = { folder: folder() }
      const { report } = yield* Workflow.run(script, { fmc: sandbox.fmc }, {}, options)
      yield* writes("after a run")
      const late = onFmc(({ hosts }) => Effect.zipRight(hosts.create(host("b")), failed))
      const left = yield* Workflow.run(late, { fmc: sandbox.fmc }, {}, { ...options, onFailure: "leave" })
      yield* Effect.exit(Workflow.resume(late, { fmc: sandbox.fmc }, left.report.run, options))
      yield* writes("after a resumed one")
      yield* Workflow.undo(late, { fmc: sandbox.fmc }, report.run, options)
      yield* writes("after an undo")
      yield* Workflow.plan(script, { fmc: sandbox.fmc }, {})
      yield* writes("after a plan")
      expect((yield* names(sandbox)).map((one) => one.split(" 198")[0])).toEqual([
        "after a run",
        "after a resumed one",
        "after an undo",
        "after a plan"
      ])
    })
  )

  it.scopedLive("works on several devices of different kinds", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const both = Workflow.make({
        name: "both",
        input: Schema.Struct({}),
        devices: { fmc: Fmc.plugin, fdm: Fdm.plugin },
        run: ({ fdm, fmc }) =>
          Effect.gen(function* () {
            const domain = yield* fmc.domain("Global")
            yield* Effect.all(
              [
                domain.hosts.create(host("x")),
                fdm.networks.create({
                  name: "n",
                  type: "networkobject",
                  subType: "HOST",
                  value: "198.51.100.1"
                })
              ],
              { concurrency: 2 }
            )
            return yield* failed
          })
      })
      const { report } = yield* Workflow.run(
        both,
        { fmc: sandbox.fmc, fdm: sandbox.fdm },
        {},
        { folder: folder() }
      )
      expect(report.changes.map(({ state }) => state)).toEqual(["undone", "undone"])
      expect(yield* names(sandbox)).toEqual([])
    })
  )

  it.scopedLive("does not take for its own what was there before, however alike it is", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const one = { name: "n", type: "networkobject", subType: "HOST", value: "198.51.100.1" } as const
      const make = Workflow.make({
        name: "again",
        input: Schema.Struct({}),
        devices: { fdm: Fdm.plugin },
        run: ({ fdm }) =>
          Effect.gen(function* () {
            yield* Effect.ignore(fdm.networks.createAll([one, { ...one, name: "m" }]))
            yield* failed
          })
      })
      const devices = { fdm: sandbox.fdm }
      const there = Effect.scoped(
        Effect.gen(function* () {
          const { networks } = yield* Fdm.make(sandbox.fdm)
          const all = yield* Stream.runCollect(networks.list())
          return [...all].map(({ name }) => name).filter((name) => name === "n" || name === "m")
        })
      )
      yield* Effect.scoped(Effect.flatMap(Fdm.make(sandbox.fdm), ({ networks }) => networks.create(one)))
      // Its answer never comes, and what is read back cannot be told from what would have been made.
      yield* sandbox.fail({ method: "POST", path: /networks$/, how: Sandbox.Fault.reset })
      const { report } = yield* Workflow.run(make, devices, {}, { folder: folder() })
      expect(report.outcome).toBe("failed")
      expect(yield* there).toEqual(["n"])
    })
  )
})
