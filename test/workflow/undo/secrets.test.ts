// Secrets in what a journal keeps of an undo.
//
// Invariants: no secret that a change writes stands in its journal, whatever became of the change · what is compared is
// compared without them.
import { mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"

const canary = "Canary-pw-4711!"

describe("a secret of a change", () => {
  it.scopedLive.each(["done", "refused"] as const)("that is %s stands in no journal", (become) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const folder = mkdtempSync(join(tmpdir(), "sallyport-runs-"))
      const wanted = { name: "ops", type: "user", password: canary, nested: { sharedSecret: canary } }
      const run = Workflow.make({
        name: "secrets",
        input: Schema.Struct({}),
        devices: { fdm: Fdm.plugin, fmc: Fmc.plugin },
        run: ({ fdm, fmc }) =>
          Effect.gen(function* () {
            const domain = yield* fmc.domain("Global")
            if (become === "refused") return yield* fdm.users.create(wanted)
            return yield* domain.hosts.create({ name: "h-1", value: "192.0.2.7", authKey: canary })
          })
      })
      const { report } = yield* Workflow.run(run, { fdm: sandbox.fdm, fmc: sandbox.fmc }, {}, { folder })
      const journal = readFileSync(report.journal ?? "", "utf8")
      expect(journal).toContain(become === "refused" ? '"ops"' : '"h-1"')
      expect(journal).not.toContain(canary)
      expect(JSON.stringify(report)).not.toContain(canary)
    })
  )

  it.scopedLive("does not keep an undo from what it writes beside it", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const folder = mkdtempSync(join(tmpdir(), "sallyport-runs-"))
      const run = Workflow.make({
        name: "secrets",
        input: Schema.Struct({}),
        devices: { fmc: Fmc.plugin },
        run: ({ fmc }) =>
          Effect.flatMap(fmc.domain("Global"), ({ hosts }) =>
            hosts.create({ name: "h-1", value: "192.0.2.7", authKey: canary })
          )
      })
      const devices = { fmc: sandbox.fmc }
      const { report } = yield* Workflow.run(run, devices, {}, { folder })
      const undone = yield* Workflow.undo(run, devices, report.run, { folder })
      expect(undone.changes.map(({ state }) => state)).toEqual(["undone"])
    })
  )
})
