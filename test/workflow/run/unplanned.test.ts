// What a script sends by requests of its own, and calls unplanned, when its run is resumed.
//
// States of what is unplanned: never begun · its result in the journal · all of it refused · some of it done, or unknown ·
// refused, and the script has gone on. Races: none; one write after the other.
//
// Invariants: what may have changed anything is not sent again · what a device has refused is tried anew, unless the
// script has taken that · a report tells what was refused from what was done.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { temporaryFolder } from "../../support/temporaryFolder.ts"

type Domain = Effect.Effect.Success<ReturnType<Fmc.Fmc["domain"]>>

const host = (name: string) => ({ name, type: "Host", value: "198.51.100.9" })

/** Runs a script that fails, leaves what it did, and gives what a resumed run comes to, and what that sends. */
const resumed = (
  script: (domain: Domain, go: number) => Effect.Effect<unknown, unknown>,
  between: (domain: Domain) => Effect.Effect<unknown, unknown> = () => Effect.void
) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make({ objects: 2 })
    const folder = yield* temporaryFolder
    let go = 0
    const workflow = Workflow.make({
      name: "unplanned",
      input: Schema.Struct({}),
      devices: { fmc: Fmc.plugin },
      run: ({ fmc }) => Effect.flatMap(fmc.domain("Global"), (domain) => script(domain, ++go))
    })
    const devices = { fmc: sandbox.fmc }
    const first = yield* Workflow.run(workflow, devices, {}, { folder, onFailure: "leave" })
    expect(first.report.outcome).toBe("failed")
    yield* Effect.flatMap(Fmc.make(sandbox.fmc), (fmc) => Effect.flatMap(fmc.domain("Global"), between))
    const before = sandbox.ledger.requests.length
    const { report, result } = yield* Workflow.resume(workflow, devices, first.report.run, { folder })
    const sent = sandbox.ledger.requests
      .slice(before)
      .filter(({ kind, method }) => kind === "call" && method !== "GET")
      .map(({ method, status }) => `${method} ${status}`)
    return { first: first.report, report, result: Option.getOrUndefined(result), sent }
  })

const post = (domain: Domain, name: string) =>
  domain.rest.request("POST", "/object/hosts", { body: host(name) })

const remove = (domain: Domain, name: string) =>
  Effect.flatMap(domain.hosts.find(name), (found) =>
    domain.rest.request("DELETE", `/object/hosts/${Option.getOrThrow(found).id}`)
  )

describe("what is unplanned", () => {
  it.scopedLive("and was refused is sent anew by a resumed run", () =>
    Effect.gen(function* () {
      const { first, report, sent } = yield* resumed(
        (domain) => Workflow.unplanned("by hand", Effect.as(post(domain, "host-001"), "made")),
        (domain) =>
          Effect.flatMap(domain.hosts.find("host-001"), (found) =>
            domain.hosts.remove(Option.getOrThrow(found).id)
          )
      )
      expect(first.changes.map(({ state }) => state)).toEqual(["failed"])
      expect([report.outcome, sent]).toEqual(["done", ["POST 201"]])
      expect(report.changes.map(({ state }) => state)).toEqual(["failed", "done"])
    })
  )

  it.scopedLive("is told as refused where the script is handed the status itself", () =>
    Effect.gen(function* () {
      const { first, report, sent } = yield* resumed((domain, go) =>
        Workflow.unplanned(
          "by hand",
          Effect.flatMap(
            domain.http.del("/object/hosts/00000000-0000-0000-0000-000000000000"),
            ({ status }) => (go === 1 ? Effect.fail(`status ${status}`) : Effect.succeed(status))
          )
        )
      )
      expect(first.changes.map(({ action, state }) => [action, state])).toEqual([["DELETE", "failed"]])
      expect([report.outcome, sent]).toEqual(["done", ["DELETE 404"]])
    })
  )

  it.scopedLive("stops a resumed run where a part of it was done, and nothing is sent", () =>
    Effect.gen(function* () {
      const { report, sent } = yield* resumed((domain) =>
        Workflow.unplanned("by hand", Effect.zipRight(post(domain, "a"), post(domain, "host-001")))
      )
      expect(report.errors.map(({ tag }) => tag)).toEqual(["OutcomeUnknown"])
      expect(sent).toEqual([])
    })
  )

  it.scopedLive("stops it where the script has gone on after the refusal: it could go another way", () =>
    Effect.gen(function* () {
      const { report, sent } = yield* resumed((domain, go) =>
        Effect.gen(function* () {
          yield* Effect.either(Workflow.unplanned("by hand", post(domain, "host-001")))
          yield* domain.hosts.create(host("a"))
          if (go === 1) yield* Effect.fail("not yet")
        })
      )
      expect(report.errors.map(({ tag }) => tag)).toEqual(["OutcomeUnknown"])
      expect(sent).toEqual([])
    })
  )

  it.scopedLive("and has removed something stops a resumed run that reads it first", () =>
    Effect.gen(function* () {
      let id = ""
      const { report, sent } = yield* resumed((domain, go) =>
        Effect.gen(function* () {
          id = id === "" ? Option.getOrThrow(yield* domain.hosts.find("host-001")).id : id
          yield* domain.hosts.get(id)
          yield* Workflow.unplanned("by hand", remove(domain, "host-001"))
          yield* Workflow.unplanned("by hand", post(domain, "host-002"))
          if (go === 1) yield* Effect.fail("not yet")
        })
      )
      expect(report.errors[0]?.message).toContain("has removed further on what the script reads here")
      expect(sent).toEqual([])
    })
  )
})
