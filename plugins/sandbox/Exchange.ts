import type { IncomingMessage, ServerResponse } from "node:http"
import * as Effect from "effect/Effect"
import { type ArmedFaults, replacesWork } from "./ArmedFaults.ts"
import { type Answer, answered, type Call, type Device } from "./appliance/Call.ts"
import type { Substitute } from "./appliance/Fault.ts"
import type { OpenRecord, Recorder, RequestRecord } from "./appliance/Ledger.ts"
import { failure } from "./fmc/Replies.ts"
import * as Multipart from "./Multipart.ts"
import * as Wire from "./Wire.ts"

export interface ExchangeContext {
  readonly devices: ReadonlyArray<Device>
  readonly faults: ArmedFaults
  readonly recorder: Recorder
  /** `latency` is in milliseconds of real time, before each answer. */
  readonly latency: number
  readonly connectionLimit: number
  /** `writing` holds the devices that are at a write of which nothing has been answered yet. */
  readonly writing: Set<Device>
  readonly onRequest: (request: RequestRecord) => void
}

/**
 * `serve` serves one request. Its work is done as soon as it has arrived whole, and delays come after it, so that a
 * client that gives up leaves behind what it asked for, as on a device.
 */
export const serve = (
  context: ExchangeContext,
  request: IncomingMessage,
  response: ServerResponse,
  rank: number
): Effect.Effect<void> => {
  let record: OpenRecord | undefined
  let writes: Device | undefined
  const written = (): void => {
    if (writes !== undefined) context.writing.delete(writes)
    writes = undefined
  }

  const exchange = Effect.gen(function* () {
    const body = yield* Wire.read(request)
    const parts = yield* Multipart.read(request.headers["content-type"], body)
    const read = Wire.callOf(request, body, parts, rank > context.connectionLimit)
    const device = context.devices.find((candidate) => candidate.owns(read.path))
    const kind = device?.kindOf(read) ?? "call"
    const isWrite = kind === "call" && read.method !== "GET" && read.method !== "HEAD"
    const call = { ...read, beside: isWrite && device !== undefined && context.writing.has(device) }
    record = context.recorder.arrived(call, device, kind)
    const how = context.faults.take(call, device?.protocol, kind)
    if (how !== undefined) record.fault = how._tag

    if (how !== undefined && replacesWork(how)) {
      context.recorder.worked(record, false)
      if (how._tag === "Reset") return breakOff(response, record, "reset")
      if (how._tag === "Hang") return yield* hang(record)
      yield* Wire.pause(context.latency)
      record.status = how.status
      return Wire.send(request, response, substituteAnswer(how, device))
    }

    const answer = answerOf(call, device, body)
    context.recorder.worked(record, answer.status < 300)
    record.session = answer.session
    if (isWrite && device !== undefined && answer.status < 300) {
      writes = device
      context.writing.add(device)
    }
    yield* Wire.pause(context.latency + (how?._tag === "Slow" ? how.millis : 0))
    // Before the answer: whoever has it may write again at once.
    written()
    if (how?._tag === "LoseAnswer") return breakOff(response, record, "lost")
    record.status = answer.status
    if (how?._tag === "Truncated") return Wire.sendHalf(request, response, answer)
    Wire.send(request, response, how?._tag === "DropHeader" ? withoutHeaders(answer, how.names) : answer)
  })

  // An answer that cannot be written, such as a fault's with a line break in a header.
  const unwritable = Effect.sync(() => {
    if (response.headersSent) response.socket?.destroy()
    else Wire.send(request, response, failure(500, "The answer cannot be written."))
  })
  const whole = Effect.catchAllDefect(exchange, () => unwritable)

  return Effect.map(Effect.raceFirst(whole, Wire.closed(response)), () => {
    written()
    if (record === undefined) return
    if (record.status === "pending") record.status = "gone"
    context.onRequest(record)
  })
}

const answerOf = (call: Call, device: Device | undefined, body: Uint8Array | undefined): Answer => {
  const fail = device?.failure ?? failure
  if (body === undefined) return fail(422, "The payload is too big.")
  try {
    return device === undefined ? fail(404, "Not found.") : answered(() => device.answer(call))
  } catch {
    return fail(500, "Internal error of the sandbox.")
  }
}

const substituteAnswer = (how: Substitute, device: Device | undefined): Answer => {
  const usual = (device?.failure ?? failure)(how.status, "The sandbox was told to answer this.")
  return { status: how.status, headers: how.headers, body: how.body === undefined ? usual.body : how.body }
}

const withoutHeaders = (answer: Answer, names: ReadonlyArray<string>): Answer => {
  const dropped = names.map((name) => name.toLowerCase())
  const kept = Object.entries(answer.headers ?? {}).filter(([name]) => !dropped.includes(name.toLowerCase()))
  return { ...answer, headers: Object.fromEntries(kept) }
}

const hang = (record: OpenRecord): Effect.Effect<never> => {
  record.status = "hung"
  return Effect.never
}

const breakOff = (response: ServerResponse, record: OpenRecord, status: "reset" | "lost"): void => {
  record.status = status
  response.socket?.destroy()
}
