import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Sandbox from "sallyport/sandbox"
import { signedIn } from "./signedIn.ts"

/** A client, and three hosts. */
const prepared = (options?: Sandbox.Options) =>
  Effect.gen(function* () {
    const signed = yield* signedIn({ objects: 0, ...options })
    const made = yield* signed.send("POST", "/object/hosts?bulk=true", [
      { name: "a", value: "192.0.2.1" },
      { name: "b", value: "192.0.2.2" },
      { name: "c", value: "192.0.2.3" }
    ])
    const ids: ReadonlyArray<string> = made.json.items.map(({ id }: { id: string }) => id)
    const count = Effect.map(signed.send("GET", "/object/hosts"), ({ json }) => json.paging.count)
    const remove = (list: ReadonlyArray<string | undefined>, quote = "%22") =>
      signed.send("DELETE", `/object/hosts?bulk=true&filter=${quote}ids:${list.join(",")}${quote}`)
    return { ...signed, ids, count, remove }
  })

it.scoped("every kind of object is created in bulk", () =>
  Effect.gen(function* () {
    const { send } = yield* signedIn({ objects: 0 })
    const bodies = {
      networks: [
        { name: "n1", value: "10.0.0.0/8" },
        { name: "n2", value: "10.0.0.0/9" }
      ],
      ranges: [
        { name: "r1", value: "10.0.0.1-10.0.0.2" },
        { name: "r2", value: "10.0.0.1-10.0.0.3" }
      ],
      networkgroups: [{ name: "g1" }, { name: "g2" }],
      protocolportobjects: [
        { name: "p1", protocol: "TCP", port: "1" },
        { name: "p2", protocol: "UDP", port: "2" }
      ]
    }
    for (const [kind, body] of Object.entries(bodies)) {
      const made = yield* send("POST", `/object/${kind}?bulk=true`, body)
      expect([kind, made.status, made.json.items?.length]).toEqual([kind, 201, 2])
    }
  })
)

it.scoped("more than 2,048,000 bytes are refused with 422, counted in UTF-8", () =>
  Effect.gen(function* () {
    const { send, count } = yield* prepared()
    const body = (letters: number) => [{ name: "big", value: "192.0.2.9", description: "é".repeat(letters) }]
    expect((yield* send("POST", "/object/hosts?bulk=true", body(1_024_000))).status).toBe(422)
    expect(yield* count).toBe(3)
    expect((yield* send("POST", "/object/hosts?bulk=true", body(1_000_000))).status).toBe(201)
  })
)

it.scoped("many are deleted in bulk by their ids, and come back in the answer", () =>
  Effect.gen(function* () {
    const { ids, count, remove } = yield* prepared()
    const removed = yield* remove(ids.slice(0, 2))
    expect(removed.status).toBe(200)
    expect(removed.json.items).toMatchObject([{ id: ids[0], name: "a" }, { id: ids[1] }])
    expect(yield* count).toBe(1)
    expect((yield* remove(ids.slice(2), "")).status).toBe(200)
    expect(yield* count).toBe(0)
  })
)

it.scoped("a bulk delete with an id that is unknown or in use deletes nothing", () =>
  Effect.gen(function* () {
    const { ids, count, remove, send } = yield* prepared()
    expect((yield* remove([...ids, "nothing"])).status).toBe(404)
    yield* send("POST", "/object/networkgroups", { name: "g", objects: [{ id: ids[2] }] })
    const used = yield* remove(ids)
    expect(used.status).toBe(400)
    expect(used.json.error.messages[0].description).toContain("is used by")
    expect(yield* count).toBe(3)
    expect((yield* send("DELETE", "/object/hosts?bulk=true")).status).toBe(400)
  })
)

it.scoped("an FMC before 7.4 has no bulk delete", () =>
  Effect.gen(function* () {
    const { ids, count, remove } = yield* prepared({ serverVersion: "7.3.1 (build 19)" })
    expect((yield* remove(ids)).status).toBe(405)
    expect(yield* count).toBe(3)
  })
)

it.scoped("a URL of more than 8,000 characters is refused", () =>
  Effect.gen(function* () {
    const { ids, count, remove, base } = yield* prepared()
    const fill = (length: number) => "x".repeat(length - `${base}/object/hosts?bulk=true&filter=ids:`.length)
    expect((yield* remove([fill(8001)], "")).status).toBe(414)
    expect((yield* remove([fill(8000)], "")).status).toBe(404)
    expect(yield* count).toBe(ids.length)
  })
)
