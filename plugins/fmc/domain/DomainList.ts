import { Buffer } from "node:buffer"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import {
  ProtocolViolation,
  Reply,
  type Session,
  type SessionError,
  StatusError,
  StatusFilter,
  Token
} from "sallyport/plugin"
import * as BusyAnswer from "../BusyAnswer.ts"
import * as ErrorMessages from "../ErrorMessages.ts"

/** `DomainInfo` is what the FMC says of a domain. */
export interface DomainInfo {
  readonly name: string
  readonly uuid: string
}

/** `list` gives the domains that the account may use: those of the login, or else the FMC's own list. */
export const list = (session: Session.Session): Effect.Effect<ReadonlyArray<DomainInfo>, SessionError> =>
  Effect.flatMap(session.token, ({ attributes }) => {
    const fromLogin = readable(attributes.domains)
    return fromLogin.length > 0 ? Effect.succeed(fromLogin) : asked(session)
  })

/** `normalizeName` gives a domain's name as names are compared: real devices write `Global/ Branch`, with a space. */
export const normalizeName = (name: string): string =>
  name
    .trim()
    .replace(/\s*\/\s*/g, "/")
    .toLowerCase()

const Page = Schema.Struct({ items: Schema.optional(Schema.NullOr(Schema.Array(Schema.Unknown))) })

const parse = Option.liftThrowable((json: string): unknown => JSON.parse(json))

/** `fromHeader` reads the header `DOMAINS` of a login. */
export const fromHeader = (header: string | undefined): ReadonlyArray<DomainInfo> =>
  header === undefined ? [] : readable(Option.getOrUndefined(parse(unicode(header))))

const strictly = new TextDecoder("utf-8", { fatal: true })

/**
 * `unicode` gives a header whose bytes are UTF-8 as the text that they stand for: a header is read as ISO 8859-1, and
 * JSON knows UTF-8 alone. How an FMC writes names that are not ASCII is unknown; what is no UTF-8 stays as it is.
 */
const unicode = (header: string): string => {
  if (!/[\u0080-\u00ff]/.test(header)) return header
  try {
    return strictly.decode(Buffer.from(header, "latin1"))
  } catch {
    return header
  }
}

/** `readable` gives those domains that can be read: one that cannot takes none from a script. */
const readable = (listed: unknown): ReadonlyArray<DomainInfo> =>
  Array.isArray(listed) ? listed.filter(isDomain).map(({ name, uuid }) => ({ name, uuid })) : []

// By hand, since each login of an FMC is answered with its domains: by a Schema it took 4 to 6 % more of the processors to
// go through a fleet on Deno.
const isDomain = (one: unknown): one is DomainInfo =>
  Predicate.hasProperty(one, "name") &&
  Predicate.hasProperty(one, "uuid") &&
  Predicate.isString(one.name) &&
  one.name !== "" &&
  // It becomes part of a path.
  Predicate.isString(one.uuid) &&
  /^[\w-]{1,100}$/.test(one.uuid)

// An FMC behind a proxy that drops headers with an underscore, or an old one, may name no domains at the login.
const asked = (session: Session.Session): Effect.Effect<ReadonlyArray<DomainInfo>, SessionError> =>
  Effect.gen(function* () {
    const path = "/api/fmc_platform/v1/info/domain"
    const response = yield* session.http
      .get(path, { urlParams: { limit: 1000 } })
      .pipe(
        Effect.flatMap(
          StatusFilter.filterStatusOk(session, ErrorMessages.errorMessages, undefined, BusyAnswer.isBusy)
        )
      )
    const reply = yield* Reply.fromResponse(response)
    const json = Reply.json(reply)
    const page = StatusError.isError(json) ? Option.none() : Schema.decodeUnknownOption(Page)(json)
    const given = Option.getOrUndefined(page)?.items ?? []
    const domains = readable(given)
    if (Option.isSome(page) && (domains.length > 0 || given.length === 0)) return domains
    const detail = "the list of domains cannot be read"
    const messages = ErrorMessages.errorMessages(reply, Token.secrets(yield* session.token))
    return yield* new ProtocolViolation({
      targetName: session.target.name,
      operation: `GET ${path}`,
      detail,
      messages
    })
  })
