import type { IncomingMessage, ServerResponse } from "node:http"
import * as Effect from "effect/Effect"
import { type Answer, answered, type Call, type Device } from "./Call.ts"
import type { Faults, How } from "./Fault.ts"
import { failure } from "./FmcAnswer.ts"
import type { LiveLedger, OpenRecord, RequestRecord } from "./Ledger.ts"
import * as Wire from "./Wire.ts"

export interface World {
  readonly devices: ReadonlyArray<Device>
  readonly faults: Faults
  readonly ledger: LiveLedger
  /** Milliseconds of real time before each answer. */
  readonly latency: number
  /** `https://host:port`, for clients that name no host. */
  readonly origin: string
  readonly isSurplus: (request: IncomingMessage) => boolean
  readonly onRequest: (request: RequestRecord) => void
}

/**
 * Serves one request. Its work is done as soon as it has arrived whole, and delays come after it, so that a client
 * that gives up leaves behind what it asked for, as on a device.
 */
export const serve = (
  world: World,
  request: IncomingMessage,
  response: ServerResponse
): Effect.Effect<void> => {
  let record: OpenRecord | undefined

  const exchange = Effect.gen(function* () {
    const body = yield* Wire.read(request)
    const call = Wire.callOf(request, body, world.origin, world.isSurplus(request))
    const device = world.devices.find((candidate) => candidate.owns(call.path))
    const kind = device?.kindOf(call) ?? "call"
    record = world.ledger.arrived(call, device?.protocol, kind)
    const how = world.faults.take(call, device?.protocol, kind)

    const real = how === undefined || !("status" in how || how._tag === "Reset" || how._tag === "Hang")
    const answer = real ? answerOf(call, device, body) : substitute(how, device)
    world.ledger.worked(record, real && answer.status < 300)
    record.session = answer.session

    if (how?._tag === "Hang") {
      record.status = "hung"
      return yield* Effect.never
    }
    if (how?._tag === "Reset") return breakOff(response, record, "reset")
    yield* Wire.pause(world.latency + (how?._tag === "Slow" ? how.millis : 0))
    if (how?._tag === "LoseAnswer") return breakOff(response, record, "lost")
    record.status = answer.status
    if (how?._tag === "Truncated") return Wire.sendHalf(request, response, answer)
    Wire.send(request, response, how?._tag === "DropHeader" ? without(answer, how.names) : answer)
  })

  return Effect.map(Effect.raceFirst(exchange, Wire.closed(response)), () => {
    if (record === undefined) return
    if (record.status === "pending") record.status = "gone"
    world.onRequest(record)
  })
}

const answerOf = (call: Call, device: Device | undefined, body: string | undefined): Answer => {
  const fail = device?.failure ?? failure
  if (body === undefined) return fail(422, "The payload is too big.")
  try {
    return device === undefined ? fail(404, "Not found.") : answered(() => device.answer(call))
  } catch {
    return fail(500, "Internal error of the sandbox.")
  }
}

const substitute = (how: How, device: Device | undefined): Answer => {
  if (how._tag !== "Answer") return { status: 0 }
  const usual = (device?.failure ?? failure)(how.status, "The sandbox was told to answer this.")
  return { status: how.status, headers: how.headers, body: how.body === undefined ? usual.body : how.body }
}

const without = (answer: Answer, names: ReadonlyArray<string>): Answer => {
  const dropped = names.map((name) => name.toLowerCase())
  const kept = Object.entries(answer.headers ?? {}).filter(([name]) => !dropped.includes(name.toLowerCase()))
  return { ...answer, headers: Object.fromEntries(kept) }
}

const breakOff = (response: ServerResponse, record: OpenRecord, status: "reset" | "lost"): void => {
  record.status = status
  response.socket?.destroy()
}
