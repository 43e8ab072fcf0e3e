// Answers of the token operation that no FDM should give.
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fdm from "sallyport/fdm"
import { make } from "../../support/device.ts"
import { granting } from "./granting.ts"

const good = { access_token: "access-1", refresh_token: "refresh-1", expires_in: 600 }

const opened = (tokens: Readonly<Record<string, unknown>>) =>
  Effect.flatMap(make(granting(tokens)), (device) => Fdm.make({ ...device, apiVersion: "v6" }))

describe("a login at an FDM", () => {
  it.scopedLive.each(["a b", "a\r\nx: y", "a\n", "a\u0000", "ключ", "é", "\ud800", "", "a".repeat(16_385)])(
    "with an access token that no header carries is a violation: %j",
    (access_token) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(opened({ ...good, access_token }))
        expect(error).toMatchObject({
          _tag: "ProtocolViolation",
          detail: expect.stringContaining("sent back")
        })
      })
  )

  it.scopedLive("with a refresh token that cannot be sent back has none", () =>
    Effect.gen(function* () {
      const { session } = yield* opened({ ...good, refresh_token: "r\n" })
      expect(yield* session.token).toMatchObject({ refresh: undefined, refreshesLeft: 0 })
    })
  )

  it.scopedLive.each([34_128_001, 1e300, 1e308, "1e300", "Infinity", [], { valueOf: 1 }])(
    "with a lifetime that no token has gets the usual one: %j",
    (expires_in) =>
      Effect.gen(function* () {
        const { lifetime } = yield* (yield* opened({ ...good, expires_in })).session.token
        expect(lifetime).toEqual(Duration.seconds(1800))
      })
  )

  it.scopedLive("of more than 1 MiB is a violation", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(opened({ ...good, more: "m".repeat(1024 * 1024) }))
      expect(error).toMatchObject({
        _tag: "ProtocolViolation",
        detail: expect.stringContaining("1048576 bytes")
      })
    })
  )
})
