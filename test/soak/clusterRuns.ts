// Rounds of one run, whose runners are killed and interrupted.
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { placesOf } from "../support/cluster.ts"
import type { Running } from "../support/runtime.ts"
import {
  atOnce,
  breakConnections,
  chosen,
  endAll,
  heldIn,
  inTime,
  type Round,
  started,
  stateOf,
  writesOf
} from "./clusterParts.ts"

/**
 * Where a runner is ended, or all connections to the database are broken: beside the write of this place among all of the
 * run and of its undo.
 */
interface Blow {
  readonly at: number
  readonly moment: "before" | "within" | "after"
  readonly signal: "SIGKILL" | "SIGINT" | "broken connections"
}

const blow = (at: number) =>
  Effect.all({
    at: Effect.succeed(at),
    moment: chosen("before", "within", "after"),
    signal: chosen("SIGKILL", "SIGKILL", "SIGINT", "SIGINT", "broken connections")
  } as const) as Effect.Effect<Blow>

export const runRound = (url: string, number: number): Effect.Effect<Round, unknown, Scope.Scope> =>
  Effect.gen(function* () {
    const fails = number % 2 === 1
    const names = ["a", "b", "c", "d"].slice(0, yield* Random.nextIntBetween(2, 5))
    const count = names.length
    // Many are removed in bulk.
    const all = fails ? count + (count > 3 ? 1 : count) : count
    const places = [...new Set([yield* Random.nextIntBetween(0, all), yield* Random.nextIntBetween(0, all)])]
    const blows = yield* Effect.forEach(
      places.sort((one, other) => one - other),
      blow
    )
    const what = `${count} hosts${fails ? ", taken back" : ""}; ${blows.map(({ at, moment, signal }) => `${signal} ${moment} ${at + 1} of ${all}`).join(", ")}`
    const faults: Array<string> = []
    const check = (isSo: boolean, wrong: () => string) => {
      if (!isSo) faults.push(wrong())
    }

    const sandbox = yield* Sandbox.make({ objects: 0 })
    const writes = () => writesOf(sandbox)
    const slow = new Map<string, number>()
    for (const { at, moment } of blows) {
      if (moment !== "within") continue
      const method = at < count ? "POST" : "DELETE"
      const nth = (at < count ? at + 1 : at - count + 1) - (slow.get(method) ?? 0)
      slow.set(method, (slow.get(method) ?? 0) + 1)
      yield* sandbox.fail({ method, path: /object\/hosts/, nth, how: Sandbox.Fault.slow("3 seconds") })
    }
    const runners: Array<Running> = []
    const begin = Effect.map(
      started("test/scripts/clusterRunner.ts", {
        DATABASE: url,
        DEVICES: placesOf({ hq: sandbox }),
        TELLS: "yes",
        RUN: "night",
        NAMES: names.join(),
        FAILS: fails ? "yes" : "no"
      }),
      (runner) => runners.push(runner)
    )
    yield* begin
    yield* begin

    const said = () => runners.map((runner) => runner.output()).join("\n")
    const told = () => /^\{"version".*$/m.exec(said())?.[0]
    const isAt = ({ at, moment }: Blow): boolean => {
      const status = (place: number) => writes()[place]?.status
      if (moment === "within") return status(at) === "pending"
      if (moment === "after") return typeof status(at) === "number"
      const sent = writes().length
      if (sent < at || !isAnnounced.has(sent)) isAnnounced.set(sent, announced())
      return sent > at || (sent === at && announced() > (isAnnounced.get(at) ?? 0))
    }
    const announced = () => said().match(/^(change|UndoBegun|TakenBack)/gm)?.length ?? 0
    /** How many were announced when so many had been sent. */
    const isAnnounced = new Map<number, number>()
    const stalled = (where: string) =>
      Effect.gen(function* () {
        faults.push(`stalls ${where}: ${said()}`)
        faults.push(...(yield* stateOf(url)))
      })
    for (const one of blows) {
      const where = `until ${one.signal} ${one.moment} ${one.at + 1}`
      const busy = yield* atOnce(() => isAt(one) || told() !== undefined, runners)
      if (told() !== undefined) {
        check(false, () => `is over before it is time: ${where}`)
        break
      }
      if (busy === undefined) {
        yield* stalled(where)
        break
      }
      if (one.signal === "broken connections") {
        yield* breakConnections(url)
        continue
      }
      busy.kill(one.signal)
      const { code } = yield* Effect.promise(() => busy.ended)
      if (one.signal === "SIGINT")
        check(code === 130, () => `an interrupted runner ends with ${code}: ${busy.output().slice(-500)}`)
      yield* begin
    }
    if (faults.length === 0 && !(yield* inTime(() => told() !== undefined))) yield* stalled("then")
    faults.push(...(yield* endAll(runners)))
    const text = told()
    if (text === undefined) return { what, faults }

    const report = yield* Schema.decode(Schema.parseJson(Workflow.RunReport))(text)
    // Announced, and not sent by then: it was announced once more.
    const states = report.changes.flatMap(({ state }) => (state === "neverHappened" ? [] : state)).join(" ")
    const is = fails ? "undone" : "done"
    check(
      states === names.map(() => is).join(" ") && (!fails || report.undo?.left === 0),
      () => `the report is ${report.outcome}: ${states}; ${JSON.stringify(report.undo)}`
    )
    const methods = writes().map(({ method }) => method)
    const removed = writes().flatMap(({ method, path }) =>
      method === "DELETE" ? (path.split("/object/hosts")[1]?.match(/[0-9A-F]{8}(-[0-9A-F]+){4}/gi) ?? []) : []
    )
    check(
      methods.filter((method) => method === "POST").length === count &&
        methods.lastIndexOf("POST") === count - 1 &&
        removed.length === (fails ? count : 0) &&
        new Set(removed).size === removed.length,
      () => `sent: ${writes().map(({ method, path, status }) => `${method} ${path.slice(-150)} ${status}`)}`
    )
    const killed = blows.filter(({ signal }) => signal === "SIGKILL").length
    check(sandbox.ledger.open <= killed, () => `${sandbox.ledger.open} sessions are open, killed: ${killed}`)
    const there = yield* Effect.gen(function* () {
      const { hosts } = yield* Effect.flatMap(Fmc.make(sandbox.fmc), (fmc) => fmc.domain("Global"))
      return yield* Effect.filter(names, (name) => Effect.map(hosts.find(name), Option.isSome))
    }).pipe(Effect.scoped)
    check(there.join() === (fails ? "" : names.join()), () => `on the device are: ${there.join()}`)
    faults.push(...(yield* heldIn(url)))
    return { what, faults }
  })
