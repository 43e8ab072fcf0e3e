// Fleets of sandbox devices of both kinds, by the command lines of six scripts: planned; run with faulty devices among them;
// with a canary that fails; ended by Ctrl-C in the middle, and by kill -9; gone on with, done again and taken back.
//
//     npm run soak:fleets -- [devices] [part of a script's name]     # 200; or by bun, or by deno run -A
//
// After each of them every device is asked by plain HTTPS how it stands, and held to what the report says of it. Prints what
// is wrong, and exits with 1 if there is anything: also a session that is left open, a write of a plan, something that is
// done twice.
import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Fleet } from "sallyport"
import * as Sandbox from "sallyport/sandbox"
import { generate } from "selfsigned"
import { root, runtime } from "../support/runtime.ts"
import * as FleetCalls from "./fleetCalls.ts"
import * as FleetScripts from "./fleetScripts.ts"

// Here they find the packages of the project.
const bundles = join(root, "test/.scripts", String(process.pid))
mkdirSync(bundles, { recursive: true })
process.once("exit", () => rmSync(bundles, { recursive: true }))
process.env.SALLYPORT_TEST_SCRIPTS = bundles

const count = Math.ceil(Number(process.argv[2] ?? 200) / 2)
const chosen = FleetScripts.scripts.filter(({ file }) => file.includes(process.argv[3] ?? ""))

let wrong = 0
const checking =
  (name: string): FleetCalls.Check =>
  (isSo, what) => {
    if (isSo) return
    wrong += 1
    console.log(`${name}: WRONG: ${what}`)
  }

type Report = Fleet.FleetReport

/** How devices may stand where nothing of a fleet is there. */
type Before = ReadonlyMap<string, ReadonlyArray<string>>

/** Ten of a hundred, each fault twice. */
const faultyOf = (devices: ReadonlyArray<FleetCalls.Device>): ReadonlyArray<FleetCalls.Device> => {
  const every = Math.max(2, Math.floor(devices.length / 10))
  return devices.filter((_, place) => place % every === every - 1).slice(0, 10)
}

/**
 * The sessions that are open though the answer to their login has arrived, and what became of their requests: a login
 * whose answer is lost nobody can end.
 */
const openOf = ({ name, sandbox: { ledger } }: FleetCalls.Device): ReadonlyArray<string> =>
  ledger.sessions.flatMap(({ endedAt, id }) => {
    if (endedAt !== undefined) return []
    const requests = ledger.requests.filter(({ session }) => session === id)
    const isLost = requests.every(({ kind, status }) => kind === "login" && typeof status === "string")
    return isLost ? [] : [`${name}: ${requests.map(({ kind, status }) => `${kind} ${status}`).join(", ")}`]
  })

const faults = ["down", "hanging", "refusing", "drifting", "losing"] as const

const program = (script: FleetScripts.FleetScript, devices: ReadonlyArray<FleetCalls.Device>) =>
  Effect.gen(function* () {
    const began = Date.now()
    const { drift, file, isUndone, kind, renew = () => Effect.void, state, whole, write } = script
    const name = (file.split("/").at(-1) ?? file).replace(".ts", "")
    const check = checking(name)
    const { end, ended, input, plan, ran, report } = FleetCalls.make(script, devices, check)
    const checkOpen = (what: string) => {
      const open = devices.flatMap(openOf)
      check(open.length === 0, `${what}: ${open.length} sessions are left open\n  ${open.join("\n  ")}`)
    }
    const states = Effect.map(
      Effect.forEach(
        devices,
        ({ name, sandbox }) => Effect.map(state(sandbox), (is) => [name, is] as const),
        {
          concurrency: 8
        }
      ),
      (all) => new Map(all)
    )
    const onEach = <A>(work: (sandbox: Sandbox.Sandbox) => Effect.Effect<A>) =>
      Effect.forEach(devices, ({ sandbox }) => work(sandbox), { concurrency: 8, discard: true })
    const mend = onEach((sandbox) =>
      Effect.zipRight(sandbox.clearFaults(), Effect.orDie(sandbox.up()).pipe(Effect.ignoreLogged))
    )

    /** Holds each device of a report to it. `before` is how it may stand where nothing of it is there. */
    const judged = (what: string, told: Report, before: Before) =>
      Effect.gen(function* () {
        const outcomes = new Map<string, number>()
        for (const { outcome, state } of told.devices)
          outcomes.set(`${outcome} ${state}`, (outcomes.get(`${outcome} ${state}`) ?? 0) + 1)
        console.log(
          `${name}, ${what}: ${told.outcome}; ${[...outcomes].map(([key, n]) => `${n} ${key}`).join(", ")} (${Date.now() - began} ms)`
        )
        checkOpen(what)
        const now = yield* states
        for (const { device, errors, report, state } of told.devices) {
          const is = now.get(device) ?? "?"
          const isAsBefore = before.get(device)?.includes(is) === true
          // What cannot be taken back may be begun, and still under way at the device.
          const isUnknown =
            !isUndone ||
            errors.some(({ tag }) => tag === "OutcomeUnknown") ||
            report?.changes.some(({ state }) => state === "unknown") === true
          const isSo =
            state === "done" ? is === whole : state === "left" ? isUnknown || !isAsBefore : isAsBefore
          check(
            isSo,
            `${what}: ${device} is ${state} by the report, and is: ${is} (before: ${before.get(device)?.join(" or ")}); ${errors.map(({ message }) => message).join("; ")}`
          )
        }
        return now
      })
    const listed = (all: ReadonlyMap<string, string>, also: Before = new Map()): Before =>
      new Map([...all].map(([key, one]) => [key, [one, ...(also.get(key) ?? [])]]))
    /** What cannot be taken back may be there of a device that was left: a second go finds it as it is wanted, and fails. */
    const isDone = (told: Report, is: ReadonlyMap<string, string>) =>
      told.devices.every(({ device, state }) => state === "done" || (!isUndone && is.get(device) === whole))
    const undone = (what: string, before: Before, ...fleets: ReadonlyArray<Report>) =>
      Effect.gen(function* () {
        if (!isUndone) return yield* onEach(renew)
        for (const { fleet } of fleets) yield* ran(`${what}, undone`, [0], "undo", fleet, "--yes")
        for (const [device, is] of yield* states)
          check(
            before.get(device)?.includes(is) === true,
            `${what}: ${device} is not as before its undo: ${is}`
          )
        checkOpen(`${what}, undone`)
      })

    console.log(`${name}, ${devices.length} devices (${kind})`)
    yield* onEach(script.prepare)
    yield* onEach(renew)
    const first = listed(yield* states)

    const writes = () =>
      devices
        .flatMap(({ sandbox }) => sandbox.ledger.requests)
        .filter(({ kind, method }) => kind === "call" && method !== "GET").length
    const written = writes()
    const planned = yield* plan
    check(
      planned.code === 0 && writes() === written,
      `plan: it exits with ${planned.code}: ${planned.stderr}`
    )
    check(
      new RegExp(`^${devices.length} devices: `, "m").test(planned.stdout),
      `plan: not all are one group: ${planned.stdout.slice(0, 2000)}`
    )
    for (const [device, is] of yield* states) check(first.get(device)?.[0] === is, `plan: ${device} is ${is}`)

    const broken = faultyOf(devices)
    const before = new Map(first)
    const drifting = new Set<string>()
    for (const [place, { name, sandbox }] of broken.entries()) {
      const fault = faults[place % faults.length]
      if (fault === "down") yield* sandbox.down()
      if (fault === "hanging") yield* sandbox.fail({ ...write, how: Sandbox.Fault.hang })
      if (fault === "refusing") yield* sandbox.fail({ ...write, how: Sandbox.Fault.status(422) })
      if (fault === "losing") yield* sandbox.fail({ ...write, how: Sandbox.Fault.loseAnswer })
      if (fault !== "drifting") continue
      drifting.add(name)
      yield* sandbox.fail({ method: "GET", path: drift.path, how: Sandbox.Fault.slow("2 seconds") })
      const mark = sandbox.ledger.requests.length
      yield* Effect.gen(function* () {
        const isUnderWay = () =>
          sandbox.ledger.requests
            .slice(mark)
            .some(({ path, status }) => status === "pending" && drift.path.test(path))
        while (!isUnderWay()) yield* Effect.sleep("20 millis")
        yield* drift.act(sandbox)
        if (drift.leaves !== undefined) before.set(name, [...(first.get(name) ?? []), drift.leaves])
      }).pipe(Effect.forkScoped)
    }
    const faulty = yield* ran(
      "with faulty devices",
      [1, 3, 4],
      "run",
      ...input,
      "--yes",
      "--wave",
      "2",
      "--wave",
      "100%",
      "--stop-after",
      "100%"
    )
    yield* mend
    yield* judged("with faulty devices", faulty, before)
    const failed = faulty.devices.filter(({ state }) => state !== "done").map(({ device }) => device)
    check(
      failed.every((device) => broken.some(({ name }) => name === device)),
      `devices without a fault are not done: ${failed.join(", ")}`
    )
    // Of what cannot be taken back, what somebody else did is set right by hand.
    if (!isUndone)
      yield* Effect.forEach(
        devices.filter(({ name }) => drifting.has(name)),
        ({ sandbox }) => renew(sandbox)
      )
    const stood = yield* states
    const rest = yield* ran("the rest", [0, 1], "run", ...input, "--yes", "--rerun", faulty.fleet)
    check(isDone(rest, yield* judged("the rest", rest, listed(stood, before))), "the rest is not done")
    check(
      rest.devices.every(({ device }) => failed.includes(device)),
      "what was done is done again"
    )
    yield* undone("with faulty devices", before, rest, faulty)

    const second = listed(yield* states)
    const [canary] = devices
    if (canary !== undefined) yield* canary.sandbox.fail({ ...write, how: Sandbox.Fault.status(422) })
    const stopped = yield* ran("a canary fails", [1, 3, 4], "run", ...input, "--yes", "--canary", "1")
    yield* mend
    yield* judged("a canary fails", stopped, second)
    check(stopped.stop?.why === "canary", "the canary does not stop it")

    yield* ended("SIGINT", 130)
    const interrupted = yield* report("Ctrl-C")
    const left = listed(yield* judged("Ctrl-C", interrupted, second))
    check(
      interrupted.outcome === "interrupted" &&
        interrupted.devices.some(({ outcome }) => outcome === "notReached"),
      "Ctrl-C comes too late"
    )
    const again = yield* ran("after Ctrl-C", [0, 1], "run", ...input, "--yes", "--rerun", interrupted.fleet)
    check(
      isDone(again, yield* judged("the rest after Ctrl-C", again, left)),
      "the rest after Ctrl-C is not done"
    )
    yield* undone("after Ctrl-C", second, again, interrupted, stopped)

    const third = listed(yield* states)
    const fleet = yield* ended("SIGKILL", null)
    // Its sessions are nobody's any more.
    yield* onEach((sandbox) => sandbox.evict())
    const secrets = name === "rotate-password" ? input : []
    const resumed = yield* ran("kill -9, resumed", [0, 1, 4], "resume", fleet, ...secrets)
    check(isDone(resumed, yield* judged("kill -9, resumed", resumed, third)), "what was killed is not done")
    for (const { device, errors, state } of resumed.devices)
      for (const { message, tag } of errors) console.log(`  ${device}: ${state}: ${tag}: ${message}`)
    yield* onEach(renew)
    end()
  }).pipe(Effect.scoped)

/** All devices present one certificate: it is not what is tried here. */
const devicesOf = (kind: string, certificate: { readonly cert: string; readonly key: string }) =>
  Effect.forEach(
    Array.from({ length: count }, (_, at) => `${kind}-${at + 1}`),
    (name) =>
      Effect.map(
        Sandbox.make({
          objects: 0,
          domains: ["Global", "Global/ A", "Global/ B"],
          devices: 2,
          password: Redacted.make(FleetScripts.passwords.old),
          certificate
        }),
        (sandbox): FleetCalls.Device => ({ name, sandbox })
      )
  )

const began = Date.now()
await Effect.runPromise(
  Effect.gen(function* () {
    const made = yield* Effect.promise(() =>
      generate([{ name: "commonName", value: "sallyport soak" }], {
        keyType: "ec",
        curve: "P-256",
        extensions: [
          { name: "basicConstraints", cA: true, critical: true },
          { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
          { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }
        ]
      })
    )
    const certificate = { cert: made.cert, key: made.private }
    const all = { fmc: yield* devicesOf("fmc", certificate), fdm: yield* devicesOf("fdm", certificate) }
    // Both kinds at once: much of the time devices are waited for.
    const ofKind = (kind: "fmc" | "fdm") =>
      Effect.forEach(
        chosen.filter((script) => script.kind === kind),
        (script) => program(script, all[kind])
      )
    yield* Effect.all([ofKind("fmc"), ofKind("fdm")], { concurrency: 2 })
  }).pipe(Effect.scoped)
)
const seconds = Math.round((Date.now() - began) / 1000)
console.log(
  `${runtime}: ${chosen.length} scripts, ${count * 2} devices, ${seconds} s: ${wrong === 0 ? "nothing is" : wrong} wrong`
)
process.exit(wrong === 0 ? 0 : 1)
