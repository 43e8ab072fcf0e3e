// What comes after a run is no part of it.
//
// Races: whoever awaits a run is resumed by what closes its sessions.
//
// Invariants: a run's gate holds for its script alone · nothing of a run is left round whoever has awaited it.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { scriptFailed } from "../../support/ScriptFailed.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

const host = (name: string) => ({ name, value: "198.51.100.9" })

const onFmc = <A, E>(script: (fmc: Fmc.Fmc) => Effect.Effect<A, E>) =>
  Workflow.make({
    name: "test",
    input: Schema.Struct({}),
    devices: { fmc: Fmc.plugin },
    run: ({ fmc }) => script(fmc)
  })

const create = (sandbox: Sandbox.Sandbox, name: string) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { hosts } = yield* (yield* Fmc.make(sandbox.fmc)).domain("Global")
      return (yield* hosts.create(host(name))).name
    })
  )

describe("whoever is no part of a run", () => {
  it.scopedLive("writes as ever after it, after one that was resumed, and after its undo", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const options = { folder: yield* temporaryFolder }
      const devices = { fmc: sandbox.fmc }
      let isMended = false
      const workflow = onFmc((fmc) =>
        Effect.gen(function* () {
          const { hosts } = yield* fmc.domain("Global")
          yield* hosts.create(host("a"))
          if (!isMended) return yield* Effect.fail(scriptFailed("not yet"))
        })
      )
      const { report } = yield* Workflow.run(workflow, devices, {}, { ...options, onFailure: "leave" })
      expect(yield* create(sandbox, "b")).toBe("b")
      yield* Workflow.resume(workflow, devices, report.run, { ...options, onFailure: "leave" })
      expect(yield* create(sandbox, "c")).toBe("c")
      yield* Workflow.undo(workflow, devices, report.run, options)
      expect(yield* create(sandbox, "d")).toBe("d")
      isMended = true
      yield* Workflow.run(workflow, devices, {}, options)
      expect(yield* create(sandbox, "e")).toBe("e")
    })
  )
})
