import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import * as Sandbox from "sallyport/sandbox"
import { network, signedIn } from "./fdm.ts"

const started = (options?: Sandbox.Options) =>
  Effect.map(signedIn(options), ({ sandbox, send }) => ({
    sandbox,
    send,
    pending: Effect.map(send("GET", "/operational/pendingchanges"), ({ json }) => json.items),
    deploy: send("POST", "/operational/deploy"),
    state: (id: string) => Effect.map(send("GET", `/operational/deploy/${id}`), ({ json }) => json.state)
  }))

it.scoped("each write is a pending change, as created, updated or deleted", () =>
  Effect.gen(function* () {
    const { send, pending } = yield* started()
    expect(yield* pending).toEqual([])
    const lab = (yield* send("POST", "/object/networks", network("lab"))).json
    const [created] = yield* pending
    expect(created).toMatchObject({
      type: "entitycreate",
      entityId: lab.id,
      entityName: "lab",
      entityType: "networkobject"
    })
    const value = { fieldName: "value", newValue: "192.0.2.0/24", type: "valueadd" }
    expect(created.valuesAdded).toContainEqual(value)
    const [net] = (yield* send("GET", "/object/networks?filter=name:net-001")).json.items
    const changed = yield* send("PUT", `/object/networks/${net.id}`, { ...net, value: "10.9.0.0/16" })
    const update = { fieldName: "value", oldValue: net.value, newValue: "10.9.0.0/16", type: "valueupdate" }
    expect((yield* pending)[1]).toMatchObject({ type: "entityupdate", valuesUpdated: [update] })
    yield* send("DELETE", `/object/networks/${net.id}`, changed.json)
    expect((yield* pending)[1]).toMatchObject({ type: "entitydelete", entityId: net.id })
    // What the device never had needs no deployment to be gone.
    yield* send("DELETE", `/object/networks/${lab.id}`)
    expect(yield* pending).toHaveLength(1)
  })
)

it.scoped("what is refused is no change", () =>
  Effect.gen(function* () {
    const { send, pending } = yield* started()
    yield* send("POST", "/object/networks", network("lab", "nonsense"))
    expect(yield* pending).toEqual([])
  })
)

it.scoped("a deployment goes from QUEUED over DEPLOYING to DEPLOYED, and takes its changes along", () =>
  Effect.gen(function* () {
    const { send, pending, deploy, state } = yield* started({ deployTime: "1 minute" })
    yield* send("POST", "/object/networks", network("lab"))
    const { status, json } = yield* deploy
    expect(status).toBe(200)
    expect(json).toMatchObject({ state: "QUEUED", type: "deploymentstatus", endTime: -1 })
    expect(yield* state(json.id)).toBe("QUEUED")
    yield* TestClock.adjust("20 seconds")
    expect(yield* state(json.id)).toBe("DEPLOYING")
    yield* send("POST", "/object/networks", network("later"))
    expect(yield* pending).toHaveLength(2)
    yield* TestClock.adjust("40 seconds")
    const done = yield* send("GET", `/operational/deploy/${json.id}`)
    expect(done.json).toMatchObject({ state: "DEPLOYED", endTime: json.queuedTime + 60_000 })
    expect(yield* pending).toMatchObject([{ entityName: "later" }])
    const listed = yield* send("GET", "/operational/deploy")
    expect(listed.json).toMatchObject({ items: [{ id: json.id, state: "DEPLOYED" }], paging: { count: 1 } })
  })
)

it.scoped("without a time of its own a deployment is done at the first look", () =>
  Effect.gen(function* () {
    const { send, pending, deploy, state } = yield* started()
    yield* send("POST", "/object/networks", network("lab"))
    const { json } = yield* deploy
    expect(json.state).toBe("QUEUED")
    expect(yield* state(json.id)).toBe("DEPLOYED")
    expect(yield* pending).toEqual([])
    expect((yield* send("GET", "/operational/deploy/none")).status).toBe(404)
  })
)

it.scoped("a second deployment is refused while one is under way", () =>
  Effect.gen(function* () {
    const { deploy } = yield* started({ deployTime: "1 minute" })
    yield* deploy
    const refused = yield* deploy
    expect(refused).toMatchObject({
      status: 422,
      json: { error: { messages: [{ description: "Failed to schedule deployment job" }] } }
    })
    yield* TestClock.adjust("1 minute")
    expect((yield* deploy).status).toBe(200)
  })
)

for (const fdmDeployment of ["DEPLOY_FAILED", "DEPLOY_TIMEOUT", "FAILED"] as const) {
  it.scoped(`a deployment that ends as ${fdmDeployment} leaves its changes pending`, () =>
    Effect.gen(function* () {
      const { send, pending, deploy } = yield* started({ fdmDeployment })
      yield* send("POST", "/object/networks", network("lab"))
      const { json } = yield* deploy
      const done = yield* send("GET", `/operational/deploy/${json.id}`)
      expect(done.json).toMatchObject({ state: fdmDeployment, cliErrorMessage: expect.any(String) })
      expect(yield* pending).toHaveLength(1)
    })
  )
}

it.scoped("the next deployment fails with the words that were asked for, the one after it is good", () =>
  Effect.gen(function* () {
    const { sandbox, send, pending, deploy, state } = yield* started()
    yield* send("POST", "/object/networks", network("lab"))
    yield* sandbox.failDeployment("fdm", "Invalid next hop address.")
    const failed = yield* send("GET", `/operational/deploy/${(yield* deploy).json.id}`)
    expect(failed.json).toMatchObject({
      state: "DEPLOY_FAILED",
      cliErrorMessage: "Invalid next hop address."
    })
    expect(yield* pending).toHaveLength(1)
    expect(yield* state((yield* deploy).json.id)).toBe("DEPLOYED")
    expect(yield* pending).toEqual([])
  })
)

it.scoped("a deployment that hangs stays DEPLOYING until it is released", () =>
  Effect.gen(function* () {
    const { sandbox, deploy, state } = yield* started({ deployTime: "1 minute" })
    yield* sandbox.hangDeployment("fdm")
    const { json } = yield* deploy
    yield* TestClock.adjust("20 minutes")
    expect(yield* state(json.id)).toBe("DEPLOYING")
    expect((yield* deploy).status).toBe(422)
    yield* sandbox.releaseDeployment("fdm")
    expect(yield* state(json.id)).toBe("DEPLOYED")
  })
)

it.scoped("a locked configuration database is a fault with the status 423, in the device's envelope", () =>
  Effect.gen(function* () {
    const { sandbox, send, pending } = yield* started()
    yield* sandbox.fail({ method: "POST", path: /networks/, how: Sandbox.Fault.status(423) })
    const locked = yield* send("POST", "/object/networks", network("lab"))
    expect(locked).toMatchObject({ status: 423, json: { error: { severity: "ERROR" } } })
    expect(yield* pending).toEqual([])
    expect((yield* send("POST", "/object/networks", network("lab"))).status).toBe(200)
  })
)
