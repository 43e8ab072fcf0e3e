// What JavaScript lets be given to every function that is published, of whatever kind.
//
// Invariants: none throws, fails, dies or rejects with an error that is none of the library's own: a TypeError from its
// insides tells nobody what was wrong · none hangs · nothing is left that nobody catches.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it, vi } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { fewest } from "./support/long.ts"
import { subpaths } from "./support/subpaths.ts"

type Published = (...given: ReadonlyArray<unknown>) => unknown

/** Those that would do what a test cannot let them do, or that are not the library's own. */
const leftOut = [
  "sallyport.Main.run",
  "sallyport.Main.workflow",
  "sallyport.Workflow.askOnTerminal",
  "sallyport.Fleet.askOnTerminal",
  "sallyport/sandbox.command",
  "sallyport/testing.authProvider",
  "sallyport.SessionEvent.$match"
]

const isClass = (given: unknown): boolean => /^class\b/.test(Function.prototype.toString.call(given))

/** The functions of a module, and of the modules and plain objects in it, by their names. */
const functionsIn = (given: object, path: string): ReadonlyArray<readonly [name: string, fn: Published]> =>
  Object.entries(given).flatMap(([name, value]: [string, unknown]) => {
    const at = `${path}.${name}`
    if (leftOut.includes(at)) return []
    if (typeof value === "function") return isClass(value) ? [] : [[at, value as Published] as const]
    const isNamespace = Object.prototype.toString.call(value) === "[object Module]"
    return isNamespace || (Predicate.isRecord(value) && Object.getPrototypeOf(value) === Object.prototype)
      ? functionsIn(value as object, at)
      : []
  })

/** Made anew for each call: a promise is not to be awaited twice, and none is to be rejected. */
const junk: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  "a number": () => 5,
  NaN: () => Number.NaN,
  "a number below 0": () => -1,
  text: () => "x",
  "empty text": () => "",
  "an empty list": () => [],
  "a list of null": () => [null],
  "an empty object": () => ({}),
  "a day": () => new Date(0),
  "a promise": () => Promise.resolve(1),
  "an Effect": () => Effect.succeed(1),
  "a function": () => () => 5
}

/** A function given it alone, and in each place. */
const ways: Readonly<Record<string, (make: () => unknown) => ReadonlyArray<unknown>>> = {
  "": (make) => [make()],
  " everywhere": (make) => Array.from({ length: 5 }, make)
}

/** What it comes to: of an Effect, a stream, a layer or a promise, too. Most of it is known at once. */
const outcome = async (call: () => unknown): Promise<Exit.Exit<unknown, unknown>> => {
  const fiber = Effect.runFork(
    Effect.suspend(() => {
      const given = call()
      if (Layer.isLayer(given)) return Effect.scoped(Layer.build(given as Layer.Layer<unknown>))
      if (Predicate.hasProperty(given, Stream.StreamTypeId))
        return Stream.runDrain(Stream.take(given as Stream.Stream<unknown>, 3))
      if (Effect.isEffect(given)) return Effect.scoped(given as Effect.Effect<unknown>)
      return Predicate.isPromiseLike(given)
        ? Effect.tryPromise({ try: async () => given, catch: (error) => error })
        : Effect.succeed(given)
    }).pipe(Effect.provide(Logger.remove(Logger.defaultLogger)))
  )
  const late = Effect.timeoutFail({ duration: "20 seconds", onTimeout: () => new Error("it hangs") })
  return fiber.unsafePoll() ?? Effect.runPromiseExit(late(Fiber.join(fiber)))
}

/**
 * Errors of the library are told apart by their tags, or name the argument and what to give; what a program has not
 * provided, its types ask for.
 */
const isTold = (error: unknown): boolean =>
  Predicate.hasProperty(error, "_tag") ||
  (error instanceof Error && /^Service not found|^[\w.]+: .*; give /.test(error.message))

const untold = async (name: string, fn: Published): Promise<ReadonlyArray<string>> => {
  const all: Array<string> = []
  for (const [what, make] of Object.entries(junk))
    for (const [where, given] of fewest(Object.entries(ways))) {
      const exit = await outcome(() => fn(...given(make)))
      const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
      if (error !== undefined && !isTold(error)) all.push(`${name} of ${what}${where}: ${error}`)
    }
  return all
}

// Not the journals of whoever runs it.
const folder = mkdtempSync(join(tmpdir(), "sallyport-"))
beforeAll(() => vi.stubEnv("XDG_STATE_HOME", folder))
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

describe("no function answers what it cannot use by an error that is not its own", () => {
  it.each(subpaths)("of %s", async (subpath) => {
    const unhandled: Array<unknown> = []
    const note = (reason: unknown) => void unhandled.push(reason)
    process.on("unhandledRejection", note)
    const functions = functionsIn(await import(subpath), subpath)
    expect(functions.length).toBeGreaterThan(0)
    const told: Array<string> = []
    // One after the other: what waits is not to wait for the work of the others.
    for (const [name, fn] of functions) told.push(...(await untold(name, fn)))
    await new Promise((done) => setTimeout(done, 0))
    process.off("unhandledRejection", note)
    expect(told).toEqual([])
    expect(unhandled).toEqual([])
  })
})
