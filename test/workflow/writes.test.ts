// What writes, and a plan must not let write.
//
// States of a plan: it goes on; it has ended, where it could not see further; the script is over. Races: the script's
// promises go on after the plan has ended; sessions are opened within it, by whatever runtime; the script catches every
// error.
//
// Invariants: nothing that changes a device is sent, whatever it is sent by · logins, logouts and reads are · what was
// refused stands in the plan, which is not complete then · no session stays open.
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"

const host = (name: string) => ({ name, value: "198.51.100.9" })
const body = { type: "Host", ...host("raw-1") }

interface Given {
  readonly fmc: Fmc.Fmc
  readonly domain: Effect.Effect.Success<ReturnType<Fmc.Fmc["domain"]>>
  readonly sandbox: Sandbox.Sandbox
  /** Opened before the plan was begun. */
  readonly outside: Fmc.Fmc
}

const policy = {
  name: "P",
  type: "AccessPolicy",
  defaultAction: { action: "BLOCK", type: "AccessPolicyDefaultAction" }
}
const policies = "/policy/accesspolicies"

/** How many changes the plan has of it, and whether it ends there. */
const ways: Readonly<
  Record<
    string,
    readonly [changes: number, ends: boolean, script: (given: Given) => Effect.Effect<unknown, unknown>]
  >
> = {
  "rest.request POST": [0, true, ({ domain }) => domain.rest.request("POST", "/object/hosts", { body })],
  "rest.request PUT": [0, true, ({ domain }) => domain.rest.request("PUT", "/object/hosts/1", { body })],
  "rest.send DELETE": [
    0,
    true,
    ({ domain }) => domain.rest.send("DELETE", "/object/hosts/1", Schema.Unknown)
  ],
  "http.post": [0, true, ({ domain }) => domain.http.post("/object/hosts")],
  "http.patch": [0, true, ({ domain }) => domain.http.patch("/object/hosts/1")],
  "the session's own http": [
    0,
    true,
    ({ fmc }) => fmc.session.http.del("/api/fmc_config/v1/domain/x/object/hosts/1")
  ],
  "a catchAll round it": [
    0,
    true,
    ({ domain }) =>
      Effect.catchAllCause(domain.rest.request("POST", "/object/hosts", { body }), () =>
        Effect.succeed("went on")
      )
  ],
  "a fiber": [
    0,
    true,
    ({ domain }) =>
      Effect.flatMap(Effect.fork(domain.rest.request("POST", "/object/hosts", { body })), Fiber.join)
  ],
  "a daemon": [
    0,
    true,
    ({ domain }) =>
      Effect.flatMap(Effect.forkDaemon(domain.rest.request("POST", "/object/hosts", { body })), Fiber.join)
  ],
  "a finalizer": [
    0,
    true,
    ({ domain }) =>
      Effect.ensuring(
        Effect.fail("early"),
        Effect.ignore(domain.rest.request("POST", "/object/hosts", { body }))
      )
  ],
  "a verb within Effect.runPromise": [
    0,
    true,
    ({ domain }) => Effect.tryPromise(() => Effect.runPromise(domain.hosts.create(host("p-1"))))
  ],
  "a verb within a ManagedRuntime": [
    0,
    true,
    ({ domain }) =>
      Effect.tryPromise(() => ManagedRuntime.make(Layer.empty).runPromise(domain.hosts.create(host("p-2"))))
  ],
  "the Promise surface within": [
    0,
    true,
    ({ sandbox }) =>
      Effect.tryPromise(() =>
        Fmc.use({ ...sandbox.fmc }, async (fmc) => {
          await (await fmc.domain("Global")).hosts.create(host("p-3"))
        })
      )
  ],
  "the Promise surface within, later": [
    0,
    true,
    ({ sandbox }) =>
      Effect.tryPromise(async () => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        const fmc = await Fmc.open({ ...sandbox.fmc })
        try {
          await (await fmc.domain("Global")).rest.request("POST", "/object/hosts", { body })
        } finally {
          await fmc.close()
        }
      })
  ],
  "a session opened within, by a runtime of its own": [
    0,
    true,
    ({ sandbox }) =>
      Effect.tryPromise(() =>
        Effect.runPromise(
          Effect.scoped(
            Effect.gen(function* () {
              const fmc = yield* Fmc.make(sandbox.fmc)
              return yield* (yield* fmc.domain("Global")).hosts.create(host("p-4"))
            })
          )
        )
      )
  ],
  "a session opened within": [
    0,
    true,
    ({ sandbox }) =>
      Effect.scoped(
        Effect.gen(function* () {
          const fmc = yield* Fmc.make(sandbox.fmc)
          return yield* (yield* fmc.domain("Global")).rest.request("POST", "/object/hosts", { body })
        })
      )
  ],
  "a verb of a session opened within": [
    1,
    false,
    ({ sandbox }) =>
      Effect.scoped(
        Effect.gen(function* () {
          const fmc = yield* Fmc.make(sandbox.fmc)
          return yield* (yield* fmc.domain("Global")).hosts.create(host("p-5"))
        })
      )
  ],
  "a layer built within": [
    1,
    false,
    ({ sandbox }) =>
      Effect.provide(
        Effect.flatMap(Fmc.Fmc, (fmc) =>
          Effect.flatMap(fmc.domain("Global"), (one) => one.hosts.create(host("p-6")))
        ),
        Fmc.layer(sandbox.fmc)
      )
  ],
  "a session from before": [
    0,
    true,
    ({ outside }) =>
      Effect.flatMap(outside.domain("Global"), (one) => one.rest.request("POST", "/object/hosts", { body }))
  ],
  "a verb of a session from before": [
    1,
    false,
    ({ outside }) => Effect.flatMap(outside.domain("Global"), (one) => one.hosts.create(host("p-7")))
  ],
  "a session from before, by a runtime of its own, after what it has read": [
    0,
    true,
    ({ outside }) =>
      Effect.tryPromise(() =>
        Effect.runPromise(
          Effect.gen(function* () {
            const one = yield* outside.domain("Global")
            // On a socket that was opened before the plan.
            yield* one.hosts.find("p-10")
            return yield* one.rest.request("POST", "/object/hosts", { body })
          })
        )
      )
  ],
  "a creation": [1, false, ({ domain }) => domain.hosts.create(host("p-8"))],
  "many creations": [3, false, ({ domain }) => domain.hosts.createAll(["a", "b", "c"].map(host))],
  "a removal in bulk": [
    2,
    false,
    ({ domain }) =>
      Effect.flatMap(Stream.runCollect(Stream.take(domain.hosts.list(), 2)), (found) =>
        domain.hosts.removeAll([...found].map(({ id }) => id))
      )
  ],
  "a list below what is planned": [
    1,
    false,
    ({ domain }) =>
      Effect.flatMap(domain.objects(policies).create(policy), ({ id }) =>
        Stream.runCollect(domain.objects(`${policies}/${id}/accessrules`).list())
      )
  ],
  "a raw read of what is planned": [
    1,
    true,
    ({ domain }) =>
      Effect.flatMap(domain.objects(policies).create(policy), ({ id }) =>
        domain.rest.request("GET", `${policies}/${id}`)
      )
  ],
  "a raw list of what is planned": [
    1,
    true,
    ({ domain }) =>
      Effect.zipRight(domain.hosts.create(host("p-9")), domain.rest.request("GET", "/object/hosts"))
  ],
  "a run of another workflow": [
    0,
    true,
    ({ sandbox }) => Workflow.run(another, { fmc: sandbox.fmc }, {}, { folder: folder() })
  ],
  "a run of another workflow, by a promise": [
    0,
    true,
    ({ sandbox }) =>
      Effect.tryPromise(() => Workflow.runPromise(another, { fmc: sandbox.fmc }, {}, { folder: folder() }))
  ],
  "Workflow.unplanned": [
    0,
    true,
    ({ domain }) => Workflow.unplanned("by hand", domain.rest.request("POST", "/object/hosts", { body }))
  ]
}

const folder = () => mkdtempSync(join(tmpdir(), "sallyport-runs-"))

const another = Workflow.make({
  name: "another",
  input: Schema.Struct({}),
  devices: { fmc: Fmc.plugin },
  run: ({ fmc }) => Effect.flatMap(fmc.domain("Global"), (one) => one.hosts.create(host("p-11")))
})

describe("a plan lets nothing write: not", () => {
  it.scopedLive.each(Object.entries(ways))("%s", ([, [changes, ends, script]]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const outside = yield* Fmc.make(sandbox.fmc)
      yield* (yield* outside.domain("Global")).hosts.find("p-0")
      const workflow = Workflow.make({
        name: "way",
        input: Schema.Struct({}),
        devices: { fmc: Fmc.plugin },
        run: ({ fmc }) =>
          Workflow.step(
            "the step",
            Effect.flatMap(fmc.domain("Global"), (domain) => script({ domain, fmc, outside, sandbox }))
          )
      })
      const plan = yield* Workflow.plan(workflow, { fmc: sandbox.fmc }, {})
      const written = sandbox.ledger.requests.filter(
        ({ kind, method }) => kind === "call" && method !== "GET"
      )
      expect(written).toEqual([])
      expect(plan.changes).toHaveLength(changes)
      expect(plan.complete).toBe(!ends)
      if (ends) expect(plan.end?.reason).not.toBe("")
    })
  )
})

describe("what comes after a plan", () => {
  it.scopedLive("writes again, also by a session that the plan has read by", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const outside = yield* Fmc.make(sandbox.fmc)
      const { hosts } = yield* outside.domain("Global")
      const workflow = Workflow.make({
        name: "reads",
        input: Schema.Struct({}),
        devices: { fmc: Fmc.plugin },
        run: () => Effect.tryPromise(() => Effect.runPromise(hosts.find("none")))
      })
      expect(yield* Workflow.plan(workflow, { fmc: sandbox.fmc }, {})).toMatchObject({ complete: true })
      const made = yield* hosts.create(host("after-1"))
      // What resumes it by now is a socket that the plan has opened.
      expect(yield* hosts.update({ ...made, id: made.id, value: "198.51.100.10" })).toMatchObject({
        value: "198.51.100.10"
      })
    })
  )
})
