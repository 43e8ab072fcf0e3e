// The question for an approval, as a process of its own.
//
// Races: Ctrl-C while it waits for the answer.
// Invariants: who cannot be asked is not waited for · Ctrl-C ends the script by Main's code · nothing keeps the process
// once there is an answer.
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { eventually } from "../support/eventually.ts"
import { fewer } from "../support/fewer.ts"
import { root, start } from "../support/runtime.ts"
import { hasTerminals, onTerminal } from "../support/terminal.ts"

const file = join(root, "test/scripts/approve.ts")

describe.skipIf(!hasTerminals)("askOnTerminal on a terminal", () => {
  it.live.each<[string, { code: number; says: string }]>([
    ...fewer<[string, { code: number; says: string }]>([
      ["y\n", { code: 0, says: "answer: true" }],
      ["\n", { code: 0, says: "answer: false" }],
      ["\u0004", { code: 0, says: "answer: false" }]
    ]),
    ["\u0003", { code: 130, says: "SIGINT: closing what is open" }]
  ])("shows the plan and takes %j", ([typed, { code, says }]) =>
    Effect.gen(function* () {
      const running = onTerminal(file)
      yield* eventually("it asks", () => running.output().includes("[y/N]"), 30)
      expect(running.output()).toMatch(/\u001b\[32m\+ Host web-1/)
      running.type(typed)
      expect(yield* Effect.promise(() => running.ended)).toBe(code)
      expect(running.output()).toContain(says)
    })
  )
})

describe.skipIf(!hasTerminals)("what is typed before the question", () => {
  it.live.each(
    fewer<[string, string]>([
      ["a line", "y\n"],
      ["two lines", "y\nyes\n"],
      ["a line without its end", "y"]
    ])
  )("is no answer to it: %s", ([, early]) =>
    Effect.gen(function* () {
      const running = onTerminal(file)
      running.type(early)
      yield* eventually("it asks", () => running.output().includes("[y/N]"), 30)
      // Longer than an answer would take.
      yield* Effect.sleep("300 millis")
      expect(running.output()).not.toContain("answer:")
      running.type("\n")
      expect(yield* Effect.promise(() => running.ended)).toBe(0)
      expect(running.output()).toContain("answer: false")
    })
  )

  it.live("leaves the terminal as it was: a line is edited, shown, and its answer counts", () =>
    Effect.gen(function* () {
      const running = onTerminal(file)
      running.type("n\n")
      yield* eventually("it asks", () => running.output().includes("[y/N]"), 30)
      running.type("nx\u007f\u007fy\n")
      expect(yield* Effect.promise(() => running.ended)).toBe(0)
      expect(running.output()).toContain("answer: true")
    })
  )
})

describe("askOnTerminal", () => {
  it.live("asks nobody where there is no terminal, and says what to give", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* Effect.promise(() => start(file).ended)
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
      expect(stderr).toMatch(/GuardRefused: .*no terminal.*--yes.*approve: \(\) => true/)
    })
  )
})
