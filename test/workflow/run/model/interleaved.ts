// Two workflows at the same devices at once, from two machines, and then taken back one after the other, in either order.
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { Workflow } from "sallyport"
import { temporaryFolder } from "../../../support/temporaryFolder.ts"
import { holds } from "./claims.ts"
import { type Scenario, type Setting, setting } from "./scenario.ts"
import { isShared, isTold, plain, shortOf, toldBy } from "./telling.ts"
import { differencesOf, keysOf, type State } from "./world.ts"

type Who = "here" | "elsewhere"

/**
 * What each of two has written, by what it is called, as it was behind each of its writes, `undefined` where that has taken
 * it away, as by another name; and who has written it last.
 */
interface Written {
  readonly left: Readonly<Record<Who, Map<string, ReadonlyArray<string | undefined>>>>
  readonly keys: Readonly<Record<Who, Set<string>>>
  readonly last: Map<string, Who>
}

/** Notes what each write of either changes. `settle` does so for the last one. */
const watching = ({ now, sandbox }: Setting) =>
  Effect.gen(function* () {
    const written: Written = {
      left: { here: new Map(), elsewhere: new Map() },
      keys: { here: new Set(), elsewhere: new Set() },
      last: new Map()
    }
    let before = yield* now
    const settle = Effect.map(now, (after) => {
      const who: Who = sandbox.arrivals.at(-1)?.isElsewhere === true ? "elsewhere" : "here"
      for (const key of differencesOf(before, after)) {
        const called = calledBelow(key)
        written.left[who].set(called, [...(written.left[who].get(called) ?? []), after.get(key)])
        written.keys[who].add(key)
        written.last.set(key, who)
      }
      before = after
    })
    sandbox.onArrival(settle)
    return { written, settle }
  })

const undo = { each: "2 seconds", all: "1 minute" } as const

export const interleaved = (whole: Scenario) =>
  Effect.gen(function* () {
    const given = { ...whole, rivals: [], interrupted: undefined }
    const own = yield* setting(given)
    // Where the first one fails, it takes itself back while the other goes on.
    own.state.isMended = given.failsAt > 4
    const { called, devices, elsewhere, folder, input, now, onDevices, other, sandbox, workflow } = own
    const before = yield* now
    yield* own.arm("run")
    const { settle, written } = yield* watching(own)
    const sides = [
      { who: "here", workflow, devices, folder },
      { who: "elsewhere", workflow: other, devices: elsewhere, folder: yield* temporaryFolder }
    ] as const
    const isUndone = (one: typeof workflow) =>
      one === workflow && !own.state.isMended ? ("undo" as const) : ("leave" as const)
    const ran = yield* Effect.forEach(
      sides,
      ({ devices, folder, workflow }) =>
        onDevices(Workflow.run(workflow, devices, input, { folder, onFailure: isUndone(workflow), undo })),
      { concurrency: 2 }
    )
    yield* settle
    sandbox.onArrival(Effect.void)
    sandbox.clearFaults()
    const both = sides.map((side, at) => ({ ...side, report: ran[at]?.report }))
    const keysOfAll = (report: Workflow.RunReport | undefined) =>
      new Set((report?.changes ?? []).flatMap((change) => keysOf(change, called)))
    for (const { report, who } of both) {
      const keys = keysOfAll(report)
      const about = { who, changes: report && shortOf(report) }
      for (const key of written.keys[who]) holds(isTold(keys, key), `${key} is not of ${who}`, about)
    }
    const turns = given.failsAt % 2 === 0 ? both : both.toReversed()
    const undone = yield* Effect.forEach(turns, ({ devices, folder, report, who, workflow }) =>
      Effect.gen(function* () {
        const run = report?.run
        if (report?.undo !== undefined) return { who, told: toldBy(report, called), keys: keysOfAll(report) }
        const from = yield* now
        const exit =
          run === undefined
            ? undefined
            : yield* Effect.exit(onDevices(Workflow.undo(workflow, devices, run, { folder, ...undo })))
        const to = yield* now
        if (exit === undefined) return { who, told: new Set<string>(), keys: new Set<string>() }
        if (Exit.isFailure(exit)) throw new Error(String(exit.cause))
        const about = { undone: who, changes: shortOf(exit.value), given }
        const keys = keysOfAll(exit.value)
        isOfItsOwn(from, to, keys, about)
        isNotOver(from, to, who, written, about)
        // Behind an undo it is as it was written by nobody.
        for (const key of differencesOf(from, to)) written.last.delete(key)
        yield* own.checked(exit.value)
        return { who, told: toldBy(exit.value, called), keys }
      })
    )
    const after = yield* now
    for (const key of differencesOf(before, after)) {
      const [one, ...more] = undone.filter(({ keys }) => isTold(keys, key))
      holds(one !== undefined, `${key} is nobody's`, { ran: ran.map(({ report }) => shortOf(report)) })
      if (one === undefined || more.length > 0) continue
      holds(isTold(one.told, key), `${key} is not told`, {
        was: before.get(key),
        is: after.get(key),
        by: one.who,
        ran: ran.map(({ report }) => shortOf(report))
      })
    }
  })

/** That an undo changes nothing but what its run has changed. */
const isOfItsOwn = (from: State, to: State, keys: ReadonlySet<string>, about: unknown): void => {
  for (const key of differencesOf(from, to))
    holds(isTold(keys, key), `${key} is not of this run`, [from.get(key), to.get(key), about])
}

/**
 * That an undo leaves what the other one has written since, and is not as this one has left it at any time: what is so
 * again, as what the other one had changed and has changed back, or what has its name back, it takes for its own.
 */
const isNotOver = (from: State, to: State, who: Who, { last, left }: Written, about: unknown): void => {
  for (const [key, writer] of last) {
    const own = left[who].get(calledBelow(key)) ?? [undefined]
    if (writer === who || isShared(key) || own.some((one) => isAlike(one, from.get(key)))) continue
    holds(from.get(key) === to.get(key), `${key} is the other one's`, [from.get(key), to.get(key), about])
  }
}

/** What lies below something that is renamed is called otherwise, and is what it was. */
const calledBelow = (key: string): string =>
  /^(rules|order|mappings|overrides) /.test(key) ? key.replace(/-new(?=\/|$)/, "") : key

/** Of a name its case does not count, nor what it is called by now. */
const isAlike = (one: string | undefined, other: string | undefined): boolean =>
  plain(one)?.toLowerCase() === plain(other)?.toLowerCase()
