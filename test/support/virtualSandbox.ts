// The sandbox's devices without its server: they answer at once or by the clock that they are made under, so that a
// run over them passes in a test's own time, to the end of its time-outs.
import { Buffer } from "node:buffer"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import { Credentials, Target } from "sallyport"
import type * as Sandbox from "sallyport/sandbox"
import * as ArmedFaults from "../../plugins/sandbox/ArmedFaults.ts"
import type { Appliance } from "../../plugins/sandbox/appliance/Appliance.ts"
import { type Answer, answered, type Call, type Device } from "../../plugins/sandbox/appliance/Call.ts"
import * as Ledger from "../../plugins/sandbox/appliance/Ledger.ts"
import { withDefaults } from "../../plugins/sandbox/appliance/Options.ts"
import * as Sessions from "../../plugins/sandbox/appliance/Sessions.ts"
import * as FdmDevice from "../../plugins/sandbox/fdm/FdmDevice.ts"
import * as FmcDevice from "../../plugins/sandbox/fmc/FmcDevice.ts"
import { type Dispatch, Dispatcher } from "../../src/transport/Dispatcher.ts"
import type { Request } from "../../src/transport/http/Request.ts"
import type { Response } from "../../src/transport/http/Response.ts"
import { lostAnswer } from "../../src/transport/LostAnswer.ts"

export interface VirtualSandbox {
  readonly password: Redacted.Redacted
  /** Where scripts find the devices: each way takes its time, and faults strike. */
  readonly fmc: Sandbox.Endpoint
  readonly fdm: Sandbox.Endpoint
  /** Where scripts find the same devices by another address, so that a process does not know them for the same. */
  readonly elsewhere: { readonly fmc: Sandbox.Endpoint; readonly fdm: Sandbox.Endpoint }
  /** Where somebody else finds the same devices: at once, and without faults. */
  readonly beside: { readonly fmc: Sandbox.Endpoint; readonly fdm: Sandbox.Endpoint }
  /** What a list of the device has, as it shows it to a session: no request of the ledger's. */
  readonly listOf: (protocol: Protocol, token: string, path: string) => ReadonlyArray<Item>
  readonly ledger: Sandbox.Ledger
  /** The requests of scripts that have come to a device, logins and logouts apart. */
  readonly arrivals: ReadonlyArray<Arrival>
  /** Is run before a device sees a request of a script; it takes no time. */
  readonly onArrival: (hook: Effect.Effect<void>) => void
  readonly fail: (fault: Sandbox.Fault.Fault) => void
  readonly clearFaults: () => void
  /** Runs something whose requests go to these devices. */
  readonly reaching: <A, E, R>(work: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

interface Arrival {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** Whether the device has carried it out, and not refused it, whatever became of its answer. */
  readonly isDone: boolean
  readonly isElsewhere: boolean
}

type Protocol = Sandbox.Protocol
type Item = Readonly<Record<string, unknown>>

/** Real milliseconds are none; these are virtual, there and back. */
const latency = 10

/** No host has these names below its two devices, and no two sandboxes: what a process knows of a target outlives the time of a test. */
const originsOf = (number: number) => ({
  scripts: `scripts-${number}.invalid`,
  elsewhere: `elsewhere-${number}.invalid`,
  beside: `beside-${number}.invalid`
})

let made = 0

export const make: Effect.Effect<VirtualSandbox> = Effect.gen(function* () {
  const origins = originsOf(made++)
  const clock = yield* Effect.clock
  const now = () => clock.unsafeCurrentTimeMillis()
  const settings = withDefaults({ objects: 0, tokenLifetime: "1 day" })
  const sessions = Sessions.make(now)
  const recorder = Ledger.make(sessions, now)
  const faults = ArmedFaults.make()
  const arrivals: Array<Arrival> = []
  let hook: Effect.Effect<void> = Effect.void
  const { password, username } = settings
  const appliance: Appliance = {
    settings,
    sessions,
    recorder,
    now,
    accepts: (name, given) => name === username && given === Redacted.value(password),
    setPassword: () => {},
    acceptsToken: () => false
  }
  const own = { fmc: FmcDevice.make(appliance).device, fdm: FdmDevice.make(appliance).device }
  const devices = Object.values(own)

  /** What a device makes of a request that has come to it. */
  const arrive = (call: Call, isBeside: boolean): Outcome => {
    const device = devices.find((candidate) => candidate.owns(call.path))
    if (device === undefined) throw new Error(`no device has ${call.path}`)
    const kind = device.kindOf(call)
    const record = recorder.arrived(call, device, kind)
    const how = isBeside ? undefined : faults.take(call, device.protocol, kind)
    if (how !== undefined) record.fault = how._tag
    const isElsewhere = call.origin.endsWith(origins.elsewhere)
    const noteArrival = (isDone: boolean) => {
      if (kind === "call" && !isBeside)
        arrivals.push({ method: call.method, path: call.path, isDone, isElsewhere })
    }
    if (how !== undefined && ArmedFaults.replacesWork(how)) {
      recorder.worked(record, false)
      noteArrival(false)
      record.status = how._tag === "Answer" ? how.status : how._tag === "Hang" ? "hung" : "reset"
      return how._tag === "Answer" ? responseTo(call, substituteAnswer(how, device)) : how
    }
    const answer = answered(() => device.answer(call))
    recorder.worked(record, answer.status < 300)
    noteArrival(answer.status < 300)
    record.session = answer.session
    const isLost = how?._tag === "LoseAnswer" || how?._tag === "Truncated"
    record.status = isLost ? "lost" : answer.status
    return isLost ? { _tag: "Reset" } : responseTo(call, answer)
  }

  const dispatchTo = (target: Target.Target): Dispatch => {
    const isBeside = target.origin.endsWith(origins.beside)
    const way = Effect.sleep(isBeside ? 0 : latency / 2)
    const lost = (reason: string) => lostAnswer(target, reason)
    return (request, _purpose, _slot, { flight }) =>
      Effect.gen(function* () {
        if (flight !== undefined) flight.stage = "Sent"
        const work = Effect.sync(() => arrive(callOf(target, request), isBeside))
        if (isBeside) return (yield* work) as Response // faults strike scripts alone
        // What has been sent arrives, whatever becomes of who has sent it.
        const arrival = Effect.zipRight(
          way,
          Effect.zipRight(
            Effect.suspend(() => hook),
            work
          )
        )
        const outcome = yield* Fiber.join(yield* Effect.forkDaemon(arrival))
        if (!("_tag" in outcome)) return yield* Effect.as(way, outcome)
        if (outcome._tag === "Reset") return yield* Effect.zipRight(way, lost("ECONNRESET"))
        return yield* Effect.zipRight(Effect.sleep(target.responseTimeout), lost("Timeout"))
      })
  }

  const listOf = (protocol: Protocol, token: string, path: string) => {
    const [pathname = "", query = ""] = path.split("?")
    const { body, status } = own[protocol].answer({
      method: "GET",
      requestTarget: path,
      path: pathname,
      query: new URLSearchParams(query),
      headers: { "x-auth-access-token": token, authorization: `Bearer ${token}` },
      body: "",
      origin: `https://${protocol}.${origins.beside}`,
      surplus: false
    })
    if (status !== 200) throw new Error(`${path}: ${status}`)
    return (body as { readonly items?: ReadonlyArray<Item> }).items ?? []
  }

  const endpoint = (url: string, name: string): Sandbox.Endpoint => ({
    target: Target.make({
      url,
      name,
      responseTimeout: "2 seconds",
      requestsPerMinute: Number.POSITIVE_INFINITY
    }),
    credentials: Credentials.password({ username, password })
  })
  const endpoints = (host: string) => ({
    fmc: endpoint(`https://fmc.${host}`, "sandbox-fmc"),
    fdm: endpoint(`https://fdm.${host}`, "sandbox-fdm")
  })
  return {
    password,
    ...endpoints(origins.scripts),
    elsewhere: endpoints(origins.elsewhere),
    beside: endpoints(origins.beside),
    listOf,
    ledger: recorder.ledger,
    arrivals,
    onArrival: (given) => {
      hook = given
    },
    fail: faults.arm,
    clearFaults: faults.clear,
    reaching: Effect.provideService(Dispatcher, dispatchTo)
  }
})

type Outcome = Response | { readonly _tag: "Reset" | "Hang" }

const callOf = (target: Target.Target, { body, head, method, path }: Request): Call => {
  const [pathname = "/", query = ""] = path.split(/\?(.*)/s)
  const lines = head.trimEnd().split("\r\n").slice(1)
  return {
    method,
    requestTarget: path,
    path: pathname,
    query: new URLSearchParams(query),
    headers: Object.fromEntries(lines.map((line) => line.split(/: (.*)/s))),
    body: Buffer.from(body).toString("utf8"),
    origin: target.origin,
    surplus: false
  }
}

const responseTo = ({ method }: Call, { body, headers = {}, status }: Answer): Response => {
  const text = typeof body === "string" ? body : JSON.stringify(body)
  const isBare = body === undefined || method === "HEAD"
  const type = { "Content-Type": "application/json;charset=UTF-8" }
  return {
    status,
    headers: Object.fromEntries(
      Object.entries({ ...(body !== undefined && type), ...headers }).map(([name, value]) => [
        name.toLowerCase(),
        value
      ])
    ),
    body: isBare ? new Uint8Array() : Buffer.from(text)
  }
}

const substituteAnswer = (how: Sandbox.Fault.Substitute, device: Device): Answer => ({
  ...device.failure(how.status, "The sandbox was told to answer this."),
  headers: how.headers
})
