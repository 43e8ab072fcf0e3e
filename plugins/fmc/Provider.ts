import { Buffer } from "node:buffer"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { type AuthError, CredentialsRefused } from "sallyport/AuthError"
import type { AuthProvider } from "sallyport/AuthProvider"
import type { Account, Credentials } from "sallyport/Credentials"
import { InvalidInput, ProtocolViolation } from "sallyport/DeviceError"
import type { Facts, Grant } from "sallyport/Grant"
import * as Refusal from "sallyport/Refusal"
import * as Reply from "sallyport/Reply"
import type { Transport } from "sallyport/Transport"
import * as Domain from "./Domain.ts"
import * as Words from "./ErrorMessages.ts"

export interface Options {
  readonly credentials: Credentials
  /**
   * How long the FMC's access tokens are good. It does not say so itself; 30 minutes by Cisco's text, which is the
   * default, less where the session time-out of the web interface was shortened.
   */
  readonly tokenLifetime?: Duration.DurationInput | undefined
}

const access = "x-auth-access-token"
const refresh = "x-auth-refresh-token"
const base = "/api/fmc_platform/v1/auth"

// Cisco's text: "You can refresh a token up to three times".
const refreshes = 3

/** How an FMC logs in, refreshes and logs out: blank POSTs, everything in the headers. */
export const make = (transport: Transport, options: Options): AuthProvider => {
  const { name: target, origin } = transport.target
  const lifetime = options.tokenLifetime ?? "30 minutes"

  const post = (
    operation: string,
    headers: Record<string, string>,
    salvage?: (part: Reply.Reply) => Effect.Effect<unknown, unknown>
  ) =>
    transport.exchangeAuth(
      HttpClientRequest.post(`${base}/${operation}`).pipe(HttpClientRequest.setHeaders(headers)),
      undefined,
      salvage
    )

  const end = (token: string) => post("revokeaccess", { [access]: token })

  // The session that was opened by an answer of which only a part came is ended by the token in that part.
  const salvage = (part: Reply.Reply) => {
    const token = part.headers[access]
    return isGood(part) && token !== undefined && Reply.isToken(token) ? end(token) : Effect.void
  }

  const facts = (
    operation: string,
    reply: Reply.Reply,
    refreshesLeft: number,
    before?: Grant
  ): Effect.Effect<Facts, AuthError> => {
    const token = reply.headers[access]
    if (token === undefined || !Reply.isToken(token)) {
      const lacks = token ? "one X-auth-access-token that can be sent back" : "X-auth-access-token"
      const detail = `the answer has no ${lacks}`
      const advice = `A proxy in between may drop or change it; otherwise this is no FMC: check the address ${origin}`
      return Effect.fail(
        new ProtocolViolation({ target, operation: `POST ${base}/${operation}`, detail, advice })
      )
    }
    const refreshToken = reply.headers[refresh]
    const domains = Domain.fromHeader(reply.headers.domains)
    return Effect.succeed({
      access: Redacted.make(token),
      refresh: refreshToken && Reply.isToken(refreshToken) ? Redacted.make(refreshToken) : undefined,
      lifetime,
      refreshesLeft,
      // Whether a refresh names the domains again is not documented.
      attributes: domains.length > 0 || before === undefined ? { domains } : before.attributes
    })
  }

  const refused = (
    operation: string,
    reply: Reply.Reply,
    secrets: ReadonlyArray<Redacted.Redacted>,
    advice?: string
  ) => {
    const messages = Words.messages(reply, secrets)
    return Refusal.fail({ target, operation: `POST ${base}/${operation}`, reply, messages, advice })
  }

  const login = ({ password, username }: Account): Effect.Effect<Facts, AuthError> =>
    Effect.gen(function* () {
      if (username.includes(":")) {
        return yield* Effect.fail(
          new InvalidInput({
            field: "username",
            message:
              "username: it has a colon, where Basic authentication ends the name; give the name of an account without one."
          })
        )
      }
      const reply = yield* post(
        "generatetoken",
        { authorization: `Basic ${basic(username, password)}` },
        salvage
      )
      if (isGood(reply)) return yield* facts("generatetoken", reply, refreshes)
      const messages = Words.messages(reply, [password])
      const foreign = Refusal.notOf(transport.target, "FMC", reply, messages)
      if (reply.status === 401) {
        return yield* Effect.fail(
          new CredentialsRefused({
            target,
            username,
            messages,
            advice: foreign,
            isForeign: foreign !== undefined
          })
        )
      }
      const advice = reply.status === 404 ? `${noRestApi} ${origin}` : foreign
      return yield* refused("generatetoken", reply, [password], advice)
    })

  return {
    name: "fmc",
    transport,
    credentials: options.credentials,
    login,
    refresh: (grant) =>
      Effect.flatMap(
        post(
          "refreshtoken",
          { [access]: Redacted.value(grant.access), [refresh]: secret(grant.refresh) },
          salvage
        ),
        (reply) =>
          isGood(reply)
            ? facts("refreshtoken", reply, grant.refreshesLeft - 1, grant)
            : refused("refreshtoken", reply, secrets(grant))
      ),
    revoke: (grant) =>
      Effect.flatMap(end(Redacted.value(grant.access)), (reply) =>
        // 401: the token is dead already.
        isGood(reply) || reply.status === 401 ? Effect.void : refused("revokeaccess", reply, secrets(grant))
      ),
    sign: (request, grant) => HttpClientRequest.setHeader(request, access, Redacted.value(grant.access)),
    judge: (reply, request) => {
      if (reply.status === 401) return "TokenRefused"
      return reply.status === 429 || reply.status === 503 || isTransient(reply, request) ? "Busy" : "Fine"
    }
  }
}

const isGood = (reply: Reply.Reply): boolean => reply.status >= 200 && reply.status < 300

/**
 * Whether a 400 is no fault of the request (seen on real devices). Nothing but words tells it, so they have to be the
 * only message and its last sentence. Before them there may be what the request said: that is enough for a read, which
 * may be sent for nothing; for a write they have to be all.
 */
const isTransient = (
  reply: Reply.Reply,
  request: HttpClientRequest.HttpClientRequest | undefined
): boolean => {
  if (reply.status !== 400) return false
  const [words, ...others] = Words.messages(reply)
  if (words === undefined || others.length > 0) return false
  const sentences = words.split(/(?<=[.!]) +/)
  const isRead = request?.method === "GET" || request?.method === "HEAD"
  return (isRead || sentences.length === 1) && again.test(sentences.at(-1) ?? "")
}

const again =
  /^please (try again|retry the operation)( (later|shortly|soon|after (some ?time|a while|a few (seconds|minutes))))?[.!]?$/i

const basic = (username: string, password: Redacted.Redacted): string =>
  // UTF-8, in which a password may hold any letter and a colon too.
  Buffer.from(`${username}:${Redacted.value(password)}`, "utf8").toString("base64")

const secret = (token: Redacted.Redacted | undefined): string =>
  token === undefined ? "" : Redacted.value(token)

const secrets = ({ access, refresh }: Grant): ReadonlyArray<Redacted.Redacted> =>
  refresh === undefined ? [access] : [access, refresh]

const noRestApi =
  "Its REST API is switched off (on the FMC: System > Configuration > REST API Preferences > Enable REST API), or this is no FMC: check the address"
