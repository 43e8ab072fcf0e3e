// A password that is asked for on a terminal.
//   not asked → asking (whoever asks the same waits) → answered: all who wait and whoever asks later have it
//                                                     → nothing entered: all who wait fail; whoever asks later asks again
// Races: many ask at once; the one who asks is interrupted; two ask for two passwords.
// Invariants: what is typed is never shown; there is one question on the terminal at a time; none where nobody sits.
import { PassThrough } from "node:stream"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import { Credentials } from "sallyport"
import { TargetConfig } from "sallyport/plugin"
import { SecretTerminal } from "../../src/auth/SecretQuestion.ts"
import { SharedAnswers } from "../../src/auth/SharedAnswers.ts"
import { eventually } from "../support/eventually.ts"

const makeTerminal = () => {
  const [input, output] = [new PassThrough(), new PassThrough()]
  let written = ""
  output.on("data", (bytes) => (written += String(bytes)))
  const terminal = {
    input: Object.assign(input, { isTTY: true }),
    output: Object.assign(output, { isTTY: true }),
    turn: Effect.unsafeMakeSemaphore(1)
  }
  const answers = new Map()
  return {
    terminal,
    written: () => written,
    questions: () => written.split("Password of").length - 1,
    at: <A, E>(effect: Effect.Effect<A, E>) =>
      effect.pipe(
        Effect.provideService(SecretTerminal, terminal),
        Effect.provideService(SharedAnswers, answers)
      )
  }
}

const passwordOf = (username: string, label?: string) =>
  Effect.map(Credentials.fromPrompt({ username, label }), ({ password }) => Redacted.value(password))

describe("a password that is asked for", () => {
  it.live("is the line that is typed, and is not shown", () =>
    Effect.gen(function* () {
      const { at, terminal, written } = makeTerminal()
      const asking = yield* Effect.fork(at(passwordOf("night", "TACACS\u001b[2J")))
      yield* eventually("the question is there", () => written() !== "")
      expect(written()).toBe("Password of night (TACACS [2J): ")
      terminal.input.write(" hunter2 \r")
      expect(yield* Fiber.join(asking)).toBe(" hunter2 ")
      expect(written()).toBe("Password of night (TACACS [2J): \n")
    })
  )

  it.live("is not what was typed before the question", () =>
    Effect.gen(function* () {
      const { at, questions, terminal } = makeTerminal()
      terminal.input.write("y\rsecond\r")
      const asking = yield* Effect.fork(at(passwordOf("night")))
      yield* eventually("the question is there", () => questions() === 1)
      terminal.input.write("hunter2\r")
      expect(yield* Fiber.join(asking)).toBe("hunter2")
      expect(terminal.input.isPaused()).toBe(true)
    })
  )

  it.live("is asked for once by a hundred who ask at once, and not again by who asks later", () =>
    Effect.gen(function* () {
      const { at, questions, terminal } = makeTerminal()
      const all = Effect.all(
        Array.from({ length: 100 }, () => passwordOf("night")),
        {
          concurrency: "unbounded"
        }
      )
      const asking = yield* Effect.fork(at(all))
      yield* eventually("the question is there", () => questions() === 1)
      terminal.input.write("hunter2\r")
      expect(new Set(yield* Fiber.join(asking))).toEqual(new Set(["hunter2"]))
      expect(yield* at(passwordOf("night"))).toBe("hunter2")
      expect(questions()).toBe(1)
    })
  )

  it.live("that is not entered fails all who wait, and is asked for again by who asks later", () =>
    Effect.gen(function* () {
      const { at, questions, terminal } = makeTerminal()
      const failing = Effect.flip(passwordOf("night"))
      const asking = yield* Effect.fork(at(Effect.all([failing, failing], { concurrency: "unbounded" })))
      yield* eventually("the question is there", () => questions() === 1)
      terminal.input.write("\r")
      for (const error of yield* Fiber.join(asking))
        expect(error).toMatchObject({
          _tag: "InvalidInput",
          field: "prompt",
          message: "prompt: nothing was entered; start again, and enter the password."
        })
      const again = yield* Effect.fork(at(passwordOf("night")))
      yield* eventually("the question is there", () => questions() === 2)
      terminal.input.write("hunter2\r")
      expect(yield* Fiber.join(again)).toBe("hunter2")
    })
  )

  it.live("is asked for by the next where the one who asks is interrupted", () =>
    Effect.gen(function* () {
      const { at, questions, terminal } = makeTerminal()
      const first = yield* Effect.fork(at(passwordOf("night")))
      yield* eventually("the question is there", () => questions() === 1)
      const second = yield* Effect.fork(at(passwordOf("night")))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(first)
      yield* eventually("it is asked again", () => questions() === 2)
      terminal.input.write("hunter2\r")
      expect(yield* Fiber.join(second)).toBe("hunter2")
      // The process can end.
      expect(terminal.input.isPaused()).toBe(true)
    })
  )

  it.live("is asked for after the one before, for each account", () =>
    Effect.gen(function* () {
      const { at, questions, terminal, written } = makeTerminal()
      const both = Effect.all([passwordOf("night"), passwordOf("day")], { concurrency: "unbounded" })
      const asking = yield* Effect.fork(at(both))
      yield* eventually("the question is there", () => questions() === 1)
      terminal.input.write("first\r")
      yield* eventually("the next question is there", () => questions() === 2)
      terminal.input.write("second\r")
      expect(yield* Fiber.join(asking)).toEqual(["first", "second"])
      expect(written()).toBe("Password of night: \nPassword of day: \n")
    })
  )

  it.live("is refused where nobody sits, with what to give in place of it", () =>
    Effect.gen(function* () {
      for (const who of ["input", "output"] as const) {
        const { at, terminal, written } = makeTerminal()
        terminal[who].isTTY = false
        const error = yield* Effect.flip(
          at(
            Effect.flatMap(
              TargetConfig.decode(
                { url: "https://x.example", credentials: { username: "night", prompt: true } },
                "devices.hq"
              ),
              ({ credentials }) => credentials
            )
          )
        )
        expect(error).toMatchObject({ _tag: "InvalidInput", field: "devices.hq.credentials.prompt" })
        expect(error.message).toMatch(/nobody to ask.*env, passwordFile or command/)
        expect(written()).toBe("")
      }
    })
  )
})
