import { PassThrough } from "node:stream"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { GuardRefused, type Workflow } from "sallyport"
import * as Guards from "../../src/workflow/guards/Guards.ts"
import { askBy } from "../../src/workflow/guards/TerminalApproval.ts"
import { eventually } from "../support/eventually.ts"
import { scriptFailed } from "../support/ScriptFailed.ts"

const planned = (action: string, name: string | undefined, more: Partial<Workflow.PlannedChange> = {}) => ({
  device: "fmc.example",
  step: "",
  action,
  kind: "Host",
  path: "/hosts",
  ...(name !== undefined && { name }),
  fields: [],
  undo: "yes" as const,
  ...more
})

const planOf = (...changes: ReadonlyArray<Workflow.PlannedChange>): Workflow.Plan => ({
  version: 1,
  workflow: "publish",
  changes,
  unchanged: 0,
  notes: [],
  complete: true,
  hash: "5d2c7f0a91be".padEnd(64, "0")
})

const change = (action: string, ...names: ReadonlyArray<string>): Guards.GuardedChange => ({
  targetName: "fmc.example",
  kind: "Host",
  action,
  objects: names.map((name) => ({ name, after: { name } }))
})

const refusal = (guards: Workflow.Guards, plan: Workflow.Plan) =>
  Effect.flatMap(Guards.make(guards), ({ beforeRun }) => Effect.flip(beforeRun(plan)))

describe("a limit", () => {
  const plan = planOf(planned("create", "a"), planned("update", "b"), planned("remove", "c"))

  it.effect("of a number counts all that is changed, removals too, before anything is written", () =>
    Effect.gen(function* () {
      const error = yield* refusal({ limit: 2 }, plan)
      expect(error).toBeInstanceOf(GuardRefused)
      expect(error).toMatchObject({ _tag: "GuardRefused", guard: "limit", sent: "no" })
      expect(error.message).toMatch(/3 changed.*limit is 2.*higher limit/)
      yield* (yield* Guards.make({ limit: 3 })).beforeRun(plan)
    })
  )

  it.effect("counts removals apart where it is told to", () =>
    Effect.gen(function* () {
      const error = yield* refusal({ limit: { changes: 2, removals: 0 } }, plan)
      expect(error.message).toMatch(/1 removed, where the limit is 0/)
      expect(error.message).not.toContain("created")
      expect((yield* refusal({ limit: { changes: 1 } }, plan)).message).toMatch(/2 created or changed.*is 1/)
      yield* (yield* Guards.make({ limit: { changes: 2, removals: 1 } })).beforeRun(plan)
    })
  )

  it.effect("says of a plan that is not complete that there may be more", () =>
    Effect.gen(function* () {
      const error = yield* refusal({ limit: 2 }, { ...plan, complete: false })
      expect(error.message).toContain("as far as it can be seen")
    })
  )

  it.effect("goes on counting while the run writes, and does not count what it refused", () =>
    Effect.gen(function* () {
      const guard = yield* Guards.make({ limit: 3 })
      yield* guard.before(change("create", "a", "b"))
      const error = yield* Effect.flip(guard.before(change("create", "c", "d")))
      expect(error.message).toMatch(/create of 2 × Host on fmc\.example.* 4 changed.*limit is 3/)
      yield* guard.before(change("update", "c"))
      expect(yield* Effect.flip(guard.before(change("update", "c")))).toMatchObject({ guard: "limit" })
      yield* guard.before(change("update"))
    })
  )

  it.effect("counts what a resumed run takes from the journal", () =>
    Effect.gen(function* () {
      const guard = yield* Guards.make({ limit: { removals: 2 } })
      yield* guard.countReplayed(change("remove", "a", "b"))
      yield* guard.before(change("create", "c"))
      expect(yield* Effect.flip(guard.before(change("remove", "d")))).toMatchObject({ guard: "limit" })
    })
  )

  it.effect("is not passed by changes side by side", () =>
    Effect.gen(function* () {
      const guard = yield* Guards.make({ limit: 10 })
      const results = yield* Effect.forEach(
        Array.from({ length: 64 }, (_, at) => `host-${at}`),
        (name) => Effect.either(Effect.zipRight(Effect.yieldNow(), guard.before(change("create", name)))),
        { concurrency: "unbounded" }
      )
      expect(results.filter(Either.isRight)).toHaveLength(10)
    })
  )
})

describe("what only may be touched", () => {
  it.effect("is told by device, kind and name, each exact or with *", () =>
    Effect.gen(function* () {
      const plan = planOf(planned("create", "web-1"), planned("update", "web-2"))
      for (const only of [
        { devices: ["fmc.example"], kinds: ["Host"], names: ["web-1", "web-2"] },
        { devices: ["fmc.*"], kinds: ["H*t"], names: ["web-*"] },
        { names: ["*"] },
        {}
      ])
        yield* (yield* Guards.make({ only })).beforeRun(plan)
      for (const only of [
        { devices: ["fmc"] },
        { devices: ["fmcxexample"] },
        { kinds: ["host"] },
        { names: ["web-1"] },
        { names: ["eb-*"] },
        { names: ["web-"] },
        { names: ["web-."] },
        { names: [] }
      ]) {
        const error = yield* refusal({ only }, plan)
        expect(error.guard).toBe("only")
        expect(error.message).toMatch(/Host web-2 on fmc\.example/)
      }
    })
  )

  it.effect("holds for both names of what is renamed, and lets nothing without a name pass but by *", () =>
    Effect.gen(function* () {
      const renamed = planned("update", "web-1", {
        fields: [{ field: "name", before: "web-1", after: "db-1" }]
      })
      expect(yield* refusal({ only: { names: ["web-*"] } }, planOf(renamed))).toMatchObject({ guard: "only" })
      expect(
        (yield* refusal({ only: { names: ["web-*"] } }, planOf(planned("deploy", undefined)))).message
      ).toContain("Host without a name")
      yield* (yield* Guards.make({ only: { names: ["*"] } })).beforeRun(planOf(planned("deploy", undefined)))
      const guard = yield* Guards.make({ only: { names: ["web-*"] } })
      const before = {
        ...change("update"),
        objects: [{ name: "web-1", before: { name: "web-1" }, after: { name: "db-1" } }]
      }
      expect(yield* Effect.flip(guard.before(before))).toMatchObject({ guard: "only" })
      yield* guard.before(change("update", "web-1"))
    })
  )

  it.effect("is asked again before each change, and what is refused is not counted", () =>
    Effect.gen(function* () {
      const guard = yield* Guards.make({ only: { names: ["web-*"] }, limit: 1 })
      const error = yield* Effect.flip(guard.before(change("create", "web-1", "db-1\u001b[2J")))
      expect(error.message).toContain("Host db-1")
      expect(error.message).not.toContain("\u001b")
      yield* guard.before(change("create", "web-1"))
    })
  )
})

describe("an approval", () => {
  const plan = planOf(planned("create", "web-1"))

  it.effect("is given by true alone: at once, by a promise, or by an Effect", () =>
    Effect.gen(function* () {
      const asked: Array<Workflow.Plan> = []
      const yes = [() => true, async () => true, () => Effect.succeed(true)]
      for (const approve of yes) {
        const guard = yield* Guards.make({
          approve: (given) => {
            asked.push(given)
            return approve()
          }
        })
        yield* guard.beforeRun(plan)
        yield* guard.before(change("create", "web-1"))
      }
      expect(asked).toEqual([plan, plan, plan])
      for (const approve of [() => false, async () => false, () => Effect.succeed(false)]) {
        const error = yield* refusal({ approve }, plan)
        expect(error).toMatchObject({ guard: "approve" })
        expect(error.message).toContain("5d2c7f0a91be was not approved")
      }
    })
  )

  it.effect("is not given by what is no boolean", () =>
    Effect.gen(function* () {
      for (const answer of [undefined, null, 1, "yes", {}, Promise.resolve("true"), Effect.succeed(1)]) {
        const error = yield* refusal({ approve: (() => answer) as never }, plan)
        expect(error).toMatchObject({ guard: "approve" })
        expect(error.message).toContain("give true or false")
      }
    })
  )

  it.effect(
    "is not given by one that throws, rejects, fails or dies, whose words are told without secrets",
    () =>
      Effect.gen(function* () {
        const word = Schema.decodeUnknownEither(Schema.Struct({ n: Schema.Number }))({ n: "CANARY-1" })
        const failures = [
          () => {
            throw new Error("no ticket\u001b[2J")
          },
          async () => Promise.reject(new Error("no ticket")),
          () => Effect.fail(scriptFailed("no ticket")),
          () => Effect.die(new Error("no ticket"))
        ]
        for (const approve of failures) {
          const error = yield* refusal({ approve }, plan)
          expect(error).toMatchObject({ guard: "approve" })
          expect(error.message).toMatch(
            /^The function approve failed, and nothing was written: (Error|ScriptFailed): no ticket/
          )
          expect(error.message).not.toContain("\u001b")
        }
        const parsing = yield* refusal(
          { approve: () => Effect.fail(Either.getOrThrow(Either.flip(word))) },
          plan
        )
        expect(parsing.message).toContain("ParseError")
        const odd = yield* refusal(
          { approve: () => Effect.fail({ secret: Redacted.make("CANARY-2"), word: "CANARY-3" }) },
          plan
        )
        for (const { message } of [parsing, odd]) expect(message).not.toContain("CANARY")
      })
  )

  it.live("that never comes can be interrupted", () =>
    Effect.gen(function* () {
      for (const approve of [() => new Promise<boolean>(() => {}), () => Effect.never]) {
        const guard = yield* Guards.make({ approve })
        const fiber = yield* Effect.fork(guard.beforeRun(plan))
        yield* Effect.yieldNow()
        const exit = yield* Fiber.interrupt(fiber)
        expect(Exit.isInterrupted(exit)).toBe(true)
      }
    })
  )

  it.effect("is not asked for what another guard refuses anyway", () =>
    Effect.gen(function* () {
      let isAsked = false
      const approve = () => (isAsked = true)
      expect(yield* refusal({ approve, limit: 0 }, plan)).toMatchObject({ guard: "limit" })
      expect(yield* refusal({ approve, only: { kinds: ["Network"] } }, plan)).toMatchObject({ guard: "only" })
      const window = { cron: "0 22 * * *", length: "1 hour", zone: "UTC" } as const
      expect(yield* refusal({ approve, window }, plan)).toMatchObject({ guard: "window" })
      expect(isAsked).toBe(false)
    })
  )
})

describe("a question on a terminal", () => {
  const plan = planOf(planned("create", "web-1"))
  const terminal = () => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    let written = ""
    output.on("data", (bytes) => (written += String(bytes)))
    return {
      terminal: {
        input: Object.assign(input, { isTTY: true }),
        output: Object.assign(output, { isTTY: true }),
        colors: false
      },
      written: () => written
    }
  }

  it.live.each([
    ["y\n", true],
    ["Y\r\n", true],
    [" yes \n", true],
    ["\n", false],
    ["n\n", false],
    ["yesterday\n", false],
    ["no\ny\n", false]
  ])("takes %j for %j", ([typed, expected]) =>
    Effect.gen(function* () {
      const { terminal: given, written } = terminal()
      const fiber = yield* Effect.fork(askBy(given, plan))
      yield* eventually("the question is there", () => written().includes("[y/N]"))
      expect(written()).toContain("+ Host web-1")
      given.input.write(typed)
      expect(yield* Fiber.join(fiber)).toBe(expected)
    })
  )

  it.live("takes the end of the input for a no", () =>
    Effect.gen(function* () {
      const { terminal: given } = terminal()
      given.input.end()
      expect(yield* askBy(given, plan)).toBe(false)
    })
  )

  it.live("is interrupted while it waits, and leaves the terminal to others", () =>
    Effect.gen(function* () {
      const { terminal: given, written } = terminal()
      const fiber = yield* Effect.fork(askBy(given, plan))
      yield* eventually("the question is there", () => written().includes("[y/N]"))
      expect(Exit.isInterrupted(yield* Fiber.interrupt(fiber))).toBe(true)
      expect(given.input.listenerCount("data")).toBe(0)
    })
  )

  it.live("is refused at once where nobody sits there, and says what to give", () =>
    Effect.gen(function* () {
      for (const who of ["input", "output"] as const) {
        const { terminal: given, written } = terminal()
        given[who].isTTY = false
        const error = yield* Effect.flip(
          Effect.flatMap(Guards.make({ approve: (asked) => askBy(given, asked) }), ({ beforeRun }) =>
            beforeRun(plan)
          )
        )
        expect(error).toMatchObject({ _tag: "GuardRefused", guard: "approve" })
        expect(error.message).toMatch(/no terminal.*--yes.*approve: \(\) => true/)
        expect(written()).toBe("")
      }
    })
  )
})

describe("guards that are none", () => {
  const wrong = (guards: unknown) => Effect.flip(Guards.make(guards as never))

  it.effect.each<[string, unknown]>([
    ["guards", 7],
    ["limits", { limits: 5 }],
    ["limit", { limit: -1 }],
    ["limit", { limit: Number.NaN }],
    ["limit", { limit: 1.5 }],
    ["limit", { limit: "20" }],
    ["limit", { limit: null }],
    ["limit.removal", { limit: { removal: 0 } }],
    ["limit.changes", { limit: { changes: Number.POSITIVE_INFINITY } }],
    ["approve", { approve: true }],
    ["approve", { approve: "yes" }],
    ["only.name", { only: { name: ["a"] } }],
    ["only.names", { only: { names: "a" } }],
    ["only", { only: null }]
  ])("are refused by %s: %j", ([field, guards]) =>
    Effect.gen(function* () {
      const error = yield* wrong(guards)
      expect(error).toMatchObject({ _tag: "InvalidInput", field })
      expect(error.message).toMatch(/give|leave it out/)
    })
  )
})
