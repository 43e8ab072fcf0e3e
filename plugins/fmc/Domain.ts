import type * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import {
  BasePath,
  few,
  InvalidInput,
  PathSegment,
  type Promises,
  Redaction,
  Rest,
  refuseInput,
  type Session,
  type SessionError,
  type StatusFilter,
  Token
} from "sallyport/plugin"
import * as DomainList from "./domain/DomainList.ts"
import type { ServerVersion } from "./domain/ServerVersion.ts"
import * as Kinds from "./kinds/Kinds.ts"
import * as Overrides from "./kinds/Overrides.ts"
import * as Operations from "./Operations.ts"
import * as Item from "./objects/Item.ts"
import * as Objects from "./objects/Objects.ts"

/** `Domain` is a domain of an FMC: every configuration request names one. */
export interface Domain extends Kinds.Kinds, Operations.Operations {
  /** `name` is as the FMC spells it, such as `Global/ Branch`. */
  readonly name: string
  /** `uuid` is in the path of every request of the domain. */
  readonly uuid: string
  /**
   * `http` is the session's client, with a path such as `/object/hosts` meant inside the domain:
   * `/api/fmc_config/v1/domain/{uuid}/object/hosts`. A path that starts with `/api/` is taken as it is.
   */
  readonly http: HttpClient.HttpClient.With<SessionError>
  /** `rest` is the same, with JSON in and out. */
  readonly rest: Rest.Rest
  /**
   * `objects` gives whatever else the FMC keeps in lists, by its path in the domain, with the same verbs:
   * `/object/vlantags`, or `/policy/accesspolicies/{id}/accessrules`. What is created has to say its `type` where the
   * FMC asks for one. Some of it has no name, or no id: `upsert` then takes a `key`. In a list with an order, `place`
   * says where what is created goes.
   *
   * @example
   * const policies = branch.objects("/policy/accesspolicies")
   * yield* branch.objects("/policy/accesspolicies/…/accessrules", { section: "mandatory" }).createAll(rules)
   */
  readonly objects: (path: string, place?: Objects.Place) => Objects.Objects<Item.Entry, Item.WantedEntry>
  /**
   * `overrides` are what the objects of any other kind are on some devices or in some domains, by their path:
   * `/object/fqdns`.
   */
  readonly overrides: (path: string) => Overrides.Overrides
}

/** `subClients` say which of a domain's members are clients in turn. */
export const subClients: Promises.SubClients<Domain> = {
  rest: {},
  ...Kinds.subClients,
  objects: {},
  overrides: {}
}

const make = (
  fmc: FmcContext,
  { name, uuid }: DomainList.DomainInfo,
  all: ReadonlyArray<DomainList.DomainInfo>
): Domain => {
  const { accepted, session, version } = fmc
  const base = PathSegment.join("/api/fmc_config/v1/domain", { uuid })
  const http = BasePath.withBasePath(session.http, base)
  const rest = Rest.make(session.target.name, http, accepted, base)
  const prefix = `${DomainList.normalizeName(name)}/`
  const below = all
    .filter((one) => DomainList.normalizeName(one.name).startsWith(prefix))
    .map(({ uuid }) => uuid)
  const context = { targetName: session.target.name, uuid, below, rest, version, redact: redactor(session) }
  return {
    name,
    uuid,
    http,
    rest,
    ...Kinds.make(context),
    overrides: (path) => Overrides.make(context, path),
    objects: (given, place) => {
      // The types say so too; a script in JavaScript has none.
      const path = typeof given === "string" ? given : ""
      const check = Effect.zipRight(PathSegment.join(path), Objects.checkPlace(place))
      return Objects.make(
        { ...context, rest: Rest.withCheck(check, rest) },
        { path, place, schema: Item.Entry, isNamed: false }
      )
    },
    ...Operations.make(context)
  }
}

/** `FmcContext` is what all domains of an FMC share. */
export interface FmcContext {
  readonly session: Session.Session
  readonly accepted: StatusFilter.StatusFilter
  readonly version: Effect.Effect<ServerVersion, SessionError>
}

/**
 * `find` gives the domain of this name. There is no default: an unknown name is `InvalidInput`, which lists the known
 * ones.
 */
export const find = (fmc: FmcContext, name: string): Effect.Effect<Domain, SessionError> =>
  Effect.gen(function* () {
    const { session } = fmc
    // What a device calls a domain may hold anything, a token too, and a script may hand it on: it is not repeated.
    yield* Effect.mapError(
      PathSegment.text("domain", name),
      ({ field, message }) => new InvalidInput({ field, message })
    )
    const domains = yield* DomainList.list(session)
    const found =
      domains.find((domain) => domain.name === name) ??
      domains.find((domain) => DomainList.normalizeName(domain.name) === DomainList.normalizeName(name))
    if (found !== undefined) return make(fmc, found, domains)
    const redact = yield* redactor(session)
    const names = few(domains.map((domain) => JSON.stringify(redact(domain.name))))
    const asked = redact(name)
    const known = names ? `give one that it may use: ${names}.` : "it may use none at all."
    const sentence = `there is no domain ${JSON.stringify(asked)} for this account; ${known}`
    return yield* refuseInput("domain", sentence, asked)
  })

const redactor = (session: Session.Session) =>
  Effect.map(session.token, (token) => {
    const secrets = Token.secrets(token)
    return (words: string) => Redaction.redact(words, secrets)
  })
