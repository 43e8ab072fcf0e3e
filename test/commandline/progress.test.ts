// How far a fleet or a run is, drawn anew on a terminal in its place.
//
// States of what is drawn: nothing yet; drawn; aside, while a line that somebody else has written does not end, such as a
// question; closed. Races: somebody writes, or the terminal changes its size, between two drawings; the end comes while
// it is aside.
//
// Invariants: what others write stands above, whole, in its order and once, and nothing of what was drawn is left in it ·
// once closed, the terminal shows what others wrote and nothing else, its cursor visible · it is drawn ten times a second
// at most, whatever happens · no line is longer than the terminal is wide · nothing that a device or a script calls
// something moves the cursor or colours anything · without colours there is no code of one · into a pipe goes no code at
// all · what cannot be drawn changes nothing of the fleet.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import * as TestContext from "effect/TestContext"
import type { Fleet, Workflow } from "sallyport"
import { vi } from "vitest"
import * as SecretQuestion from "../../src/auth/SecretQuestion.ts"
import type { Caller } from "../../src/commandline/Caller.ts"
import * as Drawing from "../../src/commandline/progress/Drawing.ts"
import { fleetProgress } from "../../src/commandline/progress/FleetProgress.ts"
import { runProgress } from "../../src/commandline/progress/RunProgress.ts"
import { callerOf } from "../support/commandLine.ts"
import { randomRuns } from "../support/randomRuns.ts"
import { type Screen, screenOf } from "../support/screen.ts"

const at = (screen: Screen, environment: Readonly<Record<string, string>> = {}): Caller => ({
  ...callerOf([]).caller,
  environment,
  output: screen.output,
  errors: screen.output
})

const begun = (devices: number, waves: ReadonlyArray<number> = [devices]): Fleet.FleetEvent => ({
  _tag: "Begun",
  fleet: "20261129T013000Z-fleet-add-host-3f9a1c",
  journal: "/var/journal",
  devices,
  waves
})
const deviceBegun = (device: string): Fleet.FleetEvent => ({
  _tag: "DeviceBegun",
  device,
  wave: 1,
  run: `run-${device}`
})
const told = (device: string, event: Workflow.RunEvent): Fleet.FleetEvent => ({
  _tag: "DeviceTold",
  device,
  event
})
const step = (name: string): Workflow.RunEvent => ({ _tag: "StepBegun", step: name })
const change = { number: 1, device: "fmc", step: "", action: "create", kind: "Host", path: "/hosts" } as const
const creating = (...names: ReadonlyArray<string>): Workflow.RunEvent => ({
  _tag: "ChangeBegun",
  ...change,
  names
})
const created = (...names: ReadonlyArray<string>): Workflow.RunEvent => ({
  _tag: "ChangeEnded",
  ...change,
  names,
  outcome: "done"
})
const ended = (device: string, isWell = true): Fleet.FleetEvent => ({
  _tag: "DeviceEnded",
  device: {
    device,
    wave: 1,
    outcome: isWell ? "done" : "failed",
    state: isWell ? "done" : "untouched",
    errors: []
  }
})

/** Time in which it is drawn. */
const later = (millis = 100) => Effect.zipRight(TestClock.adjust(millis), Effect.yieldNow())

const fleetOn = (screen: Screen, environment?: Readonly<Record<string, string>>) =>
  Effect.gen(function* () {
    const drawing = yield* Drawing.make(at(screen, environment), fleetProgress)
    if (drawing === undefined) return yield* Effect.dieMessage("nothing is drawn")
    return {
      ...drawing,
      tell: (...events: ReadonlyArray<Fleet.FleetEvent>) => {
        for (const event of events) drawing.tell(event)
      }
    }
  })

describe("a fleet on a terminal", () => {
  it.scoped("has a line for each device under way, with its step, and a bar of all of them", () =>
    Effect.gen(function* () {
      const screen = screenOf(80)
      const { tell } = yield* fleetOn(screen)
      tell(begun(40, [4, 36]), { _tag: "WaveBegun", wave: 1, devices: 4 })
      tell(deviceBegun("berlin"), deviceBegun("branch-12"))
      yield* later(5000)
      tell(told("berlin", step("objects")), told("berlin", creating("web-1", "web-2")))
      tell(told("branch-12", { _tag: "UndoBegun" }))
      yield* later()
      expect(yield* screen.lines).toEqual([
        "  berlin      0:05  objects · create Host web-1 and 1 more",
        "  branch-12   0:05  taking back what was changed: 0",
        `${"░".repeat(30)} 0 of 40 devices · wave 1 of 2`
      ])
      tell(ended("branch-12", false), ended("berlin"))
      yield* later()
      expect(yield* screen.lines).toEqual([
        `${"░".repeat(16)} 2 of 40 devices · 1 failed · 2 min left · 23/min · wave 1 of 2`
      ])
    })
  )

  it.scoped("counts the plans that are made, and begins anew with the runs", () =>
    Effect.gen(function* () {
      const screen = screenOf(80)
      const { tell } = yield* fleetOn(screen)
      tell({ _tag: "PlanBegun", devices: 3 })
      yield* later()
      expect(yield* screen.lines).toEqual([`${"░".repeat(30)} 0 of 3 devices planned`])
      const errors = [{ tag: "DeviceUnreachable", message: "d2: nobody answers" }]
      tell({ _tag: "DevicePlanned", device: "d1", changes: 7, errors: [] })
      tell({ _tag: "DevicePlanned", device: "d2", changes: 0, errors })
      yield* later()
      expect(yield* screen.lines).toEqual([
        `${"█".repeat(20)}${"░".repeat(10)} 2 of 3 devices planned · 1 failed`
      ])
      tell(begun(3, [3]))
      yield* later()
      expect(yield* screen.lines).toEqual([`${"░".repeat(30)} 0 of 3 devices`])
    })
  )

  it.scoped("counts the devices of an undo, and as failures those on which something is left", () =>
    Effect.gen(function* () {
      const screen = screenOf(80)
      const { tell } = yield* fleetOn(screen)
      tell({ _tag: "UndoBegun", fleet: "f", journal: "/var/journal", devices: 3 })
      tell(deviceBegun("d1"), deviceBegun("d2"), told("d2", { _tag: "UndoBegun" }))
      const device = { device: "d1", wave: 1, outcome: "done", errors: [] } as const
      tell({ _tag: "DeviceUndone", device: { ...device, state: "undone" } })
      yield* later()
      expect(yield* screen.lines).toEqual([
        "  d2   0:00  taking back what was changed: 0",
        `${"█".repeat(10)}${"░".repeat(20)} 1 of 3 devices taken back`
      ])
      tell({ _tag: "DeviceUndone", device: { ...device, device: "d2", state: "left" } })
      yield* later()
      expect(yield* screen.lines).toEqual([
        `${"█".repeat(20)}${"░".repeat(10)} 2 of 3 devices taken back · 1 failed`
      ])
    })
  )

  it.scoped("shows as many lines as there is room for, and says how many more there are", () =>
    Effect.gen(function* () {
      const screen = screenOf(60, 8)
      const { tell } = yield* fleetOn(screen)
      tell(begun(100), ...Array.from({ length: 50 }, (_, place) => deviceBegun(`d${place}`)))
      yield* later()
      const lines = yield* screen.lines
      expect(lines).toHaveLength(6)
      expect(lines.slice(-3)).toEqual([
        "  d3   0:00  begins",
        "  and 46 more",
        `${"░".repeat(30)} 0 of 100 devices`
      ])
    })
  )

  it.scoped.each([
    [24, ["  berlin-o…   0:00  ob…", "0 of 40 devices"]],
    [9, ["  be…  …", "0 of 40…"]],
    [1, ["", ""]]
  ] as const)("fits into %i columns", ([columns, wanted]) =>
    Effect.gen(function* () {
      const screen = screenOf(Math.max(2, columns))
      Object.assign(screen.output, { columns })
      const { tell } = yield* fleetOn(screen)
      tell(begun(40), deviceBegun("berlin-office"), told("berlin-office", step("objects")))
      yield* later()
      expect((yield* screen.lines).map((line) => line.trimEnd())).toEqual(
        wanted.filter((line) => line !== "")
      )
    })
  )

  it.scoped("counts wide letters as two, and lets no name move the cursor or colour anything", () =>
    Effect.gen(function* () {
      const screen = screenOf(40)
      const { tell } = yield* fleetOn(screen, { NO_COLOR: "1" })
      const names = [
        "\u001b[2J\u001b[31mevil\u0007",
        "東京支店のファイアウォール",
        "a\r\nb\u202e",
        "\u009b1A"
      ]
      tell(begun(4), ...names.map(deviceBegun))
      tell(...names.map((name) => told(name, step(`${name}\u001b]0;title\u0007 and a step that is long`))))
      yield* later()
      const lines = yield* screen.lines
      expect(lines).toHaveLength(5)
      expect(lines[0]).toMatch(/^ {2}�\[2J�\[31mevil… {3}0:00 {2}�\[2J�\[31m…$/)
      expect(lines[1]).toMatch(/^ {2}東京支店のファ… {4}0:00 {2}東京支店の…$/)
      const codes = screen.written().match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f][^\u001b]{0,6}/g) ?? []
      expect(codes.filter((code) => !/^\u001b\[(\?2026|\d*[AGK]|2K)/.test(code))).toEqual([])
    })
  )

  it.scoped("has colours where they are wanted, and none where NO_COLOR is set", () =>
    Effect.gen(function* () {
      const [colored, plain] = [screenOf(), screenOf()]
      for (const [screen, environment] of [[colored, {}] as const, [plain, { NO_COLOR: "1" }] as const]) {
        const { tell } = yield* fleetOn(screen, environment)
        tell(begun(2), deviceBegun("d1"), ended("d1", false))
        yield* later()
      }
      expect(yield* plain.lines).toEqual(yield* colored.lines)
      expect(colored.written()).toContain("\u001b[31m1 failed\u001b[39m")
      expect(plain.written()).not.toMatch(/\u001b\[\d+m/)
    })
  )

  it.scoped("is drawn ten times a second at most", () =>
    Effect.gen(function* () {
      const screen = screenOf()
      const { tell } = yield* fleetOn(screen)
      tell(begun(20_000))
      yield* later()
      const before = screen.writes()
      for (let device = 0; device < 10_000; device += 1) {
        tell(deviceBegun(`d${device}`), ended(`d${device}`))
        if (device % 1000 === 999) yield* TestClock.adjust(100)
      }
      yield* later(0)
      expect(screen.writes() - before).toBeLessThanOrEqual(10)
      expect((yield* screen.lines).join("\n")).toContain("10000 of 20000 devices")
    })
  )

  it.scoped.each([24, 200])("leaves nothing behind where the terminal becomes %i columns wide", (columns) =>
    Effect.gen(function* () {
      const screen = screenOf(80)
      const { tell } = yield* fleetOn(screen)
      screen.output.write("said before\n")
      tell(begun(1000), deviceBegun("berlin"), told("berlin", step("objects of a name that takes a line")))
      yield* later()
      yield* screen.resize(columns, 24)
      yield* later()
      const bar = `${"░".repeat(30)} 0 of 1000 devices`
      expect(yield* screen.lines).toEqual(
        columns === 24
          ? ["said before", "  berlin   0:00  objec…", "0 of 1000 devices"]
          : ["said before", "  berlin   0:00  objects of a name that takes a line", bar]
      )
    })
  )

  it.scoped("never hides the cursor", () =>
    Effect.gen(function* () {
      const screen = screenOf()
      const { end, tell } = yield* fleetOn(screen)
      tell(begun(2), deviceBegun("d1"))
      yield* later()
      end()
      expect(screen.written()).not.toContain("\u001b[?25l")
      expect(yield* screen.lines).toEqual([])
    })
  )

  it.scoped("leaves to the terminal what others have written, whatever comes between", () =>
    Effect.promise(() =>
      FastCheck.assert(
        FastCheck.asyncProperty(FastCheck.array(doing, { maxLength: 16 }), (all) =>
          Effect.runPromise(othersAlone(all))
        ),
        { numRuns: randomRuns(50) }
      )
    )
  )
})

describe("what is drawn steps aside", () => {
  it.scoped("for a secret that a login asks for", () =>
    Effect.gen(function* () {
      const screen = screenOf()
      const { tell } = yield* fleetOn(screen)
      tell(begun(2), deviceBegun("d1"))
      yield* later()
      const { input } = callerOf([], { isAtTerminal: true }).caller
      const asking = yield* Effect.fork(SecretQuestion.askBy({ input, output: screen.output }, "Password:"))
      // What was typed before is waited for in real time.
      yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 50))).pipe(
        Effect.zipRight(screen.lines),
        Effect.repeat({ until: (lines) => lines.some((line) => line.includes("Password:")) })
      )
      yield* later(1000)
      expect(yield* screen.lines).toEqual(["Password: "])
      Object.assign(input).write("hunter2\n")
      expect(Redacted.value(yield* Fiber.join(asking))).toBe("hunter2")
      yield* later()
      expect(yield* screen.lines).toEqual([
        "Password: ",
        "  d1   0:01  begins",
        `${"░".repeat(30)} 0 of 2 devices`
      ])
    })
  )

  it.scoped("for a question, until it is answered", () =>
    Effect.gen(function* () {
      const screen = screenOf()
      const { tell } = yield* fleetOn(screen)
      tell(begun(2), deviceBegun("d1"))
      yield* later()
      const { output } = screen
      output.write("One-time code: ")
      tell(deviceBegun("d2"))
      yield* later(5000)
      screen.echo("123456\r\n")
      expect(yield* screen.lines).toEqual(["One-time code: 123456"])
      output.write("\n")
      yield* later()
      expect(yield* screen.lines).toEqual([
        "One-time code: 123456",
        "",
        "  d1   0:05  begins",
        "  d2   0:05  begins",
        `${"░".repeat(30)} 0 of 2 devices`
      ])
    })
  )

  it.scoped("for the key that the terminal shows by itself, and what is said of it", () =>
    Effect.gen(function* () {
      const screen = screenOf()
      const { end, tell } = yield* fleetOn(screen)
      tell(begun(2), deviceBegun("d1"))
      yield* later()
      screen.echo("^C")
      screen.output.write("\nSIGINT: stopping, and taking back what was changed.\n")
      yield* later()
      expect((yield* screen.lines).slice(0, 3)).toEqual([
        "",
        "SIGINT: stopping, and taking back what was changed.",
        "  d1   0:00  begins"
      ])
      end()
      expect(yield* screen.lines).toEqual(["", "SIGINT: stopping, and taking back what was changed."])
    })
  )
})

describe("a run on a terminal", () => {
  it.scoped("has a line for each step under way, and a bar of what its plan changes", () =>
    Effect.gen(function* () {
      const screen = screenOf()
      const drawing = yield* Drawing.make(at(screen), runProgress)
      const tell = (...events: ReadonlyArray<Workflow.RunEvent>) => {
        for (const event of events) drawing?.tell(event)
      }
      tell({ _tag: "Planned", plan: planOf(4) }, { _tag: "Begun", run: "r1", journal: "/var/journal" })
      tell(step("objects"), creating("web-1", "web-2"), created("web-1", "web-2"), step("rules"))
      yield* later(2000)
      tell(creating("web-3"))
      yield* later()
      expect(yield* screen.lines).toEqual([
        "   0:02  objects",
        "   0:02  rules · create Host web-3",
        `${"█".repeat(15)}${"░".repeat(15)} 2 of 4 changes · 3 s left · 57/min`
      ])
      tell({ ...created("web-3"), outcome: "refused" } as Workflow.RunEvent, { _tag: "UndoBegun" })
      tell({ _tag: "TakenBack", ...change, names: ["web-1"], how: "undone" })
      yield* later()
      expect(yield* screen.lines).toEqual([
        "   0:02  taking back what was changed: 1 of 2",
        `${"█".repeat(15)}${"░".repeat(15)} 1 of 2 taken back · 1 failed`
      ])
    })
  )
})

describe("nothing is drawn", () => {
  it.scoped.each([
    ["into a pipe", {}, { isTTY: false }],
    ["on a terminal that has no cursor to move", { TERM: "dumb" }, { isTTY: true }]
  ] as const)("%s", ([, environment, is]) =>
    Effect.gen(function* () {
      const screen = screenOf()
      Object.assign(screen.output, is)
      expect(yield* Drawing.make(at(screen, environment), fleetProgress)).toBeUndefined()
      expect(screen.written()).toBe("")
    })
  )

  it.scoped("where the package for it is not installed", () =>
    Effect.gen(function* () {
      vi.doMock("log-update", () => {
        throw new Error("it is missing")
      })
      yield* Effect.addFinalizer(() => Effect.sync(() => vi.doUnmock("log-update")))
      expect(yield* Drawing.make(at(screenOf()), fleetProgress)).toBeUndefined()
    })
  )

  it.scoped("any more once a drawing has failed, and the terminal is given back", () =>
    Effect.gen(function* () {
      const screen = screenOf()
      const { write } = screen.output
      let hasFailed = false
      const failing: Drawing.Progress<number, string> = {
        begin: () => 0,
        heard: (count) => count + 1,
        lines: (count) => {
          hasFailed ||= count > 0
          if (count > 0) throw new Error("nobody can draw this")
          return ["drawn"]
        }
      }
      const drawing = yield* Drawing.make(at(screen), failing)
      yield* later()
      expect([yield* screen.lines, screen.output.write === write]).toEqual([["drawn"], false])
      drawing?.tell("more")
      yield* later()
      expect([yield* screen.lines, screen.output.write === write, hasFailed]).toEqual([[], true, true])
    })
  )
})

/** A plan with so many changes. */
const planOf = (count: number): Workflow.Plan => ({
  version: 1,
  workflow: "w",
  hash: "0".repeat(64),
  complete: true,
  changes: Array.from({ length: count }, (_, place) => ({
    device: "fmc",
    step: "",
    action: "create",
    kind: "Host",
    path: "/hosts",
    name: `web-${place + 1}`,
    fields: [],
    undo: "yes"
  })),
  notes: [],
  unchanged: 0
})

/** What happens to a terminal on which something is drawn. */
type Doing =
  | { readonly write: string }
  | { readonly begin: number }
  | { readonly columns: number }
  | { readonly isEnd: true }
const doing: FastCheck.Arbitrary<Doing> = FastCheck.oneof(
  FastCheck.record({ write: FastCheck.stringMatching(/^[a-z]{0,25}$/) }),
  FastCheck.record({ begin: FastCheck.integer({ min: 1, max: 5 }) }),
  FastCheck.record({ columns: FastCheck.integer({ min: 30, max: 90 }) }),
  FastCheck.constant({ isEnd: true } as const)
)

/** What others have written is all that is left at the end. */
const othersAlone = (all: ReadonlyArray<Doing>) =>
  Effect.gen(function* () {
    const screen = screenOf(80, 24)
    const { end, tell } = yield* fleetOn(screen)
    tell(begun(1000))
    const written: Array<string> = []
    let [devices, ends] = [0, 0]
    for (const one of all) {
      if ("isEnd" in one) {
        tell(ended(`device-${devices}`))
        ends += 1
      } else if ("columns" in one) yield* screen.resize(one.columns, 24)
      else if ("write" in one) {
        screen.output.write(`${one.write}\n`)
        written.push(one.write)
      } else {
        const more = Array.from({ length: one.begin }, (_, place) => `device-${devices + place + 1}`)
        tell(...more.map(deviceBegun))
        devices += one.begin
      }
      yield* later()
      const bar = `${ends} of 1000 devices`
      expect((yield* screen.lines).at(-1)?.slice(0, screen.output.columns)).toContain(bar)
    }
    end()
    while (written.at(-1) === "") written.pop()
    expect(yield* screen.lines).toEqual(written)
  }).pipe(Effect.scoped, Effect.provide(TestContext.TestContext))
