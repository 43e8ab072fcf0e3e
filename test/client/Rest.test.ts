// A REST API that asks nothing of its device before a check has succeeded.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { InvalidInput, Rest } from "sallyport/plugin"

const plain: Rest.Rest = {
  get: () => Effect.dieMessage("it was asked"),
  send: () => Effect.dieMessage("it was sent"),
  request: () => Effect.dieMessage("it was requested"),
  at: (path) => Effect.succeed(path)
}
const wrong = Effect.fail(new InvalidInput({ field: "path", message: "path: it is none." }))

describe("an API with a check before it", () => {
  it.effect("keeps the way in which its device lists, behind the check", () =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      const own: Rest.Rest = {
        ...plain,
        list: (path) => {
          asked.push(path)
          return Stream.make({ id: "1" })
        }
      }
      const read = (rest: Rest.Rest) => Stream.runCollect(rest.list?.("/objects") ?? Stream.empty)
      expect(yield* Effect.flip(read(Rest.withCheck(wrong, own)))).toMatchObject({ _tag: "InvalidInput" })
      expect(asked).toEqual([])
      expect([...(yield* read(Rest.withCheck(Effect.void, own)))]).toEqual([{ id: "1" }])
      expect(Rest.withCheck(Effect.void, plain).list).toBeUndefined()
    })
  )
})
