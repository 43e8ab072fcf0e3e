import type * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type { HttpClientResponse } from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import type { SessionError } from "../../auth/AuthError.ts"
import { attemptInput } from "../../transport/AttemptInput.ts"
import { ProtocolViolation } from "../../transport/DeviceError.ts"
import * as ErrorEnvelope from "../../transport/ErrorEnvelope.ts"
import * as StreamedBody from "../../transport/http/StreamedBody.ts"
import * as Reply from "../../transport/Reply.ts"
import { operationOf } from "../../transport/RequestPath.ts"
import * as Needed from "../../validation/Needed.ts"
import { errorAnswered, type StatusFilter } from "../rest/StatusFilter.ts"
import * as Checksum from "./Checksum.ts"
import { begin, type SavedFile, type SaveOptions } from "./PartialFile.ts"

export { type FileToUpload, form } from "./FileForm.ts"
export type { SavedFile, SaveOptions } from "./PartialFile.ts"

/** `TransferClient` is what a client is asked by: its target's name, its `http` and its `filterStatusOk`. */
export interface TransferClient {
  readonly targetName: string
  readonly http: HttpClient.HttpClient.With<SessionError>
  readonly filterStatusOk: StatusFilter
}

/**
 * `save` downloads to a file without having it in memory: under another name in the same folder, and renamed once all
 * of it is there and on the disk. After a failure or an interruption nothing of it is left. Its length is checked
 * against what the device tells, and its checksum where the device tells one (`Content-Digest`, `Repr-Digest`,
 * `Digest`, `Content-MD5`). It is repeated from its beginning where a request would be, and keeps its slot of the
 * target's concurrency until it is over; the target's response time-out runs anew with each piece that comes.
 *
 * Fails with `InvalidInput` for a file that is there already or cannot be written, with `ProtocolViolation` for one
 * that is too large, has another checksum, is an error of the device, or comes with another status of 2xx than 200, and
 * as requests do.
 *
 * @example
 * const { bytes, sha256 } = yield* FileTransfer.save({ targetName: "edge-1", ...fdm }, "/action/downloaddiskfile/ab12", "ca.pem")
 */
export const save = (
  device: TransferClient,
  from: string,
  to: string,
  options: SaveOptions = {}
): Effect.Effect<SavedFile, SessionError> =>
  Effect.acquireUseRelease(
    Effect.zipRight(checkDevice(device, from), begin(to, options)),
    (part) =>
      Effect.gen(function* () {
        const request = StreamedBody.withStreamedBody(HttpClientRequest.get(from), { into: part.into })
        const response = yield* Effect.flatMap(device.http.execute(request), device.filterStatusOk)
        if (mayBeError(response)) yield* refuseError(device, response, yield* part.text(Reply.maxJsonBytes))
        const fault = noFile(response) ?? part.fault()
        return yield* fault === undefined ? part.kept : Effect.fail(violation(device, from, fault))
      }),
    (part) => part.gone
  )

/**
 * `load` downloads into memory, at most the target's `maxBodyBytes`. What comes is checked as `save` does, except the
 * checksum of what was zipped on its way.
 *
 * Fails with `ProtocolViolation` for a file with another checksum, or with another status of 2xx than 200: a part of a
 * file (206) is not the file. And as requests do.
 */
export const load = (device: TransferClient, from: string): Effect.Effect<Uint8Array, SessionError> =>
  Effect.gen(function* () {
    yield* checkDevice(device, from)
    const response = yield* Effect.flatMap(device.http.get(from), device.filterStatusOk)
    const { body, headers, status } = yield* Reply.fromResponse(response)
    if (mayBeError(response)) yield* refuseError(device, response, body)
    // What was unzipped has no length any more, and a checksum of other bytes.
    const checksum = Checksum.make(headers["content-length"] === undefined ? {} : headers)
    checksum.update(body)
    const fault = noFile({ status, headers }) ?? checksum.fault()
    return yield* fault === undefined ? Effect.succeed(body) : Effect.fail(violation(device, from, fault))
  })

const checkDevice = (device: TransferClient, from: string) =>
  attemptInput(() => {
    Needed.object("device", device, "{ targetName, http, filterStatusOk }")
    Needed.client("device.http", device.http)
    Needed.text("from", from)
  })

/** `noFile` says why an answer is no file. A portal's page comes with a 200, too. */
const noFile = ({ headers, status }: Pick<Reply.Reply, "headers" | "status">): string | undefined => {
  if (status !== 200) return `it answered ${status}, not 200 with a file`
  const isPage = /^\s*text\/html\b/i.test(headers["content-type"] ?? "")
  return isPage && !isFile(headers) ? "it answered with a page (text/html), not with a file" : undefined
}

/** `mayBeError` says whether an answer may be an error of the device. A file of JSON comes so, too. */
const mayBeError = ({ headers }: Pick<Reply.Reply, "headers">): boolean =>
  /^[^;]*\bjson\b/i.test(headers["content-type"] ?? "") && !isFile(headers)

const isFile = (headers: Reply.Reply["headers"]): boolean => headers["content-disposition"] !== undefined

/** `refuseError` fails where what was downloaded is an error of the device. */
const refuseError = (
  { filterStatusOk, targetName }: TransferClient,
  response: HttpClientResponse,
  body: Uint8Array
): Effect.Effect<void, ProtocolViolation> => {
  const reply = { status: response.status, headers: response.headers, body }
  return ErrorEnvelope.isError(Reply.json(reply))
    ? Effect.flatMap(errorAnswered(targetName, filterStatusOk, response, reply), Effect.fail)
    : Effect.void
}

const violation = ({ targetName }: TransferClient, from: string, detail: string) =>
  new ProtocolViolation({ targetName, operation: operationOf({ method: "GET", url: from }), detail })
