// A night's work in small: a workflow on an FMC and an FDM is planned, run, taken back where it fails, gone on with, and
// undone. Whatever happens, all are logged out, and what the workflow has changed is as it was.
//
// Without anything in the environment it runs against an embedded sandbox, which fails when it is told to. With FMC_URL
// and FDM_URL (and _USERNAME, _PASSWORD, _PIN or _CA_FILE) it runs against your own devices: it adds a host object to
// each, and takes both back.

import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Main, Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"

const publish = Workflow.make({
  name: "publish",
  input: Schema.Struct({ name: Schema.String, value: Schema.String }),
  devices: { fmc: Fmc.plugin, fdm: Fdm.plugin },
  run: ({ fdm, fmc }, { name, value }) =>
    Effect.gen(function* () {
      const { hosts } = yield* fmc.domain("Global")
      yield* Workflow.step("headquarters", hosts.upsert({ name, value }))
      yield* Workflow.step("branch", fdm.networks.upsert({ name, subType: "HOST", value }))
    })
})
const input = { name: `sallyport-${Date.now()}`, value: "192.0.2.10" }

type Given = Workflow.PartDevices<typeof publish.devices>

const tell = (title: string, text: string) => {
  // Without what follows: how long it took, and where the journal is.
  console.log(`--- ${title}\n${text.split(/\n\n(?:Steps|Devices):/)[0]}\n`)
}

const plan = (devices: Given) =>
  Effect.map(Workflow.plan(publish, devices, input), (plan) => tell("The plan", Workflow.planText(plan)))

const run = (title: string, devices: Given, options: Workflow.RunOptions) =>
  Effect.map(Workflow.run(publish, devices, input, options), ({ report }) => {
    tell(title, Workflow.runText(report))
    return report
  })

const undo = (devices: Given, { run }: Workflow.RunReport, options: Workflow.RunOptions) =>
  Effect.map(Workflow.undo(publish, devices, run, { folder: options.folder }), (report) =>
    tell("Undone, by its id", Workflow.runText(report))
  )

const onSandbox = (options: Workflow.RunOptions) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const devices = { fmc: sandbox.fmc, fdm: sandbox.fdm }
    const refused = { method: "POST", path: /fdm.*\/networks$/, how: Sandbox.Fault.status(422) }
    yield* plan(devices)

    yield* sandbox.fail(refused)
    yield* run("The FDM refuses its part: what was done is taken back", devices, options)

    yield* sandbox.fail(refused)
    const left = yield* run("The same, left as it is", devices, { ...options, onFailure: "leave" })
    const { report } = yield* Workflow.resume(publish, devices, left.run, options)
    tell("Gone on with, by its id: nothing is done twice", Workflow.runText(report))

    yield* undo(devices, report, options)
    const { ended, open, opened } = sandbox.ledger
    console.log(`Ledger: ${opened} sessions opened, ${ended} ended, ${open} left open`)
  })

const onDevices = (options: Workflow.RunOptions) =>
  Effect.gen(function* () {
    const devices = { fmc: "FMC", fdm: "FDM" }
    yield* plan(devices)
    yield* undo(devices, yield* run("The run", devices, options), options)
  })

Main.run(
  Effect.gen(function* () {
    // For the journals.
    const folder = yield* Effect.acquireRelease(
      Effect.promise(() => mkdtemp(join(tmpdir(), "sallyport-"))),
      (path) => Effect.promise(() => rm(path, { recursive: true }))
    )
    yield* process.env.FMC_URL ? onDevices({ folder }) : onSandbox({ folder })
  }).pipe(Effect.scoped)
)
