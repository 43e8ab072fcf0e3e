// What becomes of a request after one attempt, by its method and what came of it.
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { DeviceUnreachable } from "sallyport"
import * as Attempt from "../../src/transport/Attempt.ts"
import { unreachable } from "../support/unreachable.ts"

const lost = new DeviceUnreachable({
  targetName: "x",
  phase: "Response",
  reason: "ECONNRESET",
  sent: "maybe"
})
const unsent = unreachable("x")
const refusedByProxy = (status: number) =>
  new DeviceUnreachable({ ...unsent, reason: "Proxy", proxy: { at: "proxy:3128", status } })
const answer = (status: number) => ({ status, headers: { "retry-after": "7" }, body: new Uint8Array() })

/** Whether it may be repeated, and how it ends where it is not: `Again DeviceBusy`, `Over 200`. */
const outcome = (
  method: string,
  came: number | DeviceUnreachable,
  { isBusy = false, isResendable = true } = {}
) =>
  Effect.gen(function* () {
    const reply = typeof came === "number" ? answer(came) : came
    const operation = `${method} /object`
    const attempt = { targetName: "x", operation, method, isResendable, reply, isBusy }
    const result = yield* Attempt.resultOf(attempt)
    const end = yield* Effect.merge(result.end)
    if (result._tag === "Again")
      expect(result.failure).toMatchObject({ operation, status: typeof came === "number" ? came : undefined })
    return `${result._tag} ${"_tag" in end ? end._tag : end.status}`
  })

/** What came, and the outcome of a read and of a write. */
const rows: ReadonlyArray<
  readonly [what: string, came: number | DeviceUnreachable, read: string, written: string]
> = [
  ["200", 200, "Over 200", "Over 200"],
  ["404", 404, "Over 404", "Over 404"],
  ["500", 500, "Over 500", "Over 500"],
  ["408", 408, "Again 408", "Over OutcomeUnknown"],
  ["429", 429, "Again DeviceBusy", "Again DeviceBusy"],
  ["502", 502, "Again 502", "Over 502"],
  ["503", 503, "Again DeviceBusy", "Over DeviceBusy"],
  ["nothing", lost, "Again DeviceUnreachable", "Over OutcomeUnknown"],
  ["no connection", unsent, "Again DeviceUnreachable", "Again DeviceUnreachable"],
  ["a proxy's 502", refusedByProxy(502), "Again DeviceUnreachable", "Again DeviceUnreachable"],
  ["a proxy's 407", refusedByProxy(407), "Over DeviceUnreachable", "Over DeviceUnreachable"]
]

describe.each(["GET", "POST"])("a %s", (method) => {
  const isRead = method === "GET"

  for (const [what, came, read, written] of rows) {
    const expected = isRead ? read : written
    it.effect(`that got ${what} is ${expected}`, () =>
      Effect.gen(function* () {
        expect(yield* outcome(method, came)).toBe(expected)
        // Whose body is used up is never repeated, and ends the same.
        expect(yield* outcome(method, came, { isResendable: false })).toBe(expected.replace("Again", "Over"))
      })
    )
  }

  it.effect("that the device had no time for, by its own words, is repeated unless it may have begun", () =>
    Effect.gen(function* () {
      expect(yield* outcome(method, 422, { isBusy: true })).toBe("Again 422")
      expect(yield* outcome(method, 500, { isBusy: true })).toBe(isRead ? "Again 500" : "Over 500")
    })
  )
})

it.effect("tells how long the device asks to wait", () =>
  Effect.gen(function* () {
    const result = yield* Attempt.resultOf({
      targetName: "x",
      operation: "POST /object",
      method: "POST",
      isResendable: true,
      isBusy: false,
      reply: answer(429)
    })
    const retryAfter = Duration.seconds(7)
    expect(yield* Effect.flip(result.end)).toMatchObject({ _tag: "DeviceBusy", retryAfter, sent: "no" })
    expect(result).toMatchObject({ _tag: "Again", failure: { retryAfter } })
  })
)

describe("what is repeated", () => {
  const statuses = [200, 301, 400, 401, 403, 404, 408, 409, 422, 423, 429, 500, 501, 502, 503, 504]
  const repeated = (method: string, busy: boolean) =>
    statuses.filter((status) => Attempt.isRetryable(method, answer(status), busy))

  it.each(["GET", "HEAD", "OPTIONS"])("is a %s after 408, 429, 502, 503 and 504", (method) => {
    expect(repeated(method, false)).toEqual([408, 429, 502, 503, 504])
    expect(repeated(method, true)).toEqual(statuses)
  })

  it.each(["POST", "PUT", "PATCH", "DELETE"])(
    "is a %s after 429 alone, and what was busy before it began",
    (method) => {
      expect(repeated(method, false)).toEqual([429])
      // A backend calls a 4xx busy by the device's own words; after a 5xx nobody knows how far it came.
      expect(repeated(method, true)).toEqual(statuses.filter((status) => status < 500))
    }
  )
})
