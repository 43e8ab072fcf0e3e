import type * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { SessionError } from "../../auth/AuthError.ts"
import { ProtocolViolation } from "../../transport/DeviceError.ts"
import * as ErrorEnvelope from "../../transport/ErrorEnvelope.ts"
import * as Reply from "../../transport/Reply.ts"
import { operationOf } from "../../transport/RequestPath.ts"
import { isRead } from "../../transport/Retry.ts"
import * as JsonValue from "../../validation/JsonValue.ts"
import * as Needed from "../../validation/Needed.ts"
import * as PathSegment from "../../validation/PathSegment.ts"
import { Removed } from "../changes/Removed.ts"
import * as AsItIs from "./AsItIs.ts"
import * as BasePath from "./BasePath.ts"
import * as RestFaults from "./RestFaults.ts"
import { errorAnswered, type StatusFilter } from "./StatusFilter.ts"

/** `Query` are the parameters after the `?`; those that are `undefined` are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>

/**
 * `Rest` is a device's REST API: JSON goes in, and what comes out has the shape that was asked for; fields that the
 * shape does not name come through as they are.
 *
 * Fails with `DeviceRefused` for a status that is no 2xx, with `ProtocolViolation`, which names the field, for an
 * answer of another shape, or for one that is an error in spite of its status, with `OutcomeUnknown` where the answer
 * to a change was lost, and as the session does.
 */
export interface Rest {
  /** `get` reads; `query` is put behind the path. */
  readonly get: <A, I>(
    path: string,
    answer: Schema.Schema<A, I>,
    query?: Query
  ) => Effect.Effect<A, SessionError>
  /** `send` sends a change. `Schema.Unknown` as the answer's shape stands for any, also for none at all. */
  readonly send: <A, I>(
    method: "POST" | "PUT" | "DELETE",
    path: string,
    answer: Schema.Schema<A, I>,
    options?: RequestOptions
  ) => Effect.Effect<A, SessionError>
  /** `request` sends with any method, and gives whatever JSON comes back: `undefined` where it is none. */
  readonly request: (
    method: "GET" | "POST" | "PUT" | "DELETE",
    path: string,
    options?: RequestOptions
  ) => Effect.Effect<unknown, SessionError>
  /** `at` gives a path from the device's root: what others call it, such as a plan. */
  readonly at: (path: string) => Effect.Effect<string, SessionError>
  /**
   * `list` gives all that is in a list, each with its `id`, in the form in which the verbs give it: for the undo of what
   * was changed in it, on a device whose lists, objects or ids are of another form than `Pages.list` reads. Then no object is
   * read by itself. An object that has a `version` as text is written back with that of then.
   *
   * @default as `Pages.list`
   */
  readonly list?:
    | ((path: string, query?: Query) => Stream.Stream<Readonly<Record<string, unknown>>, SessionError>)
    | undefined
}

/** `RequestOptions` are what goes along with a request. */
export interface RequestOptions {
  /** `body` is sent as JSON. @default none */
  readonly body?: unknown
  /** `query` is put behind the path. @default none */
  readonly query?: Query | undefined
}

/**
 * `make` gives the API over the client of a session or of a part of it, such as a domain: then `base` is where, from the
 * device's root, as `BasePath.withBasePath` has it.
 */
export const make = (
  targetName: string,
  http: HttpClient.HttpClient.With<SessionError>,
  accepted: StatusFilter,
  base: Effect.Effect<string, SessionError> = Effect.succeed("")
): Rest => {
  Needed.text("targetName", targetName)
  Needed.client("http", http)
  Needed.fn("accepted", accepted)
  const execute = <A, I>(request: HttpClientRequest.HttpClientRequest, answer: Schema.Schema<A, I>) =>
    Effect.flatMap(Effect.flatMap(http.execute(request), accepted), (response) =>
      Effect.flatMap(Reply.fromResponse(response), (reply): Effect.Effect<A, SessionError> => {
        // The target's `maxBodyBytes` has bounded it.
        const body = Reply.json(reply, Number.POSITIVE_INFINITY)
        if (ErrorEnvelope.isError(body))
          return Effect.flatMap(errorAnswered(targetName, accepted, response, reply), Effect.fail)
        if (AsItIs.isDecoded(answer, body)) return Effect.succeed(body)
        return Effect.mapError(Schema.decodeUnknown(answer, preserving)(body), (error) => {
          const operation = operationOf({ method: request.method, url: response.request.url })
          const isChange = !isRead(request.method)
          return new ProtocolViolation({
            targetName,
            operation,
            detail: detailOf(body, error),
            ...(isChange && { isChange })
          })
        })
      })
    )

  /** `read` gives what a resumed run knows of an object that the device has no more, and else asks the device. */
  const read = <A, I>(
    request: HttpClientRequest.HttpClientRequest,
    answer: Schema.Schema<A, I>
  ): Effect.Effect<A, SessionError> =>
    Effect.withFiberRuntime((fiber) => {
      const asked = execute(request, answer)
      const context: Context.Context<never> = fiber.currentContext
      const removed = Context.get(context, Removed)
      if (removed === undefined || request.urlParams.length > 0) return asked
      return Effect.flatMap(BasePath.resolve(base, request.url), (path) => {
        const object = removed({ targetName, path })
        // As another verb has shown it: where that lacks anything, only the device could tell.
        return object === undefined
          ? asked
          : Effect.orElse(Schema.decodeUnknown(answer, preserving)(object), () => asked)
      })
    })

  const send = <A, I>(
    method: "GET" | "POST" | "PUT" | "DELETE",
    path: string,
    answer: Schema.Schema<A, I>,
    options: RequestOptions = {}
  ) => {
    const fault = RestFaults.faultOf(method, path, answer, options)
    if (fault !== undefined) return fault
    const { body, query = {} } = options
    const request = HttpClientRequest.make(method)(path, { urlParams: urlParamsOf(query) })
    if (body === undefined) return method === "GET" ? read(request, answer) : execute(request, answer)
    return JsonValue.faultOf("body", body) ?? execute(HttpClientRequest.bodyUnsafeJson(request, body), answer)
  }

  return {
    get: (path, answer, query) => send("GET", path, answer, { query }),
    send,
    request: (method, path, options) => send(method, path, Schema.Unknown, options),
    at: (path: unknown) =>
      typeof path === "string" ? BasePath.resolve(base, path) : PathSegment.text("path", path)
  }
}

/** `withCheck` gives the same API, which asks nothing of the device before `check` has succeeded. */
export const withCheck = (check: Effect.Effect<unknown, SessionError>, given: Rest): Rest => {
  Needed.effect("check", check)
  Needed.object("rest", given, "what Rest.make gives")
  const { list, ...rest } = given
  return {
    get: (path, answer, query) => Effect.zipRight(check, rest.get(path, answer, query)),
    send: (method, path, answer, options) => Effect.zipRight(check, rest.send(method, path, answer, options)),
    request: (method, path, options) => Effect.zipRight(check, rest.request(method, path, options)),
    at: (path) => Effect.zipRight(check, rest.at(path)),
    ...(list && { list: (path, query) => Stream.unwrap(Effect.map(check, () => list(path, query))) })
  }
}

const preserving = { onExcessProperty: "preserve", errors: "first" } as const

const urlParamsOf = (query: Query): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  )

/** `detailOf` says where it differs, never what stands there: it may be a secret. */
const detailOf = (body: unknown, error: ParseResult.ParseError): string => {
  if (body === undefined) return "the answer is no JSON"
  const [issue] = ParseResult.ArrayFormatter.formatErrorSync(error)
  const path = (issue?.path ?? []).map(String).join(".")
  return path === ""
    ? "the answer has another shape than was expected"
    : `the answer lacks the field ${path.slice(0, 200)}, or has something else there than was expected`
}
