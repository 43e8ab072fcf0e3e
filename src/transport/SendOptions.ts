import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { refuseInput } from "../validation/RefuseInput.ts"
import type { InvalidInput } from "./DeviceError.ts"
import { type Reply, toResponse } from "./Reply.ts"
import { withoutQuery } from "./RequestPath.ts"

/** `Options` are what a script has to do with each request that goes out. */
export interface Options {
  /**
   * `transformClient` decorates the client that sends: it sees each request as often as it goes out, also when it is
   * repeated, and logins, refreshes and logouts too; below retry, traffic and recovery, above what puts the token on.
   *
   * It may add headers and do what it likes beside the request. It sees neither token nor password nor body, of a
   * login, a refresh and a logout the method, the path and the status alone. Nothing else that it changes is sent, and
   * what the device answered counts, whatever it makes of that. A request goes out once, however often it is executed.
   *
   * @example
   * transformClient: HttpClient.mapRequest(HttpClientRequest.setHeader("x-change", "CHG-4711"))
   */
  readonly transformClient?: ((client: HttpClient.HttpClient) => HttpClient.HttpClient) | undefined
  /**
   * `logRequests` writes a line for each of these requests to standard error: method, path without query, status,
   * milliseconds, target.
   *
   * @default whether the environment says `SALLYPORT_LOG=requests` when the session is opened
   */
  readonly logRequests?: boolean | undefined
}

/**
 * `SendOptions` are the options that hold where a request is sent; `undefined`: those of the transport that sends it.
 */
export class SendOptions extends Context.Reference<SendOptions>()("sallyport/SendOptions", {
  defaultValue: (): Options | undefined => undefined
}) {}

/** `withSendOptions` runs something with these options, where there are any. */
export const withSendOptions =
  ({ logRequests, transformClient }: Options) =>
  <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    logRequests === undefined && transformClient === undefined
      ? work
      : Effect.provideService(work, SendOptions, { logRequests, transformClient })

/**
 * `withoutSecrets` gives a request as a decoration sees it: without body, and with no headers but those of `shown`, the
 * request as the script made it. `base` is what a path stands below.
 */
export const withoutSecrets = (
  base: string,
  request: HttpClientRequest.HttpClientRequest,
  shown: HttpClientRequest.HttpClientRequest | undefined,
  shownPath: string | undefined
): HttpClientRequest.HttpClientRequest => {
  const path = shownPath ?? (shown === undefined ? withoutQuery(request.url) : shown.url)
  const url = /^https:/i.test(path) ? path : `${base}/${path.replace(/^\//, "")}`
  const blank = HttpClientRequest.make(request.method)(url)
  return shown === undefined
    ? blank
    : HttpClientRequest.setHeaders(HttpClientRequest.setUrlParams(blank, shown.urlParams), shown.headers)
}

/**
 * `sendThrough` sends through a decoration. `send` is handed the headers that the request has after it. The outcome is
 * that of `send`: a decoration that fails, breaks off or never ends afterwards changes nothing. One that does not send
 * at all fails with `InvalidInput`; with `always`, what has to go goes without it.
 */
export const sendThrough = <E>(
  transform: NonNullable<Options["transformClient"]>,
  request: HttpClientRequest.HttpClientRequest,
  send: (headers: Readonly<Record<string, string>>) => Effect.Effect<Reply, E>,
  always: boolean
): Effect.Effect<Reply, E | InvalidInput> =>
  Effect.gen(function* () {
    const outcome = yield* Deferred.make<Reply, E | InvalidInput>()
    let wasSent = false
    const once = (headers: Readonly<Record<string, string>>) =>
      Effect.suspend(() => {
        if (wasSent) return Deferred.await(outcome)
        wasSent = true
        return Effect.onExit(send(headers), (exit) => Deferred.done(outcome, exit))
      })
    const client = HttpClient.makeWith<never, never, HttpClientError.HttpClientError, never>(
      Effect.flatMap((asked) =>
        Effect.matchEffect(once(asked.headers), {
          onSuccess: (reply) => Effect.succeed(responseView(asked, reply)),
          // Without a cause: the outcome tells it.
          onFailure: () => Effect.fail(new HttpClientError.RequestError({ request, reason: "Transport" }))
        })
      ),
      Effect.succeed
    )
    const unsent = Effect.suspend((): Effect.Effect<unknown> => {
      if (wasSent) return Effect.void
      if (always) return Effect.exit(once({}))
      return Deferred.fail(outcome, refuseInput("transformClient", notSent))
    })
    const decorated = yield* Effect.suspend(() => transform(client).execute(request)).pipe(
      Effect.exit,
      Effect.zipRight(unsent),
      Effect.interruptible,
      Effect.forkDaemon
    )
    return yield* Effect.onExit(Deferred.await(outcome), (exit) =>
      Exit.isInterrupted(exit) ? Fiber.interrupt(decorated) : interruptLater(decorated)
    )
  })

// What a decoration still does must not keep a process from ending.
const interruptLater = (decorated: Fiber.Fiber<unknown, unknown>): Effect.Effect<unknown> =>
  Effect.flatMap(decorated.poll, (exit) =>
    Option.isSome(exit)
      ? Effect.void
      : Effect.forkDaemon(Effect.delay(Fiber.interrupt(decorated), "5 seconds"))
  )

const notSent = "it did not send the request; let it return a client that executes the one that it was given."

// The status, and of the headers those that nobody keeps secret.
const shownHeaders = new Set([
  "content-type",
  "content-length",
  "date",
  "retry-after",
  "server",
  "x-request-id"
])

const responseView = (request: HttpClientRequest.HttpClientRequest, { headers, status }: Reply) =>
  toResponse(
    {
      status,
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => shownHeaders.has(name))),
      body: new Uint8Array(0)
    },
    request
  )
