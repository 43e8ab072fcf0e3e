// The undo of what holds other things, and has parts of its own with ids that the device gives: a policy, its default
// action and its rules.
//
// States of a policy of the run: created, and changed, or there before; its rules created, changed or removed; removed by
// the run, and created anew by it or by its undo. Races: an undo is killed behind the creation of a policy.
//
// Invariants: what a report says of it is so · an undo that goes on finds what an earlier one has created · nobody else
// is blamed for what the run itself has removed.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { ReadBack } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import type { JournaledChange } from "../../../src/workflow/journal/JournaledChange.ts"
import type { UndoDevice } from "../../../src/workflow/undo/UndoDevice.ts"
import { recorded, undone } from "../../support/recordedRun.ts"

type Domain = Effect.Effect.Success<ReturnType<Fmc.Fmc["domain"]>>

const path = "/policy/accesspolicies"
const wanted = { name: "p", type: "AccessPolicy", defaultAction: { action: "BLOCK" } }
const rule = (name: string) => ({ name, type: "AccessRule", action: "ALLOW", enabled: true })

const opened = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make()
  const domain = yield* Effect.flatMap(Fmc.make(sandbox.fmc), (fmc) => fmc.domain("Global"))
  const policies = domain.objects(path)
  const rulesOf = (id: string | undefined) => domain.objects(`${path}/${id}/accessrules`)
  const undo = (changes: ReadonlyArray<JournaledChange>, rest = domain.rest) =>
    Effect.gen(function* () {
      const from = sandbox.ledger.requests.length
      const { result } = yield* Effect.provideService(
        undone(changes, { "sandbox-fmc": { rest } }),
        ReadBack.ReadBackSchedule,
        Schedule.recurs(0)
      )
      const sent = sandbox.ledger.requests
        .slice(from)
        .flatMap(({ kind, method }) => (kind === "call" && method !== "GET" ? [method] : []))
      const why = result.map(({ result }) => result.why ?? "")
      return { hows: result.map(({ result }) => result.how), why, sent, result }
    })
  return { domain, policies, rulesOf, undo }
})

describe("the undo of a policy's creation", () => {
  const undoneOf = (script: (made: Domain) => Effect.Effect<unknown, unknown>) =>
    Effect.gen(function* () {
      const { domain, policies, undo } = yield* opened
      const { hows, why } = yield* undo(yield* recorded(script(domain)))
      return { hows, why, left: yield* policies.find("p") }
    })
  const permitted = { action: "PERMIT" }

  it.scopedLive("takes it back that the run has changed it, and put a rule into it", () =>
    Effect.gen(function* () {
      const { hows, left, why } = yield* undoneOf((domain) =>
        Effect.gen(function* () {
          const made = yield* domain.objects(path).create(wanted)
          const { id = "" } = made
          const defaultAction = { ...Object(made.defaultAction), ...permitted }
          yield* domain.objects(path).update({ ...made, id, defaultAction })
          yield* domain.objects(`${path}/${id}/accessrules`).create(rule("own"))
        })
      )
      expect(hows).toEqual(["undone", "undone", "undone"])
      expect(why.join("")).toBe("")
      expect(left).toMatchObject({ _tag: "None" })
    })
  )

  it.scopedLive("takes it back that the run has changed what it shows of what lies below it", () =>
    Effect.gen(function* () {
      const { hows, left, why } = yield* undoneOf((domain) =>
        Effect.gen(function* () {
          const { id = "" } = yield* domain.objects(path).create(wanted)
          const actions = domain.objects(`${path}/${id}/defaultactions`)
          const [action = {}] = yield* Stream.runCollect(actions.list())
          yield* actions.update({ ...action, id: String(Object(action).id), ...permitted })
        })
      )
      expect(hows).toEqual(["undone", "undone"])
      expect(why.join("")).toBe("")
      expect(left).toMatchObject({ _tag: "None" })
    })
  )
})

describe("the undo of a policy's removal", () => {
  it.scopedLive("does not say that it was not kept for the id of a part of it", () =>
    Effect.gen(function* () {
      const { policies, undo } = yield* opened
      const { id = "" } = yield* policies.create(wanted)
      const { hows, result, why } = yield* undo(yield* recorded(policies.remove(id)))
      expect(hows).toEqual(["undone"])
      expect(why[0]).toContain(`in place of ${id}`)
      expect(why[0]).not.toContain("did not keep")
      const now = yield* policies.get(result[0]?.result.newId ?? "")
      expect(now.defaultAction).toMatchObject({ action: "BLOCK" })
    })
  )

  it.scopedLive("finds the one that an earlier undo has created, and creates no other", () =>
    Effect.gen(function* () {
      const { policies, undo } = yield* opened
      const { id = "" } = yield* policies.create(wanted)
      const changes = yield* recorded(policies.remove(id))
      const first = yield* undo(changes)
      const known = changes.map((one) => ({ ...one, takenBack: new Map([[0, "begun" as const]]) }))
      const second = yield* undo(known)
      expect([second.hows, second.sent]).toEqual([["undone"], []])
      expect(second.result[0]?.result.newId).toBe(first.result[0]?.result.newId)
    })
  )

  it.scopedLive("still leaves another one of its name whose part is not the same", () =>
    Effect.gen(function* () {
      const { policies, undo } = yield* opened
      const { id = "" } = yield* policies.create(wanted)
      const changes = yield* recorded(policies.remove(id))
      yield* policies.create({ ...wanted, defaultAction: { action: "PERMIT" } })
      const { hows, why } = yield* undo(changes)
      expect(hows).toEqual(["changedSince"])
      expect(why[0]).toContain("differs in defaultAction")
    })
  )

  it.scopedLive("takes back what was changed before it, by the id that the part has now", () =>
    Effect.gen(function* () {
      const { domain, policies, undo } = yield* opened
      const made = yield* policies.create(wanted)
      const { id = "" } = made
      const defaultAction = { ...Object(made.defaultAction), action: "PERMIT" }
      const changes = yield* recorded(
        Effect.zipRight(policies.update({ ...made, id, defaultAction }), policies.remove(id))
      )
      const bodies: Array<unknown> = []
      const send: UndoDevice["rest"]["send"] = (method, ...request) => {
        if (method !== "DELETE") bodies.push(request[2]?.body)
        return domain.rest.send(method, ...request)
      }
      const { hows, result } = yield* undo(changes, { ...domain.rest, send })
      expect(hows).toEqual(["undone", "undone"])
      const now = yield* policies.get(result[0]?.result.newId ?? "")
      expect(now.defaultAction).toMatchObject({ action: "BLOCK" })
      const [creation, update] = bodies.map((body) => Object(body).defaultAction.id)
      expect([creation, update]).toEqual([undefined, Object(now.defaultAction).id])
    })
  )

  it.scopedLive("that could not be undone is why its rules are not", () =>
    Effect.gen(function* () {
      const { policies, rulesOf, undo } = yield* opened
      const { id = "" } = yield* policies.create(wanted)
      const one = yield* rulesOf(id).create(rule("changed"))
      const changes = yield* recorded(
        Effect.zipRight(rulesOf(id).update({ ...one, id: one.id ?? "", enabled: false }), policies.remove(id))
      )
      yield* policies.create({ ...wanted, defaultAction: { action: "PERMIT" } })
      const { hows, sent, why } = yield* undo(changes)
      expect([hows, sent]).toEqual([["changedSince", "failed"], []])
      expect(why[1]).toBe(
        'AccessRule "changed" was not taken back, since what it lay below could not be created anew. See what became of the removal of that.'
      )
    })
  )

  it.scopedLive.each([1, 6])("blames nobody for %i of its rules, which went with it", (count) =>
    Effect.gen(function* () {
      const { policies, rulesOf, undo } = yield* opened
      const { id = "" } = yield* policies.create(wanted)
      const rules = rulesOf(id)
      const all = yield* Effect.forEach(Array.from({ length: count }), (_, at) =>
        rules.create(rule(`r-${at}`))
      )
      const changes = yield* recorded(
        Effect.gen(function* () {
          for (const one of all) yield* rules.update({ ...one, id: one.id ?? "", enabled: false })
          yield* policies.remove(id)
        })
      )
      const { hows, why } = yield* undo(changes)
      expect(hows).toEqual(["undone", ...all.map(() => "cannot")])
      expect(why.slice(1).every((one) => one.includes(`change ${count + 1} of this run has removed`))).toBe(
        true
      )
    })
  )

  it.scopedLive("says of a rule that it went with the policy, and blames nobody else", () =>
    Effect.gen(function* () {
      const { policies, rulesOf, undo } = yield* opened
      const { id = "" } = yield* policies.create(wanted)
      const rules = rulesOf(id)
      const one = yield* rules.create(rule("changed"))
      const other = yield* rules.create(rule("removed"))
      const changes = yield* recorded(
        Effect.gen(function* () {
          yield* rules.update({ ...one, id: one.id ?? "", enabled: false })
          yield* rules.create(rule("created"))
          yield* rules.remove(other.id ?? "")
          yield* policies.remove(id)
        })
      )
      const { hows, why } = yield* undo(changes)
      // The last change first.
      expect(hows).toEqual(["undone", "undone", "goneAlready", "cannot"])
      expect(why[3]).toBe(
        'AccessRule "changed" is not as it was before: change 4 of this run has removed what it lay below, and it went with that. Create it by hand if it is to be there.'
      )
      expect(why.join(" ")).not.toContain("somebody has removed it")
      const [now] = [...(yield* Stream.runCollect(policies.list()))].filter(({ name }) => name === "p")
      const there = yield* Stream.runCollect(rulesOf(now?.id).list())
      expect([...there].map(({ name }) => name)).toEqual(["removed"])
    })
  )
})
