// A random run: its script, what is there, what goes wrong, and who else changes the devices.
import { AsyncLocalStorage } from "node:async_hooks"
import { readdirSync, readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as fc from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Runtime from "effect/Runtime"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { ReadBack, Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { JournalDisk } from "../../../../src/workflow/journal/JournalDisk.ts"
import { JournalLine } from "../../../../src/workflow/journal/JournalLine.ts"
import { scriptFailed } from "../../../support/ScriptFailed.ts"
import { temporaryFolder } from "../../../support/temporaryFolder.ts"
import * as VirtualSandbox from "../../../support/virtualSandbox.ts"
import { holds, same } from "./claims.ts"
import * as Rival from "./rival.ts"
import { type Clients, carryOut, step } from "./script.ts"
import { differencesOf, look, opened, prepare, type State } from "./world.ts"

const { loseAnswer, reset, hang, status, truncated } = Sandbox.Fault

const fault = fc.record({
  method: fc.constantFrom("POST", "PUT", "DELETE", "GET"),
  nth: fc.integer({ min: 1, max: 6 }),
  how: fc.constantFrom(
    loseAnswer,
    loseAnswer,
    loseAnswer,
    reset,
    reset,
    status(500),
    status(500),
    truncated,
    truncated,
    hang
  ),
  when: fc.constantFrom("run" as const, "undo" as const)
})

export const scenario = fc.record({
  chosen: fc.tuple(fc.boolean(), fc.boolean()),
  steps: fc.array(step, { minLength: 1, maxLength: 5 }),
  /** Before which step it fails; behind the last one where there is none of that number. */
  failsAt: fc.integer({ min: 1, max: 9 }),
  faults: fc.array(fault, { maxLength: 2 }),
  /** What somebody else does: before which step of a run, before which request of an undo. */
  rivals: fc.array(
    fc.record({
      act: Rival.act,
      when: fc.constantFrom("before" as const, "run" as const, "end" as const, "undo" as const),
      at: fc.integer({ min: 0, max: 9 })
    }),
    { maxLength: 3 }
  ),
  /** After how many milliseconds somebody presses Ctrl-C. */
  interrupted: fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined, freq: 3 }),
  /** The same of what goes on with a run that was left, or takes it back. */
  interruptedLater: fc.option(fc.integer({ min: 0, max: 300 }), { nil: undefined, freq: 2 }),
  /** What another workflow does to the same devices. */
  others: fc.array(step, { minLength: 1, maxLength: 3 })
})
export type Scenario = typeof scenario extends fc.Arbitrary<infer A> ? A : never
type When = Scenario["rivals"][number]["when"]

/** What somebody else has done. */
export interface Done {
  readonly when: When
  /** How many requests of the script had come before. */
  readonly behind: number
  /** What differed after it from before it. */
  readonly keys: ReadonlyArray<string>
  /** Of those, what is called otherwise since what it lies below is. */
  readonly along?: ReadonlyArray<string>
  readonly after: State
}

const isRenamedAlong = (key: string, before: State, after: State): boolean => {
  const former = before.get(key.replace("-other", ""))
  const isBelow = /^(rules|order|mappings|overrides) .*-other/.test(key)
  return isBelow && former !== undefined && former === after.get(key)?.replace("-other", "")
}

const secret = "Zeisig-canary-9d1f"

/** A disk that does not wait for its platters: no power is cut here. */
const quickDisk = {
  append: async (file: { write: (bytes: Uint8Array) => Promise<unknown> }, bytes: Uint8Array) => {
    await file.write(bytes)
  }
}

/** The devices of a scenario, and a workflow on them. */
export const setting = (given: Scenario) =>
  Effect.gen(function* () {
    const sandbox = yield* VirtualSandbox.make
    const runtime = yield* Effect.runtime<never>()
    const outside = AsyncLocalStorage.snapshot()
    const folder = yield* temporaryFolder
    const called = new Map<string, string>()
    const rivals: Array<Done> = []
    const own = yield* sandbox.reaching(opened(sandbox))
    yield* prepare(own.clients, given.chosen)
    const now = Effect.sync(() => look(own, called))
    const state = { isMended: false }

    /** What somebody else does, who is in no workflow, and so in a fiber of its own: it takes no time. */
    const apart = <A, E>(work: Effect.Effect<A, E>) =>
      Effect.uninterruptible(
        Effect.flatMap(
          Effect.sync(() => outside(() => Runtime.runFork(runtime, work))),
          Fiber.join
        )
      )
    /** `as` says when they are taken to have acted. */
    const rivalsAct = (when: When, at?: number, as: When = when) =>
      Effect.forEach(
        given.rivals.filter((one) => one.when === when && (at === undefined || one.at === at)),
        ({ act }) =>
          Effect.gen(function* () {
            const before = yield* now
            const known = new Set(called.keys())
            yield* Rival.carryOut(own, act)
            const after = yield* now
            // What was created anew may be as it was.
            const anew = [...called].flatMap(([id, name]) =>
              known.has(id) ? [] : [...after.keys()].filter((key) => key.endsWith(` ${name}`))
            )
            const keys = [...new Set([...differencesOf(before, after), ...anew])]
            const along = keys.filter((key) => isRenamedAlong(key, before, after))
            rivals.push({ when: as, behind: sandbox.arrivals.length, keys, along, after })
          }),
        { discard: true }
      ).pipe(apart)
    const arm = (when: "run" | "undo") =>
      Effect.sync(() => {
        sandbox.clearFaults()
        for (const { how, method, nth, when: own } of given.faults)
          if (own === when) sandbox.fail({ kind: "call", method, nth, how })
      })

    const rivalsActAtRequests = (as: When) =>
      Effect.sync(() => {
        if (given.rivals.length === 0) return
        let requests = 0
        sandbox.onArrival(
          Effect.suspend(() => {
            requests += 1
            return rivalsAct("undo", requests - 1, as)
          })
        )
      })
    /** From here on it is an undo that sends requests. */
    const undoBegins = rivalsActAtRequests("undo")
    /** From here on it is a resumed run that does. */
    const resumeBegins = rivalsActAtRequests("run")
    const fails = Effect.gen(function* () {
      yield* rivalsAct("end")
      yield* arm("undo")
      yield* undoBegins
      return yield* Effect.fail(scriptFailed("a later step"))
    })
    const failing = (clients: Clients) =>
      Effect.gen(function* () {
        const between = (at: number) =>
          Effect.suspend(() => {
            if (state.isMended) return Effect.void
            return at === given.failsAt ? fails : rivalsAct("run", at)
          })
        const result = yield* carryOut(clients, given.steps, between)
        if (!state.isMended && given.failsAt >= given.steps.length) yield* fails
        return result
      })

    const workflowOf = (script: (clients: Clients) => Effect.Effect<ReadonlyArray<unknown>, unknown>) =>
      Workflow.make({
        name: "model",
        input: Schema.Struct({ password: Schema.Redacted(Schema.String) }),
        devices: { fmc: Fmc.plugin, fdm: Fdm.plugin },
        run: ({ fdm, fmc }) => Effect.flatMap(fmc.domain("Global"), (domain) => script({ domain, fdm }))
      })
    const workflow = workflowOf(failing)
    const other = workflowOf((clients) => carryOut(clients, given.others))
    const at = (endpoint: Sandbox.Endpoint) => ({ ...endpoint, retry: Schedule.recurs(2) })
    const devices = { fmc: at(sandbox.fmc), fdm: at(sandbox.fdm) }
    const elsewhere = { fmc: at(sandbox.elsewhere.fmc), fdm: at(sandbox.elsewhere.fdm) }
    const input = { password: secret }
    const onDevices = <A, E, R>(work: Effect.Effect<A, E, R>) =>
      sandbox
        .reaching(work)
        .pipe(
          Effect.provideService(
            ReadBack.ReadBackSchedule,
            Schedule.spaced("100 millis").pipe(Schedule.upTo("200 millis"))
          ),
          Effect.provideService(JournalDisk, quickDisk)
        )

    /** Runs something, and presses Ctrl-C at the moment of the scenario. */
    const interruptible = <A, E>(run: Effect.Effect<A, E>, interrupted = given.interrupted) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.fork(run)
        if (interrupted === undefined) return yield* Fiber.await(fiber)
        const pressing = Effect.delay(Effect.zipRight(undoBegins, Fiber.interrupt(fiber)), interrupted)
        const pressed = yield* Effect.fork(pressing)
        const exit = yield* Fiber.await(fiber)
        yield* Fiber.interrupt(pressed)
        return exit
      })

    const journals = () =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".jsonl"))

    /** The writes that the devices have carried out, whether or not they were answered. */
    const writes = () =>
      sandbox.arrivals
        .filter(({ isDone, method }) => isDone && method !== "GET")
        // A device that has not told its versions is asked by `latest`.
        .map(({ method, path }) => `${method} ${path.replace(/^\/api\/fdm\/[^/]+/, "/api/fdm")}`)
        .map((request) => request.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "*"))

    /** What holds of every run: its journal can be read, nothing secret is in it, and every session is logged out. */
    const checked = (report: Workflow.RunReport) =>
      Effect.gen(function* () {
        const text = readFileSync(report.journal ?? "", "utf8")
        for (const line of text.trimEnd().split("\n")) Schema.decodeUnknownSync(JournalLine)(JSON.parse(line))
        const encoded = JSON.stringify(Schema.encodeSync(Workflow.RunReport)(report))
        same(
          Schema.decodeUnknownSync(Workflow.RunReport)(JSON.parse(encoded)),
          report,
          "is read as it was written"
        )
        for (const canary of [secret, Redacted.value(sandbox.password)])
          holds(!(text + encoded).includes(canary), "holds a secret", text + encoded)
        // A login that its run no longer waits for is logged out by itself.
        yield* Effect.sleep("10 seconds")
        same(sandbox.ledger.open, 2, "sessions are open beside the two of somebody else")
      })

    return {
      given,
      sandbox,
      workflow,
      devices,
      elsewhere,
      folder,
      input,
      onDevices,
      state,
      now,
      rivals,
      called,
      rivalsAct,
      undoBegins,
      resumeBegins,
      other,
      arm,
      interruptible,
      journals,
      checked,
      writes
    }
  })
export type Setting = Effect.Effect.Success<ReturnType<typeof setting>>
