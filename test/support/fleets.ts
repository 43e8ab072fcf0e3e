import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { type Fleet, Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"
import { temporaryFolder } from "./temporaryFolder.ts"

const wanted = ["fleet-a", "fleet-b", "fleet-c"]

/** Adds networks to an FDM, one after the other, and counts them. */
export const adding = Workflow.make({
  name: "add-networks",
  input: Schema.Struct({ value: Schema.String }),
  devices: { fdm: Fdm.plugin },
  run: ({ fdm }, { value }) =>
    Effect.map(
      Effect.forEach(wanted, (name) => fdm.networks.upsert({ name, subType: "HOST", value })),
      (all) => all.length
    )
})

export const input = { value: "192.0.2.1" }

/** An FDM that a test looks into. */
export interface Device {
  readonly name: string
  readonly sandbox: Sandbox.Sandbox
  /** What it has of what is added. */
  readonly has: Effect.Effect<ReadonlyArray<string>>
}

/** So many FDMs, `d1` and on, and a folder for what is written down. */
export const fleetOf = (count: number) =>
  Effect.gen(function* () {
    const folder = yield* temporaryFolder
    const devices = yield* Effect.forEach(
      Array.from({ length: count }, (_, at) => `d${at + 1}`),
      (name) =>
        Effect.map(
          Sandbox.make({ objects: 0 }),
          (sandbox): Device => ({ name, sandbox, has: added(sandbox) })
        ),
      { concurrency: 4 }
    )
    const given: Record<string, Sandbox.Endpoint> = Object.fromEntries(
      devices.map(({ name, sandbox }) => [name, sandbox.fdm])
    )
    const device = (name: string): Device => {
      const found = devices.find((one) => one.name === name)
      if (found === undefined) throw new Error(`no device ${name}`)
      return found
    }
    return {
      folder,
      devices,
      given,
      device,
      open: () => devices.reduce((sum, { sandbox }) => sum + sandbox.ledger.open, 0),
      opened: () => devices.map(({ sandbox }) => sandbox.ledger.opened)
    }
  })

/** What a sandbox has of what is added, asked by a session of its own. */
const added = (sandbox: Sandbox.Sandbox) =>
  Effect.scoped(
    Effect.gen(function* () {
      const fdm = yield* Fdm.make(sandbox.fdm)
      const all = yield* Stream.runCollect(fdm.networks.list())
      return [...all].map(({ name }) => name).filter((name) => wanted.includes(name))
    })
  ).pipe(Effect.orDie)

export const all = wanted
export const path = /object\/networks/

/** Name, outcome and state of each device. */
export const told = ({ devices }: Pick<Fleet.FleetReport, "devices">) =>
  devices.map(({ device, outcome, state }) => `${device} ${outcome} ${state}`)
