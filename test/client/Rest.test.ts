// A REST API that asks nothing of its device before a check has succeeded; and verbs on one whose device answers a change
// without the object, and then is gone.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Bulk, Collection, InvalidInput, ReadBack, Rest } from "sallyport/plugin"
import { unreachable } from "../support/unreachable.ts"

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

describe("a change that is answered without the object, on a device that cannot be reached then", () => {
  const targetName = "gone"
  const Item = Schema.Struct({ id: Schema.String, name: Schema.String })
  const answering = (answer: unknown): Collection.Collection<typeof Item.Type, Collection.Wanted, void> => {
    const rest: Rest.Rest = {
      ...plain,
      get: () => Effect.fail(unreachable(targetName)),
      send: (_method, _path, shape) => Effect.orDie(Schema.decodeUnknown(shape)(answer))
    }
    const written = (item: Readonly<Record<string, unknown>>) => item
    return Collection.make<typeof Item.Type, Collection.Wanted, void>({
      ...Collection.restVerbs({ rest, targetName, path: "/items", schema: Item, written }),
      targetName,
      path: "/items",
      list: () => Stream.fail(unreachable(targetName)),
      find: () => Effect.fail(unreachable(targetName)),
      createEach: (wanted, create) => Bulk.sequentially(wanted, create),
      removeEach: (ids, remove) => Bulk.sequentially(ids, remove)
    })
  }
  const once = Effect.provideService(ReadBack.ReadBackSchedule, Schedule.recurs(0))

  it.effect("is not told as one that was never sent", () =>
    Effect.gen(function* () {
      const item = { id: "1", name: "web" }
      const unknown = { _tag: "OutcomeUnknown", sent: "maybe", readBack: "Unreadable" }
      expect(yield* Effect.flip(once(answering(undefined).update(item)))).toMatchObject(unknown)
      expect(yield* Effect.flip(once(answering({ id: "1" }).create({ name: "web" })))).toMatchObject(unknown)
    })
  )
})
