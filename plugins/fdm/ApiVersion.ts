import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import {
  DeviceUnreachable,
  type InvalidInput,
  Reply,
  refuseInput,
  type Session,
  type SessionError,
  type Transport,
  type WireError
} from "sallyport/plugin"

/** `ApiVersion` is the version of its API that a device is spoken to in, found out once. */
export interface ApiVersion<E = WireError> {
  /** `current` asks the device at the first use, if the token operation has not shown it before. */
  readonly current: Effect.Effect<string, E>
  /**
   * `withVersion` runs the token operation in the version of the device, and finds out by its answer where nothing else
   * says so.
   */
  readonly withVersion: (
    operation: (version: string) => Effect.Effect<Reply.Reply, E>
  ) => Effect.Effect<Reply.Reply, E>
}

// `latest` is understood since 6.4; 6.3 is v2 and 6.2.3 is v1 (as Cisco documents its releases).
const candidates = ["latest", "v2", "v1"] as const

/** `make` takes as `fixed` a version such as `v6`, or `latest`; without it the device is asked for its list. */
export const make = <E>(askList: Effect.Effect<VersionList, E>, fixed: string | undefined): ApiVersion<E> => {
  const semaphore = Effect.unsafeMakeSemaphore(1)
  let known = fixed
  let isSettled = fixed !== undefined
  let attempts = 0
  let last: Exit.Exit<string | undefined, E> = Exit.succeed(undefined)

  /**
   * `listed` gives the version that the device lists; `undefined` where it lists none. Callers at once share one
   * request.
   */
  const listed: Effect.Effect<string | undefined, E> = Effect.suspend(() => {
    if (isSettled) return Effect.succeed(known)
    const before = attempts
    return semaphore.withPermits(1)(
      Effect.suspend(() => {
        if (isSettled) return Effect.succeed(known)
        return attempts === before ? ask : last
      })
    )
  })

  const ask = askList.pipe(
    Effect.map((list) => {
      isSettled = list.isSettled
      known ??= list.newest
      return known
    }),
    Effect.onExit((exit) =>
      Effect.sync(() => {
        if (Exit.isInterrupted(exit)) return
        attempts += 1
        last = exit
      })
    )
  )

  return {
    current: Effect.map(listed, (version) => version ?? candidates[0]),
    withVersion: (operation) =>
      Effect.gen(function* () {
        const version = yield* listed
        if (version !== undefined) return yield* operation(version)
        const attempt = (at: string) =>
          Effect.tap(operation(at), (reply) => {
            if (!Reply.isOk(reply)) return
            known = at
            isSettled = true
          })
        const [first, ...others] = candidates
        let reply = yield* attempt(first)
        for (const other of others) {
          if (reply.status !== 404) break
          reply = yield* attempt(other)
        }
        return reply
      })
  }
}

/** `validate` takes a version that was given: it becomes part of a path. */
export const validate = (given: string | undefined): Effect.Effect<string | undefined, InvalidInput> =>
  given === undefined || (typeof given === "string" && /^(latest|v[1-9][0-9]{0,5})$/.test(given))
    ? Effect.succeed(given)
    : refuseInput(
        "apiVersion",
        `${typeof given === "string" ? JSON.stringify(given) : "what was given"} is no version of the API; give "latest", or one such as "v6".`,
        typeof given === "string" ? given : undefined
      )

const Versions = Schema.Struct({ supportedVersions: Schema.Array(Schema.Unknown) })

const decode = Schema.decodeUnknownOption(Versions)

/** `VersionList` is what a device says of its versions. */
interface VersionList {
  readonly newest: string | undefined
  /** `isSettled` is false of a device that has no time now and may list its versions later. */
  readonly isSettled: boolean
}

const path = "/api/versions"

/** `listBySession` asks within a session, for a client on one that was opened in another way. */
export const listBySession = ({ http }: Session.Session): Effect.Effect<VersionList, SessionError> =>
  Effect.map(Effect.flatMap(http.get(path), Reply.fromResponse), versionListOf)

const versionListOf = (reply: Reply.Reply): VersionList => ({
  newest:
    reply.status === 200 ? Option.getOrUndefined(Option.map(decode(Reply.json(reply)), newestOf)) : undefined,
  isSettled: reply.status !== 429 && reply.status < 500
})

/** `listByTransport` asks before there is a session: the list is open to all. */
export const listByTransport = (transport: Transport.Transport): Effect.Effect<VersionList, WireError> =>
  transport.exchangeAuth(HttpClientRequest.get(path)).pipe(
    Effect.map(versionListOf),
    Effect.catchTags({
      // An answer that cannot be read is no list.
      ProtocolViolation: () => Effect.succeed({ newest: undefined, isSettled: true }),
      // What was lost was only the question: the operation that waits for it has not been sent.
      DeviceUnreachable: (error) =>
        Effect.fail(new DeviceUnreachable({ ...error, targetName: error.targetName, sent: "no" }))
    })
  )

// In no order on the wire, and by number: v10 is newer than v6.
const newestOf = ({ supportedVersions }: typeof Versions.Type): string => {
  const numbers = supportedVersions.flatMap((version) => {
    const number = typeof version === "string" ? /^v([1-9][0-9]{0,5})$/.exec(version)?.[1] : undefined
    return number === undefined ? [] : [Number(number)]
  })
  const highest = numbers.reduce((one, other) => Math.max(one, other), 0)
  return highest === 0 ? "latest" : `v${highest}`
}
