// What a resumed run does, and what it does not do again.
//
// States of a change in a journal: begun · done · refused · unknown · absent; of a resumed run: looking for what was
// begun; going the same way again; going on. Races: changes side by side come in any order.
//
// Invariants: nothing is sent twice · what the script gets is what it got · reads show the device as it was before what
// the script has not come to yet · a script that goes another way is stopped before it writes, and at its end where it
// asks for less · what is undone is never gone on with.
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { scriptFailed } from "../../support/ScriptFailed.ts"

type Domain = Effect.Effect.Success<ReturnType<Fmc.Fmc["domain"]>>

const host = (name: string, value = "198.51.100.9") => ({ name, value })

const Host = Schema.Struct({ name: Schema.String, value: Schema.String })

/** A run that fails at `Fail` until it is mended, and is left as it is; then it is resumed. */
const failing = <A>(
  script: (domain: Domain, fail: Effect.Effect<void, Error>) => Effect.Effect<A, unknown>
) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const folder = mkdtempSync(join(tmpdir(), "sallyport-runs-"))
    const state = { isMended: false }
    const fail = Effect.suspend(() => (state.isMended ? Effect.void : Effect.fail(scriptFailed("not yet"))))
    const workflow = Workflow.make({
      name: "test",
      input: Schema.Struct({}),
      devices: { fmc: Fmc.plugin },
      run: ({ fmc }) => Effect.flatMap(fmc.domain("Global"), (domain) => script(domain, fail))
    })
    const devices = { fmc: sandbox.fmc }
    const first = yield* Workflow.run(workflow, devices, {}, { folder, onFailure: "leave" })
    expect(first.report.outcome).toBe("failed")
    const writes = () =>
      sandbox.ledger.requests.filter(({ kind, method }) => method !== "GET" && kind === "call").length
    const before = writes()
    state.isMended = true
    const resume = Workflow.resume(workflow, devices, first.report.run, { folder })
    return { sandbox, workflow, devices, folder, first: first.report, resume, before, writes }
  })

describe("a resumed run", () => {
  it.scopedLive("sends nothing of what is done again, and gives the script what it got", () =>
    Effect.gen(function* () {
      const { before, resume, writes } = yield* failing(({ hosts }, fail) =>
        Effect.gen(function* () {
          const made = yield* hosts.create(host("a"))
          const updated = yield* hosts.update({ ...made, id: made.id ?? "", value: "198.51.100.10" })
          const upserted = yield* hosts.upsert(host("b"))
          const all = yield* hosts.upsertAll([host("a", "198.51.100.11"), host("c"), host("d")])
          yield* hosts.removeAll(all.slice(2).map(({ item }) => item.id))
          yield* fail
          yield* hosts.create(host("e"))
          return { updated: updated.value, upserted: upserted.change, all: all.map(({ change }) => change) }
        })
      )
      const { report, result } = yield* resume
      expect(report.errors).toEqual([])
      expect(Option.getOrThrow(result)).toEqual({
        updated: "198.51.100.10",
        upserted: "created",
        all: ["updated", "created", "created"]
      })
      expect(writes() - before).toBe(1)
    })
  )

  it.scopedLive("goes the same way where the script looks before it writes", () =>
    Effect.gen(function* () {
      const { before, resume, writes } = yield* failing(({ hosts }, fail) =>
        Effect.gen(function* () {
          const found = yield* hosts.find("a")
          const way = Option.isNone(found) ? "new" : "old"
          if (Option.isNone(found)) yield* hosts.create(host("a"))
          const all = yield* Stream.runCollect(hosts.list())
          yield* fail
          return [way, [...all].filter(({ name }) => name === "a").length]
        })
      )
      const { report, result } = yield* resume
      expect(report.errors).toEqual([])
      expect(Option.getOrThrow(result)).toEqual(["new", 1])
      expect(writes() - before).toBe(0)
    })
  )

  it.scopedLive("comes through where the changes were side by side", () =>
    Effect.gen(function* () {
      const { before, resume, writes } = yield* failing(({ hosts }, fail) =>
        Effect.gen(function* () {
          const one = (name: string) => Effect.zipRight(hosts.find("host-001"), hosts.create(host(name)))
          yield* Effect.forEach(["a", "b", "c", "d", "e", "f"], one, { concurrency: 3 })
          yield* fail
          yield* Effect.forEach(["g", "h"], one, { concurrency: 2 })
        })
      )
      const { report } = yield* resume
      expect(report.errors).toEqual([])
      expect(writes() - before).toBe(2)
    })
  )

  it.scopedLive(
    "is stopped before it writes where nobody can read any more what it has removed further on",
    () =>
      Effect.gen(function* () {
        const { before, devices, folder, first, resume, workflow, writes } = yield* failing((domain, fail) =>
          Effect.gen(function* () {
            const all = yield* Stream.runCollect(domain.hosts.list())
            const [there] = [...all].filter(({ overridable }) => overridable)
            const made = yield* domain.hosts.create({ ...host("a"), overridable: true })
            const id = there?.id ?? made.id ?? ""
            yield* domain.hosts.overrides.set(id, { id: "d", type: "Device" }, { value: "203.0.113.1" })
            yield* domain.hosts.remove(id)
            yield* fail
          })
        )
        const { report } = yield* resume
        expect([report.outcome, report.errors.map(({ tag }) => tag)]).toEqual(["refused", ["OutcomeUnknown"]])
        expect(report.errors[0]?.message).toContain("has removed further on what the script reads here")
        expect(report.undo).toBe(undefined)
        expect(writes() - before).toBe(0)
        const undone = yield* Workflow.undo(workflow, devices, first.run, { folder })
        expect(undone.undo).toEqual({ state: "done", left: 0 })
      })
  )

  it.scopedLive("gives the script what it has removed further on, also by requests of its own", () =>
    Effect.gen(function* () {
      const { before, resume, writes } = yield* failing(({ hosts, rest }, fail) =>
        Effect.gen(function* () {
          const made = yield* hosts.create(host("a"))
          const { id } = made
          const get = Effect.map(rest.get(`/object/hosts/${id}`, Host), ({ value }) => value)
          const first = yield* get
          yield* hosts.update({ ...made, value: "198.51.100.10" })
          const second = yield* get
          yield* hosts.remove(id)
          const third = yield* Effect.either(get)
          yield* fail
          return [first, second, third._tag]
        })
      )
      const { report, result } = yield* resume
      expect(report.errors).toEqual([])
      expect(Option.getOrThrow(result)).toEqual(["198.51.100.9", "198.51.100.10", "Left"])
      expect(writes() - before).toBe(0)
    })
  )

  it.scopedLive("takes a step's result from the journal", () =>
    Effect.gen(function* () {
      let times = 0
      const { resume } = yield* failing(({ hosts }, fail) =>
        Effect.gen(function* () {
          const count = yield* Workflow.step(
            "count",
            Schema.Number,
            Effect.zipRight(
              hosts.create(host("a")),
              Effect.sync(() => ++times)
            )
          )
          yield* fail
          return count
        })
      )
      const { report, result } = yield* resume
      expect(report.errors).toEqual([])
      expect([Option.getOrThrow(result), times]).toEqual([1, 1])
      expect(report.steps.map(({ state, step }) => [step, state])).toEqual([["count", "replayed"]])
    })
  )

  it.scopedLive("is stopped before it writes where the script goes another way", () =>
    Effect.gen(function* () {
      let name = "a"
      const { before, devices, folder, first, resume, workflow, writes } = yield* failing(({ hosts }, fail) =>
        Effect.zipRight(
          Effect.suspend(() => hosts.create(host(name))),
          fail
        )
      )
      name = "b"
      const { report } = yield* resume
      expect([report.outcome, report.errors.map(({ tag }) => tag)]).toEqual(["refused", ["ResumeDiverged"]])
      expect(writes() - before).toBe(0)
      name = "a"
      const again = yield* Workflow.resume(workflow, devices, first.run, { folder })
      expect(again.report.outcome).toBe("done")
      const over = yield* Effect.flip(Workflow.resume(workflow, devices, first.run, { folder }))
      expect(over._tag).toBe("RunOver")
    })
  )

  it.scopedLive("is not done where its script ends without asking for all that was done", () =>
    Effect.gen(function* () {
      const names = ["a", "b", "c"]
      const { before, devices, folder, first, resume, sandbox, workflow, writes } = yield* failing(
        ({ hosts }, fail) =>
          Effect.zipRight(
            Effect.suspend(() => Effect.forEach(names, (name) => hosts.create(host(name)))),
            fail
          )
      )
      names.splice(1)
      const { report, result } = yield* resume
      expect([report.outcome, Option.isNone(result), report.undo]).toEqual(["refused", true, undefined])
      const facts = ({ isReplayed, isUnasked, name, state }: Workflow.ChangeReport) =>
        [name, state, isReplayed === true, isUnasked === true] as const
      expect(report.changes.map(facts)).toEqual([
        ["a", "done", true, false],
        ["b", "done", false, true],
        ["c", "done", false, true]
      ])
      const [error] = report.errors
      expect(error?.tag).toBe("ResumeDiverged")
      expect(error?.message).toMatch(
        /^the workflow: its script came to its end, and did not ask any more for .*"b", .*"c"\. That stays/
      )
      // Whoever reads the report, and whoever reads the journal, is told.
      const kept = yield* Workflow.reportOf(first.run, { folder })
      expect(kept.changes.map(({ isUnasked }) => isUnasked === true)).toEqual([false, true, true])
      const asJson = Schema.encodeSync(Workflow.RunReport)(report)
      const told = [Workflow.runText(report), Workflow.runMarkdown(report), Workflow.runHtml(report)]
      for (const text of [...told, Workflow.runText(kept)]) {
        expect(text).toContain("done, by the run before, and not asked for any more")
        expect(text).toMatch(/Host b on .*: the script did not ask for it any more\. It stays as it is/)
      }
      expect(Schema.decodeUnknownSync(Workflow.RunReport)(JSON.parse(JSON.stringify(asJson)))).toEqual(report)
      expect(writes() - before).toBe(0)
      // It can be gone on with by the script that it was begun with, and taken back.
      names.push("b", "c")
      const again = yield* Workflow.resume(workflow, devices, first.run, { folder })
      expect([again.report.outcome, again.report.changes.some(({ isUnasked }) => isUnasked)]).toEqual([
        "done",
        false
      ])
      const undone = yield* Workflow.undo(workflow, devices, first.run, { folder })
      expect(undone.changes.map(({ state }) => state)).toEqual(["undone", "undone", "undone"])
      const { hosts } = yield* (yield* Fmc.make(sandbox.fmc)).domain("Global")
      expect(Option.isNone(yield* hosts.find("b"))).toBe(true)
    })
  )

  it.scopedLive("asks for approval by the plan that it is given, or not at all", () =>
    Effect.gen(function* () {
      const { before, devices, folder, first, workflow, writes } = yield* failing(({ hosts }, fail) =>
        Effect.zipRight(Effect.zipRight(hosts.create(host("a")), fail), hosts.create(host("b")))
      )
      const resume = (options: Workflow.RunOptions) =>
        Workflow.resume(workflow, devices, first.run, { folder, ...options })
      let asked = 0
      const approve = (plan: Workflow.Plan) => {
        asked += plan.changes.length
        return false
      }
      const without = yield* Effect.flip(resume({ approve }))
      expect(without).toMatchObject({ _tag: "InvalidInput", field: "approve" })
      const plan = yield* Workflow.plan(workflow, devices, {})
      const refused = yield* resume({ approve, plan })
      expect([refused.report.outcome, refused.report.errors[0]?.tag, asked]).toEqual([
        "refused",
        "GuardRefused",
        plan.changes.length
      ])
      expect(writes() - before).toBe(0)
      // What a person has said no to can be resumed all the same.
      const { report } = yield* resume({})
      expect([report.errors, writes() - before]).toEqual([[], 1])
    })
  )

  it.scopedLive("cannot be had of a journal with nothing in it, and there is nothing to undo", () =>
    Effect.gen(function* () {
      const { before, devices, first, folder, resume, workflow, writes } = yield* failing(({ hosts }, fail) =>
        Effect.zipRight(hosts.create(host("a")), fail)
      )
      writeFileSync(join(folder, `${first.run}.jsonl`), "")
      const says = `run ${first.run}: its journal has nothing in it, so it has sent nothing; run the workflow anew.`
      for (const again of [resume, Workflow.undo(workflow, devices, first.run, { folder })]) {
        const over = yield* Effect.flip<unknown, { readonly message: string }, never>(again)
        expect(over.message).toBe(says)
      }
      expect(writes() - before).toBe(0)
    })
  )

  it.scopedLive("cannot be had of what is undone", () =>
    Effect.gen(function* () {
      const { devices, folder, first, resume, workflow } = yield* failing(({ hosts }, fail) =>
        Effect.zipRight(hosts.create(host("a")), fail)
      )
      const undone = yield* Workflow.undo(workflow, devices, first.run, { folder })
      expect(undone.changes.map(({ state }) => state)).toEqual(["undone"])
      expect((yield* Effect.flip(resume))._tag).toBe("RunOver")
      const { endedAt: _endedAt, ...account } = yield* Workflow.reportOf(first.run, { folder })
      expect(account).toMatchObject({
        run: first.run,
        workflow: "test",
        outcome: "failed",
        undo: undone.undo
      })
      expect(account.changes).toEqual(undone.changes)
      expect(yield* Workflow.recorded({ folder })).toEqual([first.run])
      const twice = yield* Workflow.undo(workflow, devices, first.run, { folder })
      expect(twice.changes.map(({ state }) => state)).toEqual(["undone"])
      expect(twice.undo).toEqual({ state: "done", left: 0 })
    })
  )

  it.scopedLive("that is done and then undone is told as both", () =>
    Effect.gen(function* () {
      const { devices, folder, resume, workflow } = yield* failing(({ hosts }, fail) =>
        Effect.zipRight(hosts.create(host("a")), fail)
      )
      const { report } = yield* resume
      const undone = yield* Workflow.undo(workflow, devices, report.run, { folder })
      expect(undone).toMatchObject({ outcome: "done", undo: { state: "done", left: 0 } })
      expect(Workflow.runText(undone)).toMatch(/^test: done, and taken back\n/)
    })
  )
})
