// Fleets of sandbox devices of both kinds, with faulty ones among them, a canary that fails, Ctrl-C, what is done again,
// and kill -9:
//
//     node --conditions=@sallyport/source --import tsx test/soak/fleets.ts [devices]   # 200; or bun, or deno run -A
//
// After each of them it holds every device to what the report says of it. Prints what is wrong, and exits with 1 if
// there is anything: a device that is not as its report says, or a session that is left open.
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Fleet } from "sallyport"
import * as Sandbox from "sallyport/sandbox"
import { readers, wholes, workflows } from "../support/fleetWorkflows.ts"
import { start } from "../support/runtime.ts"

// Scripts are bundled into it.
process.env.SALLYPORT_TEST_SCRIPTS ??= mkdtempSync(join(tmpdir(), "sallyport-scripts-"))

type Kind = keyof typeof workflows

const count = Math.ceil(Number(process.argv[2] ?? 200) / 2)
let wrong = 0
const check = (isSo: boolean, what: string) => {
  if (isSo) return
  wrong += 1
  console.log(`  WRONG: ${what}`)
}

const program = (kind: Kind) =>
  Effect.gen(function* () {
    const folder = mkdtempSync(join(tmpdir(), "sallyport-soak-"))
    const names = Array.from({ length: count }, (_, at) => `${kind}-${at + 1}`)
    const sandboxes = new Map(
      yield* Effect.forEach(
        names,
        (name) => Effect.map(Sandbox.make({ objects: 0 }), (sandbox) => [name, sandbox] as const),
        { concurrency: 4 }
      )
    )
    const at = (name: string) => {
      const found = sandboxes.get(name)
      if (found === undefined) throw new Error(`no sandbox ${name}`)
      return found
    }
    // Journals know devices by the names of their targets, as the process that is killed gives them.
    const devices = names.map((name) => {
      const { credentials, target } = at(name)[kind]
      return { name, kind, options: { credentials, target: { ...target, name } } }
    })
    const perDevice = { timeOut: "10 seconds", undo: { all: "30 seconds" } } as const
    const options = { folder, perDevice }
    const run = (more: Fleet.FleetOptions) =>
      kind === "fmc"
        ? Fleet.run(workflows.fmc, devices, {}, { ...options, ...more })
        : Fleet.run(workflows.fdm, devices, {}, { ...options, ...more })
    const rerun = (report: Fleet.FleetReport) =>
      kind === "fmc"
        ? Fleet.rerun(workflows.fmc, devices, {}, report, options)
        : Fleet.rerun(workflows.fdm, devices, {}, report, options)
    const resume = (fleet: string) =>
      kind === "fmc"
        ? Fleet.resume(workflows.fmc, devices, fleet, { folder })
        : Fleet.resume(workflows.fdm, devices, fleet, { folder })
    const undo = (fleet: string) =>
      kind === "fmc"
        ? Fleet.undo(workflows.fmc, devices, fleet, { folder })
        : Fleet.undo(workflows.fdm, devices, fleet, { folder })

    /** Holds each device to what the report says; `before` is what those have that were done by a fleet before. */
    const judged = (what: string, report: Fleet.FleetReport, before: ReadonlySet<string> = new Set()) =>
      Effect.gen(function* () {
        const outcomes = new Map<string, number>()
        for (const { outcome, state } of report.devices)
          outcomes.set(`${outcome} ${state}`, (outcomes.get(`${outcome} ${state}`) ?? 0) + 1)
        console.log(
          `${kind}, ${what}: ${report.outcome}; ${[...outcomes].map(([key, n]) => `${n} ${key}`).join(", ")}`
        )
        for (const { device, state } of report.devices) {
          const has = yield* readers[kind](at(device)[kind])
          const whole = wholes[kind]
          const isSo =
            state === "done" || before.has(device) ? has === whole : state === "left" ? has > 0 : has === 0
          check(isSo, `${what}: ${device} is ${state} by the report, and has ${has} of ${whole}`)
        }
        const open = [...sandboxes.values()].reduce((sum, { ledger }) => sum + ledger.open, 0)
        check(open === 0, `${what}: ${open} sessions are left open`)
      })
    const clear = Effect.forEach(
      names,
      (name) => Effect.zipRight(at(name).clearFaults(), at(name).up().pipe(Effect.ignore)),
      {
        discard: true
      }
    )

    // Five are faulty, each in another way.
    const faults: ReadonlyArray<(sandbox: Sandbox.Sandbox) => Effect.Effect<void>> = [
      (sandbox) => sandbox.down(),
      (sandbox) => sandbox.fail({ kind: "call", method: "POST", nth: 2, how: Sandbox.Fault.hang }),
      (sandbox) => sandbox.fail({ kind: "login", how: Sandbox.Fault.status(500) }),
      (sandbox) => sandbox.fail({ kind: "call", method: "POST", nth: 3, how: Sandbox.Fault.status(422) }),
      (sandbox) => sandbox.fail({ kind: "call", method: "POST", nth: 2, how: Sandbox.Fault.loseAnswer })
    ]
    const faulty = names.filter((_, place) => place % Math.ceil(count / 5) === 1)
    yield* Effect.forEach(faulty, (name, place) => faults[place % faults.length]?.(at(name)) ?? Effect.void)
    const first = yield* run({ waves: ["20%"], stopAfter: "100%" })
    yield* clear
    yield* judged("with faulty devices", first.report)

    const done = new Set(
      first.report.devices.flatMap(({ device, state }) => (state === "done" ? [device] : []))
    )
    const rest = yield* rerun(first.report)
    yield* judged("the rest", rest.report)
    check(rest.report.outcome === "done", "the rest is not done")
    check(
      rest.report.devices.every(({ device }) => !done.has(device)),
      "what was done is done again"
    )
    for (const { fleet } of [rest.report, first.report]) yield* undo(fleet)
    for (const name of names) check((yield* readers[kind](at(name)[kind])) === 0, `${name} is not undone`)

    yield* at(names[0] ?? "").fail({ kind: "call", method: "POST", nth: 2, how: Sandbox.Fault.status(422) })
    const canary = yield* run({ canary: 1 })
    yield* clear
    yield* judged("a canary fails", canary.report)
    check(canary.report.stop?.why === "canary", "the canary does not stop it")

    const env = {
      FLEET_FOLDER: folder,
      FLEET_KIND: kind,
      FLEET_DEVICES: JSON.stringify(
        names.map((name) => {
          const { certificate, password, url, username } = at(name)
          return { name, url, username, password: Redacted.value(password), pin: certificate.sha256 }
        })
      )
    }
    /** Starts it as a process, and ends that by a signal when a third of the devices are done. */
    const ended = (signal: "SIGINT" | "SIGKILL") =>
      Effect.promise(async () => {
        const child = start("test/scripts/fleet.ts", { env })
        let isOver = false
        void child.ended.then(() => {
          isOver = true
        })
        while (!isOver && child.output().split("\n").length <= count / 3)
          await new Promise((resolve) => setTimeout(resolve, 20))
        if (!isOver) child.kill(signal)
        return await child.ended
      })
    const lastFleet = Effect.map(Fleet.recorded({ folder }), ([fleet = "none"]) => fleet)

    const interrupted = yield* ended("SIGINT")
    check(
      interrupted.code === 130,
      `Ctrl-C ends it with ${interrupted.code}: ${interrupted.stderr.slice(-500)}`
    )
    const report = yield* Fleet.reportOf(yield* lastFleet, { folder })
    yield* judged("Ctrl-C", report)
    const again = yield* rerun(report)
    yield* judged("the rest after Ctrl-C", again.report)
    for (const { fleet } of [again.report, report]) yield* undo(fleet)

    yield* ended("SIGKILL")
    // Its sessions are nobody's any more.
    yield* Effect.forEach(names, (name) => at(name).evict(), { discard: true })
    const resumed = yield* resume(yield* lastFleet)
    yield* judged("kill -9, resumed", resumed.report)
    check(resumed.report.outcome === "done", "what was killed is not done")
    for (const { device, errors } of resumed.report.devices)
      for (const { message, tag } of errors) console.log(`  ${device}: ${tag}: ${message}`)
  }).pipe(Effect.scoped)

await Effect.runPromise(Effect.zipRight(program("fmc"), program("fdm")))
console.log(wrong === 0 ? "nothing is wrong" : `${wrong} wrong`)
process.exitCode = wrong === 0 ? 0 : 1
