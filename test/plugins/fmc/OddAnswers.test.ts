// Answers that no FMC should give.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as Fmc from "sallyport/fmc"
import { type Answer, make } from "../../support/device.ts"

const tokens = { "X-auth-access-token": "access-1", "X-auth-refresh-token": "refresh-1" }

const opened = (headers: Readonly<Record<string, string>>, other: Answer = {}) =>
  Effect.flatMap(
    make(({ path }) => (path.includes("/auth/") ? { status: 204, headers } : other)),
    (device) => Fmc.make(device)
  )

const items = (...all: ReadonlyArray<unknown>): Answer => ({ body: { items: all } })
const uuid = "e276abec-e0f2-11e3-8169-6d9ed49b625f"

describe("a login at an FMC", () => {
  it.scopedLive.each(["one, two", "a b", "\u00e9", "a".repeat(16_385)])(
    "with an access token that no header carries back is a violation: %j",
    (token) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(opened({ ...tokens, "X-auth-access-token": token }))
        expect(error).toMatchObject({
          _tag: "ProtocolViolation",
          detail: expect.stringContaining("sent back")
        })
      })
  )

  it.scopedLive("whose headers something on the way has doubled is one like any other, and logged out", () =>
    Effect.gen(function* () {
      const heard: Array<unknown> = []
      const headers = { "X-auth-access-token": "access-1, access-1", "X-auth-refresh-token": "r-1, r-1, r-1" }
      const device = yield* make(({ headers: sent, path }) => {
        if (!path.includes("generatetoken"))
          heard.push([path.split("/").at(-1), sent["x-auth-access-token"], sent["x-auth-refresh-token"]])
        return { status: 204, headers }
      })
      yield* Effect.scoped(Effect.flatMap(Fmc.make(device), ({ session }) => session.renew))
      expect(heard).toEqual([
        ["refreshtoken", "access-1", "r-1"],
        ["revokeaccess", "access-1", undefined]
      ])
    })
  )

  it.scopedLive.each(["utf8", "latin1", "ascii"] as const)(
    "names its domains as they are called, be their header in %s",
    (encoding) =>
      Effect.gen(function* () {
        const json = JSON.stringify([{ name: "Global/ Zürich", uuid }])
        const escaped = encoding === "ascii" ? json.replace("ü", "\\u00fc") : json
        const header = Buffer.from(escaped, encoding).toString("latin1")
        const fmc = yield* opened({ ...tokens, domains: header })
        expect((yield* fmc.domain("Global/Zürich")).uuid).toBe(uuid)
      })
  )

  it.scopedLive("with a refresh token that no header carries back has none", () =>
    Effect.gen(function* () {
      const { session } = yield* opened({ ...tokens, "X-auth-refresh-token": "one, two" })
      expect(yield* session.token).toMatchObject({ refresh: undefined, refreshesLeft: 0 })
    })
  )
})

describe("a read whose answer is no object", () => {
  const words = { error: { messages: [{ description: "Its store is down" }] } }
  it.scopedLive.each([
    [304, "", /Check that the device itself answers at this address/],
    [307, "", /It answers with a redirect/],
    [413, "<html>Too large</html>", /Send less at once: the device, or a proxy in front of it/],
    [502, "<html>Bad gateway</html>", /A gateway in front of the device answers in its place/],
    [502, words, /Its store is down\. Look at the device's own state/],
    [500, "", /Look at the device's own state/]
  ] as const)("says by its status (%i) what it may be: %j", ([status, body, advice]) =>
    Effect.gen(function* () {
      const device = yield* make(({ path }) =>
        path.includes("/auth/")
          ? { status: 204, headers: { ...tokens, DOMAINS: JSON.stringify([{ name: "Global", uuid }]) } }
          : { status, body }
      )
      const fmc = yield* Fmc.make({ ...device, retry: Schedule.stop })
      const { hosts } = yield* fmc.domain("Global")
      const error = yield* Effect.flip(hosts.get("host-1"))
      expect(error).toMatchObject({ _tag: "DeviceRefused", status, message: expect.stringMatching(advice) })
    })
  )
})

describe("an FMC's domains", () => {
  it.scopedLive.each(["..", "../../x", "a/b", "\ud800", "", "u".repeat(101)])(
    "become no part of a path that leads elsewhere: %j",
    (odd) =>
      Effect.gen(function* () {
        const fmc = yield* opened(tokens, items({ name: "Global", uuid: odd }))
        const error = yield* Effect.flip(fmc.domain("Global"))
        expect(error).toMatchObject({
          _tag: "ProtocolViolation",
          detail: "the list of domains cannot be read"
        })
      })
  )

  it.scopedLive("are named in an error without tokens, control characters and the whole of a long list", () =>
    Effect.gen(function* () {
      const others = Array.from({ length: 500 }, (_, at) => ({ name: `${at} ${"n".repeat(500)}`, uuid }))
      const fmc = yield* opened(
        tokens,
        items({ name: "\u001b[2J\u009b\u202eaccess-1 refresh-1", uuid }, ...others)
      )
      const { message } = yield* Effect.flip(fmc.domain("there is none of this name"))
      expect(message).not.toMatch(/access-1|refresh-1|[\u0000-\u001f\u007f-\u009f\u202e]/)
      expect(message).toContain(", and 491 more")
      expect(message.length).toBeLessThan(4096)
    })
  )

  it.scopedLive("of more than 1 MiB are not read", () =>
    Effect.gen(function* () {
      const fmc = yield* opened(tokens, items({ name: "n".repeat(1024 * 1024), uuid }))
      expect(yield* Effect.flip(Stream.runDrain(fmc.listDomains()))).toMatchObject({
        _tag: "ProtocolViolation"
      })
    })
  )
})
