// What a session can be watched by: the tables of events and spans are all there is, and nothing in it is secret.
import { describe, expect, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import { SessionEvent } from "sallyport"
import * as Sandbox from "sallyport/sandbox"
import { backends, read } from "../support/backends.ts"
import { settled } from "../support/eventually.ts"
import { roomTable } from "../support/roomTable.ts"
import { spanRecorder } from "../support/spans.ts"
import { untilSpent } from "../support/times.ts"

describe.each(backends)("$name: a session is watched by", (backend) => {
  it.scoped("spans of stable names with few attributes, one below the other", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { spans, tracer } = spanRecorder()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const session = yield* backend.open(sandbox)
          yield* read(session, backend)
          yield* TestClock.adjust(untilSpent)
          yield* read(session, backend)
          yield* sandbox.evict()
          yield* read(session, backend)
        })
      ).pipe(Effect.withTracer(tracer))
      const own = spans.filter(({ name }) => name.startsWith("sallyport."))
      const documented = roomTable("span")
      expect(new Set(own.map(({ name }) => name))).toEqual(new Set(documented.keys()))
      for (const { attributes, name } of own) {
        expect([name, [...attributes.keys()].sort()]).toEqual([name, documented.get(name)?.toSorted()])
        expect(JSON.stringify([...attributes])).not.toContain(Redacted.value(sandbox.password))
      }
      const exchanges = own.filter(({ name }) => name === "sallyport.exchange")
      expect(exchanges.every(({ within }) => within.length > 0)).toBe(true)
    })
  )

  it.scoped("events, which a stream and a listener see alike while it is open", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const heard: Array<SessionEvent.SessionEvent> = []
      const streamed = yield* Effect.scoped(
        Effect.gen(function* () {
          const session = yield* backend.open(sandbox, { onEvent: (event) => void heard.push(event) })
          const fiber = yield* Effect.fork(Stream.runCollect(Stream.take(session.events, 2)))
          yield* Effect.yieldNow()
          yield* read(session, backend)
          yield* session.renew
          yield* read(session, backend)
          yield* sandbox.evict()
          yield* read(session, backend)
          yield* settled
          return yield* Fiber.join(fiber)
        })
      )
      expect(heard.map(({ _tag }) => _tag).slice(0, 3)).toEqual(["LoggedIn", "Refreshed", "Evicted"])
      expect(heard.at(-1)?._tag).toBe("LoggedOut")
      // The stream begins when the session is open.
      expect(Chunk.toReadonlyArray(streamed)).toEqual(heard.slice(1, 3))
      for (const event of heard)
        expect(event).toMatchObject({ targetName: expect.any(String), at: expect.any(Number) })
    })
  )

  it.scoped("events, in a stream that ends with the session, and for whoever begins later at once", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { fiber, session } = yield* Effect.scoped(
        Effect.gen(function* () {
          const session = yield* backend.open(sandbox, {})
          const fiber = yield* Effect.forkDaemon(Stream.runCollect(session.events))
          yield* Effect.yieldNow()
          yield* session.renew
          return { fiber, session }
        })
      )
      const streamed = Chunk.toReadonlyArray(yield* Fiber.join(fiber))
      expect(streamed.map(({ _tag }) => _tag)).toEqual(["Refreshed", "LoggedOut"])
      expect(Chunk.toReadonlyArray(yield* Stream.runCollect(session.events))).toEqual([])
    })
  )
})

it("the table of events names every one there is", () => {
  const { $is: _, $match: __, ...events } = SessionEvent
  expect([...roomTable("event").keys()].sort()).toEqual(Object.keys(events).sort())
})
