import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"

const names = ["soak-a", "soak-b", "soak-c"]
const value = "192.0.2.1"

/** Adds three hosts and a group of them to an FMC. */
const onFmc = Workflow.make({
  name: "soak-fmc",
  input: Schema.Struct({}),
  devices: { fmc: Fmc.plugin },
  run: ({ fmc }) =>
    Effect.gen(function* () {
      const { hosts, networkGroups } = yield* fmc.domain("Global")
      const all = yield* Effect.forEach(names, (name) => hosts.upsert({ name, value }))
      const objects = all.map(({ item: { id, name } }) => ({ id, name, type: "Host" }))
      yield* networkGroups.upsert({ name: "soak-group", objects })
    })
})

/** Adds three networks to an FDM. */
const onFdm = Workflow.make({
  name: "soak-fdm",
  input: Schema.Struct({}),
  devices: { fdm: Fdm.plugin },
  run: ({ fdm }) =>
    Effect.forEach(names, (name) => fdm.networks.upsert({ name, subType: "HOST", value }), { discard: true })
})

export const workflows = { fmc: onFmc, fdm: onFdm }

/** What of that a device has. */
export const readers = {
  fmc: (options: Parameters<typeof Fmc.make>[0]) =>
    Effect.scoped(
      Effect.gen(function* () {
        const { hosts, networkGroups } = yield* (yield* Fmc.make(options)).domain("Global")
        const [some, groups] = [
          yield* Stream.runCollect(hosts.list()),
          yield* Stream.runCollect(networkGroups.list())
        ]
        return [...some, ...groups].filter(({ name }) => name.startsWith("soak-")).length
      })
    ),
  fdm: (options: Parameters<typeof Fdm.make>[0]) =>
    Effect.scoped(
      Effect.gen(function* () {
        const { networks } = yield* Fdm.make(options)
        return [...(yield* Stream.runCollect(networks.list()))].filter(({ name }) => name.startsWith("soak-"))
          .length
      })
    )
}

/** How much that is when it is done. */
export const wholes = { fmc: 4, fdm: 3 }
