import type * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Accepted from "sallyport/Accepted"
import type { SessionError } from "sallyport/AuthError"
import * as BasePath from "sallyport/BasePath"
import { InvalidInput, ProtocolViolation } from "sallyport/DeviceError"
import * as DeviceWords from "sallyport/DeviceWords"
import * as Reply from "sallyport/Reply"
import type { Session } from "sallyport/Session"
import * as Words from "./Words.ts"

/** A domain of an FMC: every configuration request names one. */
export interface Domain {
  /** As the FMC spells it, such as `Global/ Branch`. */
  readonly name: string
  readonly uuid: string
  /**
   * The session's client, with a path such as `/object/hosts` meant inside the domain:
   * `/api/fmc_config/v1/domain/{uuid}/object/hosts`. A path that starts with `/api/` is taken as it is.
   */
  readonly http: HttpClient.HttpClient.With<SessionError>
}

/** What the FMC says of a domain. */
export interface DomainFacts {
  readonly name: string
  readonly uuid: string
}

const Listed = Schema.Array(
  Schema.Struct({
    name: Schema.NonEmptyString,
    // It becomes part of a path.
    uuid: Schema.String.pipe(Schema.pattern(/^[\w-]{1,100}$/))
  })
)

const Page = Schema.Struct({ items: Schema.optional(Listed) })

// Enough to find a slip of the pen by; an account may have hundreds.
const mostNames = 10

/** Reads the header `DOMAINS` of a login. */
export const fromHeader = (header: string | undefined): ReadonlyArray<DomainFacts> =>
  header === undefined
    ? []
    : Option.getOrElse(Schema.decodeUnknownOption(Schema.parseJson(Listed))(header), () => [])

/** Reads the domains of a grant. */
const fromAttributes = (attributes: Readonly<Record<string, unknown>>): ReadonlyArray<DomainFacts> =>
  Option.getOrElse(Schema.decodeUnknownOption(Listed)(attributes.domains), () => [])

const make = (session: Session, { name, uuid }: DomainFacts): Domain => ({
  name,
  uuid,
  http: BasePath.below(session.http, Effect.succeed(`/api/fmc_config/v1/domain/${encodeURIComponent(uuid)}`))
})

/** The domains that the account may use: those of the login, or else the FMC's own list. */
export const known = (session: Session): Effect.Effect<ReadonlyArray<DomainFacts>, SessionError> =>
  Effect.flatMap(session.grant, ({ attributes }) => {
    const fromLogin = fromAttributes(attributes)
    return fromLogin.length > 0 ? Effect.succeed(fromLogin) : listed(session)
  })

/** The domain of this name. There is no default: an unknown name is `InvalidInput`, which lists the known ones. */
export const find = (session: Session, name: string): Effect.Effect<Domain, SessionError> =>
  Effect.gen(function* () {
    const domains = yield* known(session)
    const found =
      domains.find((domain) => domain.name === name) ??
      domains.find((domain) => folded(domain.name) === folded(name))
    if (found !== undefined) return make(session, found)
    const { access, refresh } = yield* session.grant
    const secrets = refresh === undefined ? [access] : [access, refresh]
    const names = domains
      .slice(0, mostNames)
      .map((domain) => JSON.stringify(DeviceWords.safe(domain.name, secrets)))
      .join(", ")
    const more = domains.length > mostNames ? `, and ${domains.length - mostNames} more` : ""
    return yield* Effect.fail(
      new InvalidInput({
        field: "domain",
        value: name,
        bound: `one that this account may use: ${names || "it has none"}${more}`
      })
    )
  })

// Real devices write "Global/ Branch", with a space after the slash.
const folded = (name: string): string =>
  name
    .trim()
    .replace(/\s*\/\s*/g, "/")
    .toLowerCase()

// An FMC behind a proxy that drops headers with an underscore, or an old one, may name no domains at the login.
const listed = (session: Session): Effect.Effect<ReadonlyArray<DomainFacts>, SessionError> =>
  Effect.gen(function* () {
    const path = "/api/fmc_platform/v1/info/domain"
    const response = yield* session.http
      .get(path, { urlParams: { limit: 1000 } })
      .pipe(Effect.flatMap(Accepted.by(session, Words.messages)))
    const { headers, status } = response
    const body = new Uint8Array(yield* Effect.orElseSucceed(response.arrayBuffer, () => new ArrayBuffer(0)))
    const page = Schema.decodeUnknownOption(Page)(Reply.json({ status, headers, body }))
    if (Option.isSome(page)) return page.value.items ?? []
    const detail = "the list of domains cannot be read"
    return yield* Effect.fail(
      new ProtocolViolation({ target: session.target.name, operation: `GET ${path}`, detail })
    )
  })
