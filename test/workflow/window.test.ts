// Change windows, by the test clock.
//
// States: before the window · inside · in its last minutes (closing) · after it · waiting · a run that has begun to
// write.
// Races: a run that writes when the window closes.
// Invariants: a time is inside where the clock on the wall shows one that is, also where an hour comes twice or not at
// all · what is started has longer than `closing` left · windows that touch are one · a run that waits starts as soon as
// something may be started, and never by a timer of more than a day · one that has begun to write does not wait.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import type { Workflow } from "sallyport"
import * as Guards from "../../src/workflow/guards/Guards.ts"

const plan: Workflow.Plan = {
  version: 1,
  workflow: "publish",
  changes: [],
  unchanged: 0,
  notes: [],
  complete: true,
  hash: "0".repeat(64)
}
const change = { targetName: "fmc.example", kind: "Host", action: "create", objects: [{ name: "web-1" }] }

const minute = 60_000
const day = 24 * 60 * minute

type Window = Workflow.ChangeWindow

/** What a window says of a change at a time, in a run of its own: nothing where it may be sent. */
const saidAt = (window: Window, at: number | string) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(typeof at === "string" ? Date.parse(at) : at)
    const guard = yield* Guards.make({ window })
    return yield* Effect.match(guard.before(change), {
      onFailure: ({ message }) => message,
      onSuccess: () => ""
    })
  })

const evening: Window = { cron: "0 22 * * 1-5", length: "4 hours", zone: "Europe/Berlin" }

describe("a window that opens again and again", () => {
  it.effect("is open from its cron on, for its length, and says when it opens next", () =>
    Effect.gen(function* () {
      // A Friday, in summer.
      expect(yield* saidAt(evening, "2026-07-03T19:59:59.999Z")).toMatch(
        /^It is 2026-07-03 21:59 Europe\/Berlin, outside.*\(0 22 \* \* 1-5 for 4h, Europe\/Berlin\).*opens at 2026-07-03 22:00 .*outside: "wait"/
      )
      expect(yield* saidAt(evening, "2026-07-03T20:00:00Z")).toBe("")
      expect(yield* saidAt(evening, "2026-07-03T23:59:59.999Z")).toBe("")
      expect(yield* saidAt(evening, "2026-07-04T00:00:00Z")).toContain(
        "opens at 2026-07-06 22:00 Europe/Berlin"
      )
      expect(yield* saidAt(evening, "2026-12-04T20:59:00Z")).toContain("opens at 2026-12-04 22:00")
      expect(yield* saidAt(evening, "2026-12-04T21:00:00Z")).toBe("")
    })
  )

  it.effect("starts nothing new in its last minutes, unless the next one follows at once", () =>
    Effect.gen(function* () {
      const closing: Window = { ...evening, closing: "15 minutes" }
      expect(yield* saidAt(closing, "2026-07-03T23:44:59.999Z")).toBe("")
      expect(yield* saidAt(closing, "2026-07-03T23:45:00Z")).toMatch(
        /nothing new is started in the last 15m .*opens at 2026-07-06 22:00/
      )
      const hourly: Window = { cron: "0 * * * *", length: "1 hour", closing: "15 minutes", zone: "UTC" }
      expect(yield* saidAt(hourly, "2026-07-03T23:59:00Z")).toBe("")
      const apart: Window = { ...hourly, length: "50 minutes" }
      expect(yield* saidAt(apart, "2026-07-03T23:40:00Z")).toContain("opens at 2026-07-04 00:00 UTC")
    })
  )

  it.effect("does not open on a day that its month does not have", () =>
    Effect.gen(function* () {
      const window: Window = { cron: "0 22 31 * *", length: "4 hours", zone: "UTC" }
      expect(yield* saidAt(window, "2026-03-03T22:30:00Z")).toContain("opens at 2026-03-31 22:00")
      expect(yield* saidAt(window, "2026-05-01T01:59:00Z")).not.toBe("")
      expect(yield* saidAt(window, "2026-06-01T01:59:00Z")).toBe("")
      const leap: Window = { ...window, cron: "0 22 29 2 *" }
      expect(yield* saidAt(leap, "2026-03-01T22:30:00Z")).toContain("opens at 2028-02-29 22:00")
    })
  )

  it.effect("goes by the clock on the wall in the night that leaves out an hour", () =>
    Effect.gen(function* () {
      const night: Window = { cron: "0 22 * * *", length: "8 hours", zone: "Europe/Berlin" }
      // Until six, which comes after seven hours.
      expect(yield* saidAt(night, "2026-03-29T03:59:00Z")).toBe("")
      expect(yield* saidAt(night, "2026-03-29T04:00:00Z")).not.toBe("")
      const missing: Window = { cron: "15 2 * * *", length: "30 minutes", zone: "Europe/Berlin" }
      for (const at of ["00:59:59", "01:00:00", "01:15:00", "01:30:00"])
        expect(yield* saidAt(missing, `2026-03-29T${at}Z`)).toContain("opens at 2026-03-30 02:15")
      // From ten to two to half past three there are forty minutes.
      const until: Window = { ...night, length: "330 minutes", closing: "45 minutes" }
      expect(yield* saidAt(until, "2026-03-29T00:44:00Z")).toBe("")
      expect(yield* saidAt(until, "2026-03-29T00:50:00Z")).toContain("nothing new is started")
      const begun: Window = { ...missing, length: "1 hour" }
      expect(yield* saidAt(begun, "2026-03-29T00:59:59Z")).toContain("opens at 2026-03-29 03:00")
      expect(yield* saidAt(begun, "2026-03-29T01:14:59Z")).toBe("")
      expect(yield* saidAt(begun, "2026-03-29T01:15:00Z")).not.toBe("")
    })
  )

  it.effect("goes by the clock on the wall in the night that has an hour twice", () =>
    Effect.gen(function* () {
      const window: Window = {
        cron: "15 2 * * *",
        length: "30 minutes",
        closing: "10 minutes",
        zone: "Europe/Berlin"
      }
      // 02:15 to 02:45 in summer, and once more in winter.
      for (const [at, isOpen] of [
        ["00:14:59", false],
        ["00:15:00", true],
        ["00:34:59", true],
        ["00:35:00", false],
        ["00:45:00", false],
        ["01:15:00", true],
        ["01:34:59", true],
        ["01:35:00", false]
      ] as const)
        expect([at, (yield* saidAt(window, `2026-10-25T${at}Z`)) === ""]).toEqual([at, isOpen])
      expect(yield* saidAt(window, "2026-10-25T00:45:00Z")).toContain("opens at 2026-10-25 02:15")
      // At three the clock goes back to two.
      const until: Window = { ...window, cron: "0 22 * * *", length: "5 hours", closing: "15 minutes" }
      expect(yield* saidAt(until, "2026-10-25T00:50:00Z")).toBe("")
      expect(yield* saidAt(until, "2026-10-25T01:50:00Z")).not.toBe("")
    })
  )

  // By the wall's minutes alone, as somebody reads them.
  const wall = new Map(
    ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "UTC", "+05:30"].map((zone) => {
      const format = new Intl.DateTimeFormat("en-GB", {
        timeZone: zone === "+05:30" ? "Asia/Kolkata" : zone,
        hour: "2-digit",
        minute: "2-digit"
      })
      return [zone, (at: number) => format.format(at).split(":").map(Number) as [number, number]] as const
    })
  )
  const nights = [
    "2026-03-29",
    "2026-10-25",
    "2026-03-08",
    "2026-11-01",
    "2026-04-05",
    "2026-10-04",
    "2026-07-01"
  ]

  it.effect.prop(
    "is open when the wall says so, whatever the zone and the night",
    {
      zone: FastCheck.constantFrom(...wall.keys()),
      night: FastCheck.constantFrom(...nights),
      hour: FastCheck.nat(23),
      start: FastCheck.nat(59),
      length: FastCheck.integer({ min: 1, max: 600 }),
      part: FastCheck.double({ min: 0, max: 0.99, noNaN: true }),
      at: FastCheck.nat(36 * 60)
    },
    ({ at, hour, length, night, part, start, zone }) =>
      Effect.gen(function* () {
        const closing = Math.min(45, Math.floor(length * part))
        const now = Date.parse(`${night}T00:00:00Z`) - 12 * 60 * minute + at * minute
        const isShown = (instant: number) => {
          const [shownHour, shownMinute] = wall.get(zone)?.(instant) ?? [0, 0]
          return (shownHour * 60 + shownMinute - hour * 60 - start + 2880) % 1440 < length
        }
        const isAllowed = (instant: number) => {
          for (let one = 0; one <= closing; one++) if (!isShown(instant + one * minute)) return false
          return true
        }
        const said = yield* saidAt(
          { cron: `${start} ${hour} * * *`, length: length * minute, closing: closing * minute, zone },
          now
        )
        expect(said === "").toBe(isAllowed(now))
        if (said === "") return
        let opens = now
        while (!isAllowed(opens)) opens += minute
        const [shownHour, shownMinute] = wall.get(zone)?.(opens) ?? []
        const shown = [shownHour, shownMinute].map((part) => String(part).padStart(2, "0")).join(":")
        expect(said).toMatch(new RegExp(`opens at [\\d-]{10} ${shown} `))
      }),
    { fastCheck: { numRuns: 200 } }
  )
})

describe("a window that opens once", () => {
  const once: Window = {
    from: "2026-07-03T22:00",
    to: "2026-07-04 02:00",
    zone: "Europe/Berlin",
    closing: 60_000
  }

  it.effect("is open from then to then, and not again", () =>
    Effect.gen(function* () {
      expect(yield* saidAt(once, "2026-07-03T19:59:59Z")).toContain("opens at 2026-07-03 22:00 Europe/Berlin")
      expect(yield* saidAt(once, "2026-07-03T20:00:00Z")).toBe("")
      expect(yield* saidAt(once, "2026-07-03T23:58:59Z")).toBe("")
      expect(yield* saidAt(once, "2026-07-03T23:59:00Z")).toMatch(/last 1m .*does not open again/)
      expect(yield* saidAt({ ...once, outside: "wait" }, "2026-07-05T00:00:00Z")).toContain(
        "does not open again"
      )
      const offset: Window = {
        from: "2026-10-25T02:30:00+01:00",
        to: "2026-10-25T03:00Z",
        zone: "Europe/Berlin"
      }
      expect(yield* saidAt(offset, "2026-10-25T01:29:59Z")).toContain("opens at 2026-10-25 02:30")
      expect(yield* saidAt(offset, "2026-10-25T01:30:00Z")).toBe("")
    })
  )
})

describe("a run that waits for its window", () => {
  it.effect("starts when it opens, by timers of a day at most", () =>
    Effect.gen(function* () {
      const from = Date.parse("2026-07-03T20:00:00Z")
      yield* TestClock.setTime(from - 60 * day - 5 * minute)
      const window: Window = {
        from: "2026-07-03T22:00",
        to: "2026-07-04T02:00",
        zone: "Europe/Berlin",
        outside: "wait"
      }
      const guard = yield* Guards.make({ window })
      const fiber = yield* Effect.fork(guard.beforeRun(plan))
      for (let days = 0; days < 60; days++) {
        yield* Effect.yieldNow()
        const now = yield* TestClock.currentTimeMillis
        expect([...(yield* TestClock.sleeps())].map((until) => until - now)).toEqual([day])
        yield* TestClock.adjust(day)
      }
      yield* TestClock.adjust(5 * minute - 1)
      expect(yield* Fiber.poll(fiber)).toMatchObject({ _tag: "None" })
      yield* TestClock.adjust(1)
      expect(Exit.isSuccess(yield* Fiber.await(fiber))).toBe(true)
      yield* guard.before(change)
    })
  )

  it.effect("is asked for its approval first, and waits then; interrupted, it ends at once", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.parse("2026-07-03T12:00:00Z"))
      let asked = 0
      const guard = yield* Guards.make({
        window: { ...evening, outside: "wait" },
        approve: () => {
          asked++
          return true
        }
      })
      const fiber = yield* Effect.fork(guard.beforeRun(plan))
      yield* Effect.yieldNow()
      expect(asked).toBe(1)
      expect(yield* Fiber.poll(fiber)).toMatchObject({ _tag: "None" })
      expect(Exit.isInterrupted(yield* Fiber.interrupt(fiber))).toBe(true)
    })
  )

  it.effect(
    "is stopped, and does not wait for the next night, where it has begun to write when it closes",
    () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(Date.parse("2026-07-02T20:00:00Z"))
        const guard = yield* Guards.make({ window: { ...evening, outside: "wait" } })
        yield* guard.beforeRun(plan)
        yield* guard.before(change)
        yield* TestClock.adjust("4 hours")
        const error = yield* Effect.flip(guard.before(change))
        expect(error).toMatchObject({ _tag: "GuardRefused", guard: "window" })
        expect(error.message).toMatch(/opens at 2026-07-03 22:00 Europe\/Berlin: run it then\.$/)
      })
  )

  it.effect("waits where approval took until after the window", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.parse("2026-07-02T20:00:00Z"))
      const approve = () => Effect.as(Effect.sleep("5 hours"), true)
      const refusing = yield* Guards.make({ window: evening, approve })
      const refused = yield* Effect.fork(Effect.flip(refusing.beforeRun(plan)))
      const waiting = yield* Guards.make({ window: { ...evening, outside: "wait" }, approve })
      const started = yield* Effect.fork(waiting.beforeRun(plan))
      yield* TestClock.adjust("5 hours")
      expect(yield* Fiber.join(refused)).toMatchObject({ guard: "window" })
      expect(yield* Fiber.poll(started)).toMatchObject({ _tag: "None" })
      yield* TestClock.adjust("19 hours")
      yield* Fiber.join(started)
    })
  )
})

describe("a window that is none", () => {
  const wrong = (window: unknown) => Effect.flip(Guards.make({ window: window as never }))
  const once = { from: "2026-07-03T22:00", to: "2026-07-04T02:00", zone: "Europe/Berlin" }

  it.effect.each<[string, unknown]>([
    ["window.cron", { ...evening, cron: "22:00" }],
    ["window.cron", { ...evening, cron: "0 25 * * *" }],
    ["window.cron", { ...evening, cron: "0 22 30 2 *" }],
    ["window.cron", { length: "4 hours", zone: "UTC" }],
    ["window.length", { ...evening, length: 0 }],
    ["window.length", { ...evening, length: "four hours" }],
    ["window.length", { ...evening, length: Number.NaN }],
    ["window.length", { ...evening, length: Number.POSITIVE_INFINITY }],
    ["window.zone", { ...evening, zone: "Europe/Bielefeld" }],
    ["window.zone", { ...evening, zone: "+2" }],
    ["window.zone", { ...evening, zone: "" }],
    ["window.zone", { cron: "0 22 * * *", length: "4 hours" }],
    ["window.outside", { ...evening, outside: "queue" }],
    ["window.closing", { ...evening, closing: "4 hours" }],
    ["window.closing", { ...evening, closing: Number.POSITIVE_INFINITY }],
    ["window.close", { ...evening, close: "15 minutes" }],
    ["window.from", { ...once, from: "22:00" }],
    ["window.from", { ...once, from: "2026-02-30T22:00" }],
    ["window.from", { ...once, from: "2026-03-29T02:30" }],
    ["window.from", { ...once, from: "2026-07-03T22:00+99:99" }],
    ["window.to", { ...once, to: "2026-10-25T02:30" }],
    ["window.to", { ...once, to: "2026-07-03T22:00" }],
    ["window.to", { ...once, to: undefined }],
    ["window.cron", { ...once, cron: "0 22 * * *" }],
    ["window", 7]
  ])("is refused by %s: %j", ([field, window]) =>
    Effect.gen(function* () {
      const error = yield* wrong(window)
      expect(error).toMatchObject({ _tag: "InvalidInput", field })
      expect(error.message).toMatch(/give|leave it out/)
    })
  )

  it.effect("is told which of two hours there are", () =>
    Effect.gen(function* () {
      const { message } = yield* wrong({ ...once, to: "2026-10-25T02:30" })
      expect(message).toContain("give 2026-10-25T00:30Z or 2026-10-25T01:30Z")
    })
  )
})
