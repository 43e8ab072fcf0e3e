import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { Background } from "sallyport/plugin"

const isDone = (fiber: Fiber.RuntimeFiber<unknown, unknown>) => fiber.unsafePoll() !== null

describe("an exchange", () => {
  it.effect("goes on when whoever started it is interrupted", () =>
    Effect.gen(function* () {
      const background = Background.make()
      const answer = yield* Deferred.make<string>()
      let got = ""
      const exchange = Effect.tap(Deferred.await(answer), (value) =>
        Effect.sync(() => {
          got = value
        })
      )
      const starter = yield* Effect.fork(Effect.flatMap(background.start(exchange), Fiber.join))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(starter)
      yield* Deferred.succeed(answer, "the token")
      yield* background.settled
      expect(got).toBe("the token")
    })
  )

  it.effect("goes on when the scope in which it was started closes", () =>
    Effect.gen(function* () {
      const background = Background.make()
      const answer = yield* Deferred.make<string>()
      const fiber = yield* Effect.scoped(background.start(Deferred.await(answer)))
      expect(isDone(fiber)).toBe(false)
      yield* Deferred.succeed(answer, "x")
      expect(yield* Fiber.join(fiber)).toBe("x")
    })
  )

  it.effect("can time out, even when it is started where nothing can be interrupted", () =>
    Effect.gen(function* () {
      const background = Background.make()
      const fiber = yield* Effect.uninterruptible(
        background.start(Effect.timeout(Effect.never, "60 seconds"))
      )
      yield* TestClock.adjust("60 seconds")
      expect(Exit.isFailure(yield* Fiber.await(fiber))).toBe(true)
    })
  )
})

describe("the background of a process", () => {
  it.effect("are settled at once where there is none", () => Background.make().settled)

  it.effect("are settled when the last is over, failed and interrupted ones too", () =>
    Effect.gen(function* () {
      const background = Background.make()
      const answers = yield* Effect.all([
        Deferred.make<string, string>(),
        Deferred.make<string, string>(),
        Deferred.make<string, string>()
      ])
      const fibers = yield* Effect.forEach(answers, (answer) => background.start(Deferred.await(answer)))
      const settled = yield* Effect.fork(background.settled)
      const [one, two] = answers
      yield* Deferred.succeed(one, "x")
      yield* Deferred.fail(two, "y")
      yield* Effect.repeatN(Effect.yieldNow(), 20)
      expect(isDone(settled)).toBe(false)
      const [, , third] = fibers
      if (third !== undefined) yield* Fiber.interrupt(third)
      yield* Fiber.join(settled)
    })
  )

  it.effect("are not settled while one that another has started is under way", () =>
    Effect.gen(function* () {
      const background = Background.make()
      const login = yield* Deferred.make<void>()
      const logout = yield* Deferred.make<void>()
      yield* background.start(
        Effect.zipRight(Deferred.await(login), background.start(Deferred.await(logout)))
      )
      const settled = yield* Effect.fork(background.settled)
      yield* Deferred.succeed(login, undefined)
      yield* Effect.repeatN(Effect.yieldNow(), 20)
      expect(isDone(settled)).toBe(false)
      yield* Deferred.succeed(logout, undefined)
      yield* Fiber.join(settled)
    })
  )
})
