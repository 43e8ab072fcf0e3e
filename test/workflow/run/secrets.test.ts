// Secrets in what a run leaves behind.
//
// Invariants: what the input has redacted, and what lies in fields that hold secrets by their names, stands neither in
// the journal nor in plan, report and events, whatever fields a script puts it into · a run whose input holds secrets is
// resumed with it given once more · what is masked is never sent to a device.
import { mkdtempSync, readdirSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { ReadBack, Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { scriptFailed } from "../../support/ScriptFailed.ts"

const canary = "canary-7c31e0"

const folderOf = () => mkdtempSync(join(tmpdir(), "sallyport-runs-"))
const journalsOf = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("")

describe("a secret of the input", () => {
  const state = { isMended: false }
  const workflow = Workflow.make({
    name: "secrets",
    input: Schema.Struct({ note: Schema.Redacted(Schema.String) }),
    devices: { fmc: Fmc.plugin },
    run: ({ fmc }, { note }) =>
      Effect.gen(function* () {
        const { hosts } = yield* fmc.domain("Global")
        const description = `kept for ${Redacted.value(note)}`
        const made = yield* hosts.create({ name: "a", value: "198.51.100.1", description })
        yield* hosts.update({ ...made, id: made.id ?? "", description: `${description}!` })
        const result = yield* Workflow.step("result", Schema.String, Effect.succeed(description))
        yield* Workflow.note(description)
        if (!state.isMended) yield* Effect.fail(scriptFailed(`not yet: ${description}`))
        return result
      })
  })

  it.scopedLive("stands nowhere, whatever field it is put into", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const devices = { fmc: sandbox.fmc }
      const folder = folderOf()
      const events: Array<unknown> = []
      const input = { note: canary }
      state.isMended = true
      const plan = yield* Workflow.plan(workflow, devices, input)
      state.isMended = false
      const options = {
        folder,
        plan,
        onFailure: "leave" as const,
        onProgress: (event: unknown) => events.push(event)
      }
      const { report } = yield* Workflow.run(workflow, devices, input, options)
      expect(report.errors.map(({ tag }) => tag)).toEqual(["ScriptFailed"])
      const all = [
        JSON.stringify(plan),
        Workflow.planText(plan),
        journalsOf(folder),
        JSON.stringify(report),
        Workflow.runText(report),
        Workflow.runMarkdown(report),
        JSON.stringify(events)
      ]
      expect(all.filter((text) => text.includes(canary))).toEqual([])
      state.isMended = true
      const without = yield* Effect.flip(Workflow.resume(workflow, devices, report.run, { folder }))
      expect(without._tag).toBe("InvalidInput")
      const resumed = yield* Workflow.resume(workflow, devices, report.run, { folder, input })
      expect(resumed.report.errors).toEqual([])
      expect(Option.getOrThrow(resumed.result)).toBe(`kept for ${canary}`)
    })
  )
})

describe("what a run was answered, with a secret of the input in it,", () => {
  const begin = Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const folder = folderOf()
    const state = { isMended: false, begun: 0, isFound: true, isReadable: true }
    const workflow = Workflow.make({
      name: "answers",
      input: Schema.Struct({ order: Schema.Redacted(Schema.String) }),
      devices: { fmc: Fmc.plugin },
      run: ({ fmc }, { order }) =>
        Effect.gen(function* () {
          const id = `order-${Redacted.value(order)}`
          const end = yield* Workflow.job("upgrade", {
            on: fmc,
            path: "/api/upgrades",
            what: Effect.succeed({}),
            submit: Effect.sync(() => {
              state.begun += 1
              return id
            }),
            find: Effect.suspend(() =>
              state.isReadable
                ? Effect.succeed(state.isFound ? Option.some(id) : Option.none())
                : Effect.fail(scriptFailed("the device is away"))
            ),
            poll: (polled) => Effect.sync(() => (polled === id ? "over" : "another")),
            phase: () => "done",
            planned: "planned",
            cannot: "a version is not taken back"
          })
          if (!state.isMended) yield* Effect.fail(scriptFailed("not yet"))
          return end
        })
    })
    const devices = { fmc: sandbox.fmc }
    const input = { order: canary }
    const { report } = yield* Workflow.run(workflow, devices, input, { folder, onFailure: "leave" })
    expect(journalsOf(folder)).not.toContain(canary)
    state.isMended = true
    const resume = Workflow.resume(workflow, devices, report.run, { folder, input }).pipe(
      Effect.provideService(ReadBack.ReadBackSchedule, Schedule.recurs(1))
    )
    return { state, resume }
  })

  it.scopedLive("is looked for by a resumed run: a job is waited for by the id that it has", () =>
    Effect.gen(function* () {
      const { resume, state } = yield* begin
      const { report, result } = yield* resume
      expect(report.errors).toEqual([])
      expect([Option.getOrThrow(result), state.begun]).toEqual(["over", 1])
    })
  )

  it.scopedLive("stops a resumed run where nothing of it is found, before it begins another", () =>
    Effect.gen(function* () {
      const { resume, state } = yield* begin
      state.isFound = false
      const { report } = yield* resume
      expect(report.errors.map(({ tag }) => tag)).toEqual(["OutcomeUnknown"])
      expect(report.errors[0]?.message).toContain("its answer is not kept")
      expect(state.begun).toBe(1)
    })
  )

  it.scopedLive("stops it where it cannot be looked for, and it can be resumed once more", () =>
    Effect.gen(function* () {
      const { resume, state } = yield* begin
      state.isReadable = false
      const { report } = yield* resume
      expect([report.outcome, report.undo, state.begun]).toEqual(["refused", undefined, 1])
      state.isReadable = true
      expect(Option.getOrThrow((yield* resume).result)).toBe("over")
    })
  )

  it.scopedLive("is not what a resumed run takes for the result of what is unplanned", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const folder = folderOf()
      const state = { isMended: false }
      const workflow = Workflow.make({
        name: "unplanned",
        input: Schema.Struct({ order: Schema.Redacted(Schema.String) }),
        devices: { fmc: Fmc.plugin },
        run: ({ fmc }, { order }) =>
          Effect.gen(function* () {
            const { http } = yield* fmc.domain("Global")
            const given = yield* Workflow.unplanned(
              "by hand",
              Effect.as(http.get("/object/hosts"), { order: `it is ${Redacted.value(order)}` })
            )
            if (!state.isMended) yield* Effect.fail(scriptFailed("not yet"))
            return given.order
          })
      })
      const devices = { fmc: sandbox.fmc }
      const input = { order: canary }
      const { report } = yield* Workflow.run(workflow, devices, input, { folder, onFailure: "leave" })
      state.isMended = true
      const { result } = yield* Workflow.resume(workflow, devices, report.run, { folder, input })
      expect(Option.getOrThrow(result)).toBe(`it is ${canary}`)
    })
  )
})

describe("a password", () => {
  it.scopedLive(
    "of a user that is created stands nowhere, and such a change cannot be undone by its journal",
    () =>
      Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const folder = folderOf()
        const workflow = Workflow.make({
          name: "user",
          input: Schema.Struct({}),
          devices: { fdm: Fdm.plugin },
          run: ({ fdm }) =>
            Effect.gen(function* () {
              const user = yield* fdm.users.create({
                name: "night",
                password: canary,
                identitySourceId: "local",
                userRole: "ROLE_READ_ONLY"
              } as never)
              yield* Effect.fail(scriptFailed(`later: ${user.name}`))
            })
        })
        const { report } = yield* Workflow.run(workflow, { fdm: sandbox.fdm }, {}, { folder })
        const all = [journalsOf(folder), JSON.stringify(report), Workflow.runText(report)]
        expect(all.filter((text) => text.includes(canary))).toEqual([])
      })
  )
})
