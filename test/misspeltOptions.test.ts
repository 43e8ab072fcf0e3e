// Options that there are not, of all that is published.
//
// Invariants: one that is misspelt is InvalidInput, which names it: passed over, a guard would be none · nothing is sent ·
// each parameter that takes options is tried here, or stands among those that are no options of a script.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as SqlClient from "@effect/sql/SqlClient"
import { afterAll, beforeAll, describe, expect, it, vi } from "@effect/vitest"
import * as WorkflowEngine from "@effect/workflow/WorkflowEngine"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { InvalidInput } from "sallyport"
import { itInRest } from "./support/long.ts"
import { type Call, calls, opened } from "./support/misspelt.ts"

/** What is not tried, by why it is not. */
const notTried: Readonly<Record<string, RegExp>> = {
  "an object of a device, which may have any field":
    /#(create|upsert|check|holds)\((wanted|created)\)$|#update\(item\)$|#key\(one\)$|#recreation\(before\)$|\.unkeptFields\(sent\)$|\.latest\(read\)$|Overrides#set\(target\)$/,
  "what the library gives, such as a report":
    /\((plan|report|event|kept|made)\)$|#onRequest\(request\)$|Fleet\.fleet\w+\(given\)$|Token\.secrets\(token\)$/,
  "what a plugin or a provider is given by the library":
    /^sallyport\/(plugin\.(AuthProvider|LoginGuard|Traffic|Change\.Recorder|Backend\.(Definition|Backend)\W).*|fmc\.plugin#backend\(config\))/,
  "a list that a plugin has elsewhere, too, and may have more fields":
    /\.(noteUnchanged|latest|values|object)\(list\)$/,
  "a thing that is made, such as a plugin or a client, and may have more of its own":
    /\((plugin|rest)\)$|Rest\.withCheck\(given\)$|Session\.make\(given\)$/,
  "the device has answered already, and that must not be lost":
    /Token\.make\(response\)$|StatusError\.\w+\(options\)$/,
  "tried by options.test.ts, since it ends the process": /Main\.workflow\(options\)$/,
  "the same as Workflow.change and job": /PromiseTools#(change|job)\(\w+\)$/,
  "tried of the change that is made of it, by options.test.ts": /Change\.irreversible\(change\)$/,
  "the same as contract, and declares tests": /testing\.authProvider\(options\)$/
}

const folder = mkdtempSync(join(tmpdir(), "sallyport-"))
beforeAll(() => {
  writeFileSync(join(folder, "inventory.yaml"), "devices: {}\n")
  for (const name of ["URL", "USERNAME", "PASSWORD", "TOKEN"])
    vi.stubEnv(`MISSPELT_${name}`, name === "URL" ? "https://fmc.example" : "hunter2")
  vi.stubEnv("XDG_STATE_HOME", folder)
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

/** Of the two services that a call may need it asks for nothing before its options are looked at. */
const outcome = (given: unknown): Effect.Effect<unknown, unknown> => {
  const scoped = Effect.scoped(
    Effect.suspend(() => {
      if (Layer.isLayer(given)) return Layer.build(given as Layer.Layer<unknown, unknown>)
      if (Predicate.hasProperty(given, Stream.StreamTypeId))
        return Stream.runDrain(given as Stream.Stream<unknown, unknown>)
      if (Effect.isEffect(given)) return given as Effect.Effect<unknown, unknown>
      if (Predicate.isPromiseLike(given))
        return Effect.tryPromise({ try: async () => given, catch: (error) => error })
      // What a stream of promises gives.
      return Predicate.hasProperty(given, Symbol.asyncIterator)
        ? Stream.runDrain(Stream.fromAsyncIterable(given as AsyncIterable<unknown>, (error) => error))
        : Effect.succeed(given)
    })
  )
  return scoped.pipe(
    Effect.provideService(SqlClient.SqlClient, {} as SqlClient.SqlClient),
    Effect.provideService(WorkflowEngine.WorkflowEngine, {} as WorkflowEngine.WorkflowEngine["Type"])
  )
}

describe("an option that there is not", () => {
  it.scopedLive("is InvalidInput, which names it, and nothing is sent", () =>
    Effect.gen(function* () {
      const all = yield* opened(folder)
      const passedOver = (call: Call) =>
        Effect.gen(function* () {
          const before = all.sandbox.ledger.requests.length
          const exit = yield* Effect.exit(
            Effect.timeout(
              Effect.suspend(() => outcome(call(all))),
              "5 seconds"
            )
          )
          const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
          const sent = all.sandbox.ledger.requests.length - before
          const isTold = error instanceof InvalidInput && /(^|\.)(misspelt|logRequestss)$/.test(error.field)
          return isTold && sent === 0 ? undefined : `${call}: ${error ?? "done without a word"}, ${sent} sent`
        })
      const found: Array<string> = []
      for (const [name, ofIt] of Object.entries(calls))
        for (const call of ofIt) {
          const fault = yield* passedOver(call)
          if (fault !== undefined) found.push(`${name}: ${fault}`)
        }
      expect(found).toEqual([])
    })
  )

  // The types of all that is published take seconds to be read.
  itInRest("is tried of each parameter that takes options", async () => {
    const { optionParameters } = await import("./support/optionParameters.ts")
    const all = optionParameters()
    expect(all.length).toBeGreaterThan(100)
    const untried = all.filter(
      (name) => !(name in calls) && !Object.values(notTried).some((names) => names.test(name))
    )
    expect(untried).toEqual([])
    expect(Object.keys(calls).filter((name) => !all.includes(name))).toEqual([])
  })
})
