// process.exit under Main.run, from wherever it is called: the scopes close first, and the code is the one that was
// decided first.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { start } from "../support/runtime.ts"

describe("a script that leaves by", () => {
  it.live.each([
    ["a step", 3],
    ["a step that calls it again", 3],
    ["a promise", 3],
    ["a promise that calls it again", 3],
    ["a timer", 3],
    ["a code that is text", 3],
    ["a code that is none", 1],
    ["process.exitCode", 3],
    // The signal came first.
    ["a handler of SIGINT", 130],
    ["a signal, and calls to it", 130],
    ["a handler of exceptions", 1],
    ["a handler of the exit", 3]
  ] as const)("%s closes what is open and exits with %i", ([way, code]) =>
    Effect.gen(function* () {
      const ended = yield* Effect.promise(() => start("test/scripts/exits.ts", { env: { WAY: way } }).ended)
      expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: "login\nlogout\n" })
    })
  )
})
