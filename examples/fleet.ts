// A workflow on a fleet: the FDM of each branch gets two name servers as objects. It shows the plan, once for all devices
// on which it is the same; comes to one device alone, and then to half of them at a time; takes back what it has done on a
// device that fails; and does what is not done by a second go. Each go leaves its report as a page of its own.
//
//   fleet.ts                                         on six devices of a sandbox, one of which refuses at first
//   fleet.ts --inventory inventory.yaml tag:branch   on the devices that filters select; it asks, unless --yes is given
//
// The pages go to this folder, or to that of --reports.
// A device costs three logins, for the plan that is shown, for the same once more before its run is begun, and for its run,
// and 17 requests; one that is as wanted already costs three and nine. Ctrl-C takes back what is under way, leaves what is
// done, and prints no report: the next call does the rest.

import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Fleet, Inventory, Main, Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"

const addNameServers = Workflow.make({
  name: "add-name-servers",
  input: Schema.Struct({ addresses: Schema.Array(Schema.String) }),
  devices: { fdm: Fdm.plugin },
  run: ({ fdm }, { addresses }) =>
    Effect.forEach(addresses, (value, at) =>
      fdm.networks.upsert({ name: `dns-${at + 1}`, subType: "HOST", value })
    )
})
const input = { addresses: ["192.0.2.53", "198.51.100.53"] }

const plugins = [Fdm.plugin] as const
type Devices = Inventory.Inventory<Inventory.Entry<typeof Fdm.plugin>>

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    inventory: { type: "string" },
    reports: { type: "string", default: "." },
    yes: { type: "boolean" }
  }
})
const select = positionals.length > 0 ? positionals : ["tag:branch"]

const carryOut = (devices: Devices, given: Fleet.FleetOptions) =>
  Effect.gen(function* () {
    const options: Fleet.FleetOptions = { ...given, select, perDevice: { timeOut: "5 minutes", limit: 2 } }
    const first = yield* Fleet.run(addNameServers, devices, input, {
      ...options,
      canary: 1, // it has to be done before any other is begun
      waves: "50%",
      stopAfter: "50%" // failures; without it, a wave that is not well is the last one
    })
    yield* tell(first.report)
    if (first.report.outcome === "refused" || Fleet.unfinished(first.report).length === 0) return
    const second = yield* Fleet.rerun(addNameServers, devices, input, first.report, options)
    yield* tell(second.report)
  })

const tell = (report: Fleet.FleetReport) => {
  console.log(`${Fleet.fleetText(report)}\n`)
  process.exitCode = report.outcome === "done" ? 0 : 1
  return Effect.promise(() =>
    writeFile(join(values.reports, `${report.fleet}.html`), Fleet.fleetHtml(report))
  )
}

const show = (plan: Fleet.FleetPlan) => {
  console.log(`${Fleet.fleetPlanText(plan)}\n`)
  return true
}

const onInventory = (file: string) =>
  Effect.flatMap(Inventory.fromFile(file, { plugins }), (devices) =>
    carryOut(devices, { approve: values.yes ? show : Fleet.askOnTerminal })
  )

const onSandbox = Effect.gen(function* () {
  const refusing = yield* Sandbox.make()
  yield* refusing.fail({ method: "POST", path: /networks$/, nth: 2, how: Sandbox.Fault.status(422) })
  const sandboxes = [...(yield* Effect.forEach([1, 2, 3, 4, 5], () => Sandbox.make())), refusing]
  const placeOf = ({ certificate, fdm, url }: Sandbox.Sandbox) =>
    ({ url, trust: { pin: certificate.sha256 }, credentials: fdm.credentials, tags: ["branch"] }) as const
  const devices = yield* Inventory.make(
    {
      defaults: { kind: "fdm" },
      devices: Object.fromEntries(sandboxes.map((one, at) => [`branch-${at + 1}`, placeOf(one)]))
    },
    { plugins }
  )
  // For the journals.
  const folder = yield* Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "sallyport-"))),
    (path) => Effect.promise(() => rm(path, { recursive: true }))
  )
  yield* carryOut(devices, { approve: show, folder })
  const open = sandboxes.reduce((sum, { ledger }) => sum + ledger.open, 0)
  console.log(`Ledger: ${open} sessions left open`)
})

Main.run(Effect.scoped(values.inventory === undefined ? onSandbox : onInventory(values.inventory)))
