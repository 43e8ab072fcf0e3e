import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import {
  InputSchema,
  type InvalidInput,
  Needed,
  ProtocolViolation,
  Reply,
  refuseInput,
  type Session,
  type SessionError,
  StatusFilter
} from "sallyport/plugin"
import * as BusyAnswer from "../BusyAnswer.ts"
import type { Fdm } from "../Client.ts"
import * as ErrorMessages from "../ErrorMessages.ts"
import * as Call from "./Call.ts"
import * as Document from "./Document.ts"
import type { Operation } from "./Operation.ts"
import * as ResponseData from "./ResponseData.ts"
import * as Secrets from "./Secrets.ts"
import * as Suggestion from "./Suggestion.ts"

/** `Api` has the operations of a device, by its own description. */
export interface Api {
  /** `tags` are the tags under which the device describes operations, as they are written there. */
  readonly tags: ReadonlyArray<string>
  /** `operations` gives the operations of a tag; all of them without one. None under a tag that is not there. */
  readonly operations: (tag?: string) => ReadonlyArray<Operation>
  /**
   * `call` runs an operation. `tag` and `id` (its `operationId`) are written as in the description. The parameters are
   * one flat object by their names, wherever they travel, as keyword arguments are in a Swagger client. They are
   * checked against the description before anything is sent.
   *
   * Resolves to what the device answered: JSON as data, a file as `Uint8Array`, other text as `string`, nothing as
   * `undefined`. Nothing is known of its shape: decode it. The answer of a token operation holds tokens, which are the
   * script's to keep secret and to revoke.
   *
   * Fails with `InvalidInput` for what the description does not allow: its `field` is a path such as `body.subType`,
   * `body.objects[0].id` or `query.limit`, and no value is told. Fails with `DeviceRefused` for an answer other than a
   * 2xx, with `OutcomeUnknown` for a write whose answer was lost, and with what any request of a session can fail with.
   *
   * @example
   * const host = yield* api.call("NetworkObject", "addNetworkObject", {
   *   body: { name: "web-1", subType: "HOST", value: "192.0.2.1", type: "networkobject" }
   * })
   * const page = yield* api.call("NetworkObject", "getNetworkObjectList", { limit: 10 })
   */
  readonly call: (
    tag: string,
    id: string,
    parameters?: Parameters,
    options?: CallOptions
  ) => Effect.Effect<unknown, SessionError>
  /** `document` is the description itself, as data: `definitions` has the models that parameters refer to. */
  readonly document: unknown
}

/**
 * `Parameters` are given by name. A `Redacted` value, also deep inside a body, is sent as what it holds. A parameter
 * that is `undefined` or `null` is not sent. A field of a body that is `null` is sent and counts as not given: a device
 * answers with such fields.
 */
export type Parameters = Readonly<Record<string, unknown>>

/** `CallOptions` say how strictly a call is checked. */
export interface CallOptions {
  /**
   * `strict` says whether a field of a body that the description does not have is refused by its name; FDMs are known
   * to refuse such fields themselves. What passes all the same: fields of the operation's own answer, such as `links`,
   * so that an object can be read, changed and written; and a whole object in the place of a reference to it. With
   * false all are sent, for a device that knows more than it describes.
   *
   * @default true
   */
  readonly strict?: boolean | undefined
}

/** `Device` is what of an open FDM is needed. */
export type Device = Pick<Fdm, "session">

const path = "/apispec/ngfw.json"

/**
 * `make` reads the device's description of itself, once. It takes some MB and, on a real device, some seconds; at most
 * the target's `maxBodyBytes` are read.
 *
 * Fails with `ProtocolViolation` for an answer that is no Swagger 2.0 document, and with what any request of a session
 * can fail with. An operation that cannot be understood is left out.
 *
 * @example
 * const api = yield* Api.make(fdm)
 * for (const { id, method, path } of api.operations("NetworkObject")) console.log(method, path, id)
 */
export const make = (fdm: Device): Effect.Effect<Api, SessionError> =>
  Effect.gen(function* () {
    const session = sessionOf(fdm)
    const response = yield* session.http.get(path)
    yield* StatusFilter.filterStatusOk(
      session,
      ErrorMessages.errorMessages,
      ErrorMessages.isNotFound,
      BusyAnswer.isBusy
    )(response)
    const reply = yield* Reply.fromResponse(response)
    return yield* Either.match(Document.parse(Reply.text(reply)), {
      onLeft: (detail) =>
        Effect.fail(
          new ProtocolViolation({
            targetName: session.target.name,
            operation: `GET ${path}`,
            detail: `the answer is ${detail}, not the description of an API as Swagger 2.0`
          })
        ),
      onRight: (document) => Effect.succeed(makeApi(session, document))
    })
  })

/**
 * `fromDocument` gives the same by a document that is at hand: what `JSON.parse` gave. Nothing is sent. The `basePath`
 * that it names is used, also where its version is another one than the session's; the host that it names is not.
 *
 * Fails with `InvalidInput` where it is no Swagger 2.0 document.
 */
export const fromDocument = (fdm: Device, document: unknown): Effect.Effect<Api, InvalidInput> =>
  Either.match(Document.read(document), {
    onLeft: (detail) => refuseInput("document", `it is ${detail}; give a Swagger 2.0 document as data.`),
    onRight: (document) => Effect.succeed(makeApi(sessionOf(fdm), document))
  })

const sessionOf = (fdm: Device): Session.Session => {
  Needed.session("fdm.session", fdm?.session)
  return fdm.session
}

const makeApi = (session: Session.Session, document: Document.Document): Api => {
  const find = (tag: string, id: string) => {
    const operations = document.tags.get(tag)
    if (operations === undefined) return Effect.fail(unknownName("tag", tag, [...document.tags.keys()]))
    const found = operations.get(id)
    return found === undefined
      ? Effect.fail(unknownName("operation", id, [...operations.keys()]))
      : Effect.succeed(found)
  }

  return {
    tags: [...document.tags.keys()],
    operations: (tag) =>
      [...document.tags]
        .filter(([name]) => tag === undefined || name === tag)
        .flatMap(([, operations]) => [...operations.values()].map(({ operation }) => operation)),
    call: (tag, id, parameters = {}, options = {}) =>
      Effect.gen(function* () {
        yield* InputSchema.check(Options, options, "a call")
        const { strict = true } = options ?? {}
        const described = yield* find(tag, id)
        const request = yield* Call.request(document, described, parameters, strict)
        const response = yield* session.http.execute(request)
        // The device may echo what it was sent.
        const secrets = Secrets.secretsIn(parameters)
        const accepted = StatusFilter.filterStatusOk(
          session,
          (reply, known) => ErrorMessages.errorMessages(reply, [...known, ...secrets]),
          ErrorMessages.isNotFound,
          BusyAnswer.isBusy
        )
        return yield* ResponseData.decode(session.target.name, described, yield* accepted(response), accepted)
      }),
    document: document.root
  }
}

const Options = Schema.NullOr(
  Schema.Struct({ strict: InputSchema.optional(Schema.Boolean, "true or false") })
)

const unknownName = (
  field: "tag" | "operation",
  given: unknown,
  names: ReadonlyArray<string>
): InvalidInput => {
  const value = String(given).slice(0, 100)
  return refuseInput(
    field,
    `the device describes no ${field} ${JSON.stringify(value)}; give one in its spelling${Suggestion.suggest(value, names)}.`,
    value
  )
}
