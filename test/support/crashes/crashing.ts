import { copyFileSync, existsSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Deployment, ReadBack, Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { type Disk, JournalDisk } from "../../../src/workflow/journal/JournalDisk.ts"
import * as JournalFile from "../../../src/workflow/journal/JournalFile.ts"
import { scriptFailed } from "../ScriptFailed.ts"
import { temporaryFolder } from "../temporaryFolder.ts"
import { type Case, firstPassword } from "./Case.ts"

/** Where a run is killed: before the line of its journal is there, in the middle of it, or when it is there. */
export interface Point {
  readonly when: "before" | "half" | "after"
  readonly line: number
}

const failure = "the script was to fail"

/** The workflow of a case; `fails` as the last thing that it does. */
export const workflowOf = ({ script }: Case, fails = false) =>
  Workflow.make({
    name: "crashing",
    input: Schema.Struct({}),
    devices: { fmc: Fmc.plugin, fdm: Fdm.plugin },
    run: ({ fdm, fmc }) =>
      Effect.gen(function* () {
        const domain = yield* fmc.domain("Global")
        const result = yield* script({ fmc, domain, fdm })
        if (fails) return yield* Effect.fail(scriptFailed(failure))
        return result
      })
  })

/** Looks again soon, for devices that are quick. */
export const soon = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  effect.pipe(
    Effect.provideService(
      ReadBack.ReadBackSchedule,
      Schedule.intersect(Schedule.spaced("20 millis"), Schedule.recurs(2))
    ),
    Effect.provideService(Deployment.PollSchedule, Schedule.spaced("20 millis"))
  )

export const devicesOf = ({ fdm, fmc }: Sandbox.Sandbox) => ({ fmc, fdm })

const opened = (sandbox: Sandbox.Sandbox) =>
  Effect.gen(function* () {
    const fmc = yield* Fmc.make(sandbox.fmc)
    return { fmc, domain: yield* fmc.domain("Global"), fdm: yield* Fdm.make(sandbox.fdm) }
  })

/** A sandbox as it is before the run. */
export const prepared = ({ prepare }: Case) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make({ objects: 6, password: firstPassword })
    // Its sessions stay open until the sandbox is gone: one may be what the run ends.
    if (prepare !== undefined) yield* soon(Effect.flatMap(opened(sandbox), prepare))
    const before = sandbox.ledger.requests.length
    return { sandbox, writes: () => writesOf(sandbox, before) }
  })

/** The writes that a sandbox has got and not refused, without ids. */
const writesOf = ({ ledger }: Sandbox.Sandbox, from: number): ReadonlyArray<string> =>
  ledger.requests
    .slice(from)
    .filter(({ status }) => typeof status !== "number" || status < 400)
    .filter(
      ({ kind, method }) => method !== "GET" && kind !== "login" && kind !== "refresh" && kind !== "revoke"
    )
    .map(
      ({ method, path }) =>
        `${method} ${path.replace(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g, "ID")}`
    )
    .sort()

/** What the devices have, by names: ids differ where something was removed and is there again. */
export const stateOf = (sandbox: Sandbox.Sandbox) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { domain, fdm } = yield* opened(sandbox)
      const all = <A, E>(list: Stream.Stream<A, E>) =>
        Effect.map(Stream.runCollect(list), (items) => [...items])
      const hosts = yield* all(domain.hosts.list())
      const overrides = yield* Effect.forEach(
        hosts.filter(({ name }) => name === "o"),
        ({ id }) => all(domain.hosts.overrides.list(id))
      )
      const sets = yield* Effect.forEach(yield* all(domain.dynamicObjects.list()), ({ id, name }) =>
        Effect.map(all(domain.dynamicObjects.listMappings(id)), (mappings) => [name, ...mappings.sort()])
      )
      const policies = yield* Effect.forEach(
        yield* all(domain.objects("/policy/accesspolicies").list()),
        ({ id, name }) =>
          Effect.map(all(domain.objects(`/policy/accesspolicies/${id}/accessrules`).list()), (rules) => [
            name,
            ...rules.map((rule) => `${rule.name} ${rule.action}`)
          ])
      )
      return {
        hosts: hosts.map(({ name, value }) => `${name} ${value}`).sort(),
        overrides: overrides.flat().map(({ overrides, value }) => `${overrides.target.id} ${value}`),
        groups: (yield* all(domain.networkGroups.list())).map(({ literals = [], name, objects = [] }) => [
          name,
          ...literals.map(({ value }) => value).sort(),
          ...objects.map(({ name }) => name).sort()
        ]),
        sets,
        policies,
        networks: (yield* all(fdm.networks.list())).map(({ name, value }) => `${name} ${value}`).sort(),
        users: (yield* all(fdm.users.list())).map(({ name }) => name),
        isPasswordNew: Redacted.value(sandbox.password) !== Redacted.value(firstPassword),
        backups: (yield* all(fdm.listBackups())).length,
        tokens: sandbox.ledger.customTokens.map(({ endedBy }) => endedBy)
      }
    })
  )

/**
 * A disk on which a run stops at a point, as if its process were gone. `stopped` says that it came there; `fail` has what
 * is left of the run go on, on a disk that takes nothing.
 */
const stoppingDisk = ({ line, when }: Point) =>
  Effect.gen(function* () {
    const { append } = yield* JournalDisk
    let isStopped = false
    let fail = () => {}
    const gone = new Promise<void>((_, reject) => {
      fail = () => reject(new Error("the process is gone"))
    })
    gone.catch(() => {})
    const never = () => {
      isStopped = true
      return gone
    }
    let number = 0
    return {
      fail: Effect.sync(() => fail()),
      // Not by a signal: whoever is woken by a run is taken for a part of it.
      stopped: until(() => isStopped),
      disk: {
        append: async (file, bytes) => {
          number++
          if (isStopped || (number === line && when === "before")) return never()
          if (number === line && when === "half") {
            await append(file, bytes.subarray(0, bytes.length / 2))
            return never()
          }
          await append(file, bytes)
          return number === line && when === "after" ? never() : undefined
        }
      } satisfies Disk
    }
  })

/**
 * Begins something that writes a journal into a folder, stops it at a point as if its process were gone, and gives a
 * folder with a copy of what it had on the disk then: what is left of the former one still holds its locks.
 */
export const stoppedAt = (
  point: Point,
  sandbox: Sandbox.Sandbox,
  begin: (folder: string) => Effect.Effect<unknown, unknown>,
  given?: { readonly folder: string; readonly run: string }
) =>
  Effect.gen(function* () {
    const folder = yield* temporaryFolder
    if (given !== undefined) copyRun(given.folder, given.run, folder)
    const { disk, fail, stopped } = yield* stoppingDisk(point)
    const left = yield* Effect.forkDaemon(
      Effect.ignore(Effect.provideService(soon(begin(folder)), JournalDisk, disk))
    )
    // Hundreds of runs that are left for ever would fill the memory.
    yield* Effect.addFinalizer(() => Effect.zipRight(fail, Fiber.interrupt(left)))
    yield* Effect.timeoutFail(stopped, {
      duration: "1 minute",
      onTimeout: () => scriptFailed(`never came to ${point.when} ${point.line}`)
    })
    // What it had under way comes to its end, as it does on a device whose client is gone.
    yield* until(() => sandbox.ledger.requests.every(({ status }) => status !== "pending"))
    const [run] = yield* JournalFile.list({ folder })
    const copy = yield* temporaryFolder
    if (run !== undefined) copyRun(folder, run, copy)
    return { folder: copy, run }
  })

const until = (isSo: () => boolean) =>
  Effect.repeat(Effect.sync(isSo), { schedule: Schedule.spaced("5 millis"), until: (so) => so })

const copyRun = (from: string, run: string, to: string) => {
  mkdirSync(to, { recursive: true })
  const file = `${run}.jsonl`
  if (existsSync(join(from, file))) copyFileSync(join(from, file), join(to, file))
}
