// A random run: its script, what is there, what goes wrong, and who else changes the devices.
import { readdirSync, readFileSync } from "node:fs"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as fc from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { ReadBack, Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { expect } from "vitest"
import { JournalLine } from "../../../../src/workflow/journal/JournalLine.ts"
import { scriptFailed } from "../../../support/ScriptFailed.ts"
import { temporaryFolder } from "../../../support/temporaryFolder.ts"
import * as VirtualSandbox from "../../../support/virtualSandbox.ts"
import { type Clients, carryOut, step } from "./script.ts"
import { differencesOf, drift, drifted, look, opened, prepare, type State } from "./world.ts"

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
  drifts: fc.array(
    fc.record({
      drift,
      when: fc.constantFrom("before" as const, "run" as const, "end" as const),
      at: fc.integer({ min: 0, max: 4 })
    }),
    { maxLength: 2 }
  ),
  /** After how many milliseconds somebody presses Ctrl-C. */
  interrupted: fc.option(fc.integer({ min: 0, max: 1500 }), { nil: undefined, freq: 3 })
})
export type Scenario = typeof scenario extends fc.Arbitrary<infer A> ? A : never

const secret = "Zeisig-canary-9d1f"

/** The devices of a scenario, and a workflow on them. */
export const setting = (given: Scenario) =>
  Effect.gen(function* () {
    const sandbox = yield* VirtualSandbox.make
    const runtime = yield* Effect.runtime<never>()
    const folder = yield* temporaryFolder
    const called = new Map<string, string>()
    const drifts = new Map<string, "before" | "run" | "end">()
    const own = yield* sandbox.reaching(opened(sandbox.beside))
    yield* prepare(own, given.chosen)
    const now = Effect.suspend(() => look(own, called))
    const state = { isMended: false, atEnd: new Map() as State }

    const driftAt = (when: (typeof given.drifts)[number]["when"], at?: number) =>
      Effect.forEach(
        given.drifts.filter((one) => one.when === when && (at === undefined || one.at === at)),
        ({ drift }) =>
          Effect.gen(function* () {
            const before = yield* now
            yield* drifted(own, drift)
            for (const key of differencesOf(before, yield* now)) drifts.set(key, when)
          }),
        { discard: true }
      )
    /** What somebody else does, who is in no workflow: it takes no time. */
    const apart = <A, E>(work: Effect.Effect<A, E>) =>
      Effect.uninterruptible(Effect.mapInputContext(work, (_: Context.Context<never>) => runtime.context))
    const arm = (when: "run" | "undo") =>
      Effect.forEach(
        given.faults.filter((one) => one.when === when),
        ({ how, method, nth }) => Effect.sync(() => sandbox.fail({ kind: "call", method, nth, how })),
        { discard: true }
      )

    const failing = (clients: Clients) =>
      Effect.gen(function* () {
        const fails = Effect.gen(function* () {
          yield* apart(
            Effect.gen(function* () {
              yield* driftAt("end")
              state.atEnd = yield* now
              yield* arm("undo")
            })
          )
          return yield* Effect.fail(scriptFailed("a later step"))
        })
        const between = (at: number) =>
          Effect.gen(function* () {
            if (state.isMended) return
            if (at === given.failsAt) return yield* fails
            const later = given.drifts.some(({ at: own, when }) => when === "run" && own === at)
            if (later) yield* apart(Effect.zipRight(driftAt("run", at), arm("run")))
          })
        const result = yield* carryOut(clients, given.steps, between)
        if (!state.isMended && given.failsAt >= given.steps.length) yield* fails
        return result
      })

    const workflow = Workflow.make({
      name: "model",
      input: Schema.Struct({ password: Schema.Redacted(Schema.String) }),
      devices: { fmc: Fmc.plugin, fdm: Fdm.plugin },
      run: ({ fdm, fmc }) => Effect.flatMap(fmc.domain("Global"), (domain) => failing({ domain, fdm }))
    })
    const at = (endpoint: Sandbox.Endpoint) => ({ ...endpoint, retry: Schedule.recurs(2) })
    const devices = { fmc: at(sandbox.fmc), fdm: at(sandbox.fdm) }
    const input = { password: secret }
    const soon = <A, E, R>(work: Effect.Effect<A, E, R>) =>
      sandbox.reaching(Effect.provideService(work, ReadBack.ReadBackSchedule, Schedule.recurs(1)))

    /** Runs something, and presses Ctrl-C at the moment of the scenario. */
    const interruptible = <A, E>(run: Effect.Effect<A, E>) =>
      Effect.gen(function* () {
        const fiber = yield* Effect.fork(run)
        const { interrupted } = given
        if (interrupted !== undefined) yield* Effect.fork(Effect.delay(Fiber.interrupt(fiber), interrupted))
        return yield* Fiber.await(fiber)
      })

    const journals = () =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".jsonl"))

    /** The writes that the devices have carried out, whether or not they were answered. */
    const writes = () =>
      sandbox.ledger.requests
        .filter(
          ({ fault, kind, method, status }) =>
            kind === "call" &&
            method !== "GET" &&
            (fault === undefined
              ? typeof status === "number" && status < 300
              : fault === "LoseAnswer" || fault === "Truncated")
        )
        .map(({ method, path }) => `${method} ${path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "*")}`)

    /** What holds of every run: its journal can be read, nothing secret is in it, and every session is logged out. */
    const checked = (report: Workflow.RunReport) =>
      Effect.gen(function* () {
        const text = readFileSync(report.journal ?? "", "utf8")
        for (const line of text.trimEnd().split("\n")) Schema.decodeUnknownSync(JournalLine)(JSON.parse(line))
        const encoded = JSON.stringify(Schema.encodeSync(Workflow.RunReport)(report))
        expect(Schema.decodeUnknownSync(Workflow.RunReport)(JSON.parse(encoded))).toEqual(report)
        for (const canary of [secret, Redacted.value(sandbox.password)])
          expect(text + encoded).not.toContain(canary)
        yield* Effect.sleep(0)
        expect(sandbox.ledger.open).toBe(2)
      })

    return {
      sandbox,
      workflow,
      devices,
      folder,
      input,
      soon,
      state,
      now,
      drifts,
      called,
      own,
      driftAt,
      arm,
      apart,
      interruptible,
      journals,
      checked,
      writes
    }
  })
