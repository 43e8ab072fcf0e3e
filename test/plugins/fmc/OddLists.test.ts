// Lists of what is and has been, with items that are not as they should be: what can be read of them is, and one odd
// item never ends the list.
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { type Answer, make } from "../../support/device.ts"

const headers = {
  "X-auth-access-token": "access-1",
  DOMAINS: JSON.stringify([{ name: "Global", uuid: "e276abec-e0f2-11e3-8169-6d9ed49b625f" }])
}

/** A device, an FMC as well as an FDM, of whose answers this is the only thing that matters. */
const answering = (body: unknown) =>
  make(({ path }): Answer => {
    if (path.includes("generatetoken")) return { status: 204, headers }
    if (path.includes("/fdm/token")) return { body: { access_token: "access-1", expires_in: 1800 } }
    if (path.endsWith("/versions")) return { body: { supportedVersions: ["v6"] } }
    return { status: path.includes("revoke") ? 204 : 200, body }
  })

const listed = <A, E>(stream: Stream.Stream<A, E>) => Effect.map(Stream.runCollect(stream), (all) => [...all])

it.scopedLive("an FMC's records, jobs, changes and pairs are read as far as they can be", () =>
  Effect.gen(function* () {
    const items = [
      null,
      {},
      "text",
      {
        id: 7,
        name: 5,
        username: null,
        time: { seconds: 1 },
        message: 9,
        deviceList: [null, { deviceName: "ftd" }, 4],
        jobStatus: null,
        primary: null,
        secondary: { id: "m-2", name: null },
        metadata: { secondaryStatus: { currentStatus: "Active" } },
        lastUpdatedByUsers: ["ann", null, 3],
        entityName: null
      }
    ]
    const fmc = yield* Fmc.make(yield* answering({ items }))
    const domain = yield* fmc.domain("Global")
    expect(yield* listed(domain.listAuditRecords())).toMatchObject([{}, { message: "9" }])
    expect(yield* listed(domain.listDeployments())).toMatchObject([
      { id: "" },
      { id: "7", deviceList: [{ deviceName: "ftd" }] }
    ])
    expect(yield* listed(domain.listPendingChanges("d-1"))).toMatchObject([
      {},
      { lastUpdatedByUsers: ["ann"] }
    ])
    expect(yield* listed(domain.listHaPairs())).toMatchObject([
      { name: "", primary: { id: "", status: undefined }, secondary: { status: undefined } },
      { name: "5", primary: { status: undefined }, secondary: { id: "m-2", status: "Active" } }
    ])
    // Not that it is well: only that the FMC does not say.
    expect(Option.getOrThrow(yield* domain.fmcHaStatus).overallStatus).toBeUndefined()
  })
)

it.scopedLive("an FDM's sessions, backups, changes and its pair are read as far as they can be", () =>
  Effect.gen(function* () {
    const items = [
      null,
      { id: "s-1", userName: 7, issuedAt: "then", archiveName: "a.tar", fileSize: "9", entityName: { a: 1 } }
    ]
    const fdm = yield* Fdm.make(yield* answering({ items, nodeState: null, peerNodeState: 7 }))
    expect(yield* listed(fdm.listActiveSessions())).toMatchObject([{ id: "s-1", issuedAt: undefined }])
    expect(yield* listed(fdm.listBackups())).toMatchObject([{ archiveName: "a.tar", fileSize: 9 }])
    expect(yield* listed(fdm.listPendingChanges())).toMatchObject([{ entityName: undefined }])
    expect(yield* fdm.haStatus).toMatchObject({ nodeState: undefined, peerNodeState: "7" })
  })
)

it.scopedLive("what is no list, or hides what it says that it holds, is not taken for an empty one", () =>
  Effect.gen(function* () {
    const count = (count: number) => ({ paging: { offset: 0, limit: 1000, count, pages: 1 } })
    const bodies = [
      [{ error: { messages: [{ description: "Not now." }] } }, false],
      [{ id: "1", name: "one", type: "Host" }, false],
      [count(3), false],
      [{ items: [], ...count(3) }, false],
      [{ items: null, ...count(0) }, true],
      [{ links: { self: "x" } }, true],
      [{}, true]
    ] as const
    for (const [body, isEmpty] of bodies) {
      const fmc = yield* Fmc.make(yield* answering(body))
      const domain = yield* fmc.domain("Global")
      const done = yield* Effect.either(domain.deploy())
      expect(done).toMatchObject(
        isEmpty ? { right: { devices: [], leftOut: [] } } : { left: { _tag: "ProtocolViolation" } }
      )
    }
  })
)

it.scopedLive(
  "a list of several pages is read to its end, or not at all, however a device tells of the next page",
  () =>
    Effect.gen(function* () {
      const all = Array.from({ length: 2500 }, (_, at) => ({ id: `${at}`, name: `h-${at}`, type: "Host" }))
      type Paging = (offset: number, limit: number) => Readonly<Record<string, unknown>>
      const read = (paging: Paging, heeds = true) =>
        Effect.gen(function* () {
          const target = yield* make(({ path }): Answer => {
            if (path.includes("generatetoken")) return { status: 204, headers }
            if (path.includes("revoke")) return { status: 204 }
            const { searchParams } = new URL(path, "https://device.invalid")
            const [offset, limit] = ["offset", "limit"].map((name) => Number(searchParams.get(name) ?? 0))
            const from = heeds ? (offset ?? 0) : 0
            const items = all.slice(from, from + (limit ?? 0))
            return { body: { items, paging: { count: 2500, ...paging(offset ?? 0, limit ?? 0) } } }
          })
          const fmc = yield* Fmc.make(target)
          const { objects } = yield* fmc.domain("Global")
          return yield* Effect.either(listed(objects("/object/x").list()))
        })
      const next: Paging = (offset, limit) => ({
        next: [`https://fmc/x?offset=${offset + limit}&limit=${limit}`]
      })
      for (const paging of [
        () => ({}),
        () => ({ next: ["::"] }),
        () => ({ next: ["?page=2"] }),
        () => ({ count: 9999 })
      ]) {
        expect((yield* read(paging)).pipe(Either.map((found) => found.length))).toEqual(Either.right(2500))
      }
      for (const paging of [next, () => ({})]) {
        expect(yield* read(paging, false)).toMatchObject({ left: { _tag: "ProtocolViolation" } })
      }
    })
)
