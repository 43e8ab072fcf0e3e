// process.exit under Main.run, from wherever it is called: the scopes close first, and the code is the one that was
// decided first.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fewer } from "../support/fewer.ts"
import { runtime, start } from "../support/runtime.ts"

const ended = (way: string) =>
  Effect.promise(() => start("test/scripts/exits.ts", { env: { WAY: way } }).ended)

type Way = readonly [way: string, code: number]

describe("a script that leaves by", () => {
  it.live.each<Way>([
    ...fewer<Way>([
      ["a step that calls it again", 3],
      ["a step", 3]
    ]),
    ...fewer<Way>([
      ["a promise that calls it again", 3],
      ["a promise", 3]
    ]),
    ["a timer", 3],
    ...fewer<Way>([
      ["a code that is text", 3],
      ["a code that is none", 1]
    ]),
    ...fewer<Way>([
      ["a name of an import, in a promise", 3],
      ["a name of an import", 3],
      ["a name of an import, in a timer", 3]
    ]),
    ["a name of its own", 3],
    ["process.reallyExit", 3],
    ["process.kill", 143],
    ["process.exitCode", 3],
    // The signal came first.
    ["a handler of SIGINT", 130],
    ["a signal, and calls to it", 130],
    ["a handler of exceptions", 1],
    // It is called before the exception has decided anything.
    ["a handler that looks on at exceptions", 3],
    ["a handler of rejections", 1],
    ...fewer<Way>([
      ["a handler of the exit, after a name of an import", 3],
      ["a handler of the exit", 3]
    ])
  ])("%s closes what is open and exits with %i", ([way, code]) =>
    Effect.gen(function* () {
      const { code: told, stdout } = yield* ended(way)
      expect({ code: told, stdout }).toEqual({ code, stdout: "login\nlogout\n" })
    })
  )
})

describe.runIf(runtime === "deno")("a script on Deno that leaves by", () => {
  it.live.each(["Deno.exit", "a name of its own for Deno.exit"])("%s closes what is open", (way) =>
    Effect.gen(function* () {
      const { code, stdout } = yield* ended(way)
      expect({ code, stdout }).toEqual({ code: 3, stdout: "login\nlogout\n" })
    })
  )
})
