// Changes that a device answers with a fault of its own, though it has made them.
//
// Invariants: what may have been made is looked for, be it one or many · it is taken back · nothing is sent twice · what
// is there, or is gone, is told as that.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as keepingDevice from "../../support/keepingDevice.ts"
import { scriptFailed } from "../../support/ScriptFailed.ts"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

type Domain = Effect.Effect.Success<ReturnType<Fmc.Fmc["domain"]>>

const path = "/object/hosts"
const routes = "/devices/devicerecords/1/routing/ipv4staticroutes"
const host = (at: number) => ({ name: `h-${at}`, value: `192.0.2.${at}` })
const route = (at: number) => ({ interfaceName: "outside", metricValue: at, type: "IPv4StaticRoute" })
const kept = (at: number) => ({ ...host(at), type: "Host", id: `h-${at}` })
const three = [1, 2, 3]

const onFmc = <E>(script: (domain: Domain) => Effect.Effect<unknown, E>) =>
  Workflow.make({
    name: "test",
    input: Schema.Struct({}),
    devices: { fmc: Fmc.plugin },
    run: ({ fmc }) => Effect.flatMap(fmc.domain("Global"), script)
  })

/** A device that fails at one change with this method, the first or a later one, and its names in the list of hosts. */
const failingAt = (method: string, hosts: ReadonlyArray<number>, at = 0) =>
  Effect.gen(function* () {
    let asked = 0
    const fails = (one: string) => one === method && asked++ === at
    const setting = yield* keepingDevice.fmc({ items: { [path]: hosts.map(kept), [routes]: [] }, fails })
    const names = () => setting.there(path).map(({ name }) => name)
    const folder = yield* temporaryFolder
    return { ...setting, devices: { fmc: setting.device }, names, options: { folder } }
  })

const states = ({ changes }: Workflow.RunReport) => changes.map(({ state }) => state)

describe("many at which a device has failed", () => {
  it.scopedLive("are taken back where they were created all the same", () =>
    Effect.gen(function* () {
      const { devices, names, options } = yield* failingAt("POST", [])
      const script = onFmc(({ hosts }) => hosts.createAll(three.map(host)))
      const { report } = yield* Workflow.run(script, devices, {}, options)
      expect([states(report), names()]).toEqual([["undone", "undone", "undone"], []])
    })
  )

  it.scopedLive("are taken back where they were removed all the same", () =>
    Effect.gen(function* () {
      const { devices, names, options } = yield* failingAt("DELETE", three)
      const script = onFmc(({ hosts }) => hosts.removeAll(three.map((at) => `h-${at}`)))
      const { report } = yield* Workflow.run(script, devices, {}, options)
      expect(states(report)).toEqual(["undone", "undone", "undone"])
      expect(names().toSorted()).toEqual(["h-1", "h-2", "h-3"])
    })
  )

  it.scopedLive("are not created twice by a resumed run, though nothing tells them from others", () =>
    Effect.gen(function* () {
      const { devices, options, there } = yield* failingAt("POST", [])
      const script = onFmc((domain) => domain.objects(routes).createAll(three.map(route)))
      const { report } = yield* Workflow.run(script, devices, {}, { ...options, onFailure: "leave" })
      expect(states(report)).toEqual(["unknown", "unknown", "unknown"])
      yield* Effect.exit(Workflow.resume(script, devices, report.run, options))
      expect(there(routes)).toHaveLength(3)
    })
  )
})

describe("a request of an undo at which a device has failed", () => {
  const scripts: Readonly<Record<string, (domain: Domain) => Effect.Effect<unknown, unknown>>> = {
    DELETE: ({ hosts }) => hosts.create(host(9)),
    PUT: ({ hosts }) => hosts.upsert({ ...host(1), value: "192.0.2.99" }),
    POST: ({ hosts }) => hosts.remove("h-1")
  }

  it.scopedLive.each(Object.entries(scripts))("is told as done where it is: %s", ([method, script]) =>
    Effect.gen(function* () {
      const { devices, options, there, writes } = yield* failingAt(method, [1], method === "PUT" ? 1 : 0)
      const failing = onFmc((domain) => Effect.zipRight(script(domain), Effect.fail(scriptFailed("later"))))
      const { report } = yield* Workflow.run(failing, devices, {}, options)
      expect(states(report)).toEqual(["undone"])
      expect(there(path)).toMatchObject([host(1)])
      expect(writes()).toHaveLength(2)
    })
  )
})
