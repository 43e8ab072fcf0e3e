import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { ProtocolViolation, Reply, type Session, type SessionError, StatusFilter } from "sallyport/plugin"
import * as ErrorMessages from "../ErrorMessages.ts"

/** `DomainInfo` is what the FMC says of a domain. */
export interface DomainInfo {
  readonly name: string
  readonly uuid: string
}

/** `list` gives the domains that the account may use: those of the login, or else the FMC's own list. */
export const list = (session: Session.Session): Effect.Effect<ReadonlyArray<DomainInfo>, SessionError> =>
  Effect.flatMap(session.token, ({ attributes }) => {
    const fromLogin = fromAttributes(attributes)
    return fromLogin.length > 0 ? Effect.succeed(fromLogin) : asked(session)
  })

/** `normalizeName` gives a domain's name as names are compared: real devices write `Global/ Branch`, with a space. */
export const normalizeName = (name: string): string =>
  name
    .trim()
    .replace(/\s*\/\s*/g, "/")
    .toLowerCase()

const Domain = Schema.Struct({
  name: Schema.NonEmptyString,
  // It becomes part of a path.
  uuid: Schema.String.pipe(Schema.pattern(/^[\w-]{1,100}$/))
})

const Listed = Schema.Array(Domain)

const Page = Schema.Struct({ items: Schema.optional(Schema.NullOr(Schema.Array(Schema.Unknown))) })

const decodeHeader = Schema.decodeUnknownOption(Schema.parseJson(Schema.Array(Schema.Unknown)))

/** `fromHeader` reads the header `DOMAINS` of a login. */
export const fromHeader = (header: string | undefined): ReadonlyArray<DomainInfo> =>
  header === undefined ? [] : readable(Option.getOrElse(decodeHeader(header), () => []))

const decodeDomain = Schema.decodeUnknownOption(Domain)

/** `readable` gives those domains that can be read: one that cannot takes none from a script. */
const readable = (listed: ReadonlyArray<unknown>): ReadonlyArray<DomainInfo> =>
  listed.flatMap((one) => Option.toArray(decodeDomain(one)))

const decodeListed = Schema.decodeUnknownOption(Listed)

/** `fromAttributes` reads the domains of a token. */
const fromAttributes = (attributes: Readonly<Record<string, unknown>>): ReadonlyArray<DomainInfo> =>
  Option.getOrElse(decodeListed(attributes.domains), () => [])

// An FMC behind a proxy that drops headers with an underscore, or an old one, may name no domains at the login.
const asked = (session: Session.Session): Effect.Effect<ReadonlyArray<DomainInfo>, SessionError> =>
  Effect.gen(function* () {
    const path = "/api/fmc_platform/v1/info/domain"
    const response = yield* session.http
      .get(path, { urlParams: { limit: 1000 } })
      .pipe(Effect.flatMap(StatusFilter.filterStatusOk(session, ErrorMessages.errorMessages)))
    const page = Schema.decodeUnknownOption(Page)(Reply.json(yield* Reply.fromResponse(response)))
    const given = Option.getOrUndefined(page)?.items ?? []
    const domains = readable(given)
    if (Option.isSome(page) && (domains.length > 0 || given.length === 0)) return domains
    const detail = "the list of domains cannot be read"
    return yield* new ProtocolViolation({ targetName: session.target.name, operation: `GET ${path}`, detail })
  })
