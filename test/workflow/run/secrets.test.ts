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
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
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
