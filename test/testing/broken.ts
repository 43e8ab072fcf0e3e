// Plugins as they should not be, each wrong in one thing.
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { CredentialsRefused, DeviceRefused, ProtocolViolation } from "sallyport"
import * as Fmc from "sallyport/fmc"
import { type AuthProvider, Change, Reply, type Token } from "sallyport/plugin"
import type * as Testing from "sallyport/testing"

/** What is wrong, how, and the clauses that find it. */
export interface Broken {
  readonly fault: string
  readonly spoil?: (good: AuthProvider.AuthProvider) => Partial<AuthProvider.AuthProvider>
  /** What else of the subject is wrong. */
  readonly subject?: (good: Testing.Subject) => Partial<Testing.Subject>
  readonly caughtBy: ReadonlyArray<string>
}

const facts =
  (
    of: AuthProvider.AuthProvider["login"],
    change: (facts: Token.TokenResponse) => Partial<Token.TokenResponse>
  ): AuthProvider.AuthProvider["login"] =>
  (account) =>
    Effect.map(of(account), (given) => ({ ...given, ...change(given) }))

const refused = Effect.fail(
  new DeviceRefused({ targetName: "t", operation: "logout", status: 401, messages: [] })
)

const things = "/api/fmc_config/v1/domain/e276abec-e0f2-11e3-8169-6d9ed49b625f/object/hosts"
/** It creates a host. */
const newHost = HttpClientRequest.bodyUnsafeJson(HttpClientRequest.post(things), {
  type: "Host",
  name: "contract",
  value: "192.0.2.1"
})

const inErrors = "nothing secret is in its errors"
const inHands = "nothing secret is in what a script holds, nor in its logs, spans and events"
const leaving = [
  "it is logged out once on success",
  "it is logged out once on failure, which reaches the caller as it is",
  "it is logged out once on interruption in the middle of a request",
  "it is logged out once on interruption in the middle of the login, which frees its caller at once"
]

export const broken: ReadonlyArray<Broken> = [
  {
    fault: "writes without a word of it, in a plan too",
    subject: () => ({ change: (session) => session.http.post(things) }),
    caughtBy: ["a change in a plan is described, and not sent"]
  },
  {
    fault: "describes an undo that takes nothing back",
    subject: () => ({
      change: (session) =>
        Change.make(
          Effect.succeed({
            targetName: session.target.name,
            path: things,
            kind: "Host",
            action: "create",
            objects: [{ name: "contract", after: { name: "contract", value: "192.0.2.1" } }],
            planned: () => undefined,
            undo: () => [
              { method: "DELETE" as const, path: things, find: "another", expect: { name: "another" } }
            ]
          }),
          Effect.asVoid(session.http.execute(newHost))
        )
    }),
    caughtBy: ["a change in a run is taken back by what its journal has of it"]
  },
  {
    fault: "does not look for a change whose answer is lost",
    subject: () => ({ change: (session) => session.http.execute(newHost) }),
    caughtBy: ["a change whose answer is lost is looked for, and not sent again"]
  },
  {
    fault: "says of what writes that it reads",
    spoil: () => ({ isRead: () => true }),
    subject: () => ({ change: (session) => session.http.post(things) }),
    caughtBy: ["a change in a plan is described, and not sent"]
  },
  {
    fault: "leaves the path of its target",
    subject: () => ({
      plugin: {
        plugin: {
          ...Fmc.plugin,
          backend: (config, place) =>
            Fmc.plugin.backend(config, { ...place, target: { ...place.target, basePath: "" } })
        }
      }
    }),
    caughtBy: ["a target's path is kept by logins, requests, refreshes and logouts"]
  },
  {
    fault: "takes any field of a configuration",
    subject: () => ({
      plugin: {
        plugin: { ...Fmc.plugin, config: Schema.Record({ key: Schema.String, value: Schema.Unknown }) }
      }
    }),
    caughtBy: ["a field of a configuration that the plugin does not have is refused by its name"]
  },
  {
    fault: "makes a path of whatever id it is given",
    subject: () => ({
      byId: (session, id) => session.http.get(`${things}/${id}`)
    }),
    caughtBy: ["an id that stands for nothing, or for another path, is InvalidInput before anything is sent"]
  },
  {
    fault: "fails with nothing where a login is refused",
    spoil: ({ login }) => ({
      // As JavaScript may: the types know no such failure.
      login: (account) => Effect.mapError(login(account), () => undefined as never)
    }),
    caughtBy: ["a login that breaks off, or fails with nothing, is a typed error and hangs nobody"]
  },
  {
    fault: "forgets to revoke",
    spoil: () => ({ revoke: () => Effect.void }),
    caughtBy: [...leaving, "a logout that fails is an event, and the script's own result stands"]
  },
  {
    fault: "fails to revoke a dead token",
    spoil: ({ revoke }) => {
      const dead = new Set<string>()
      return {
        revoke: (token) => {
          const access = Redacted.value(token.access)
          if (dead.has(access)) return refused
          return Effect.tap(revoke(token), () => dead.add(access))
        }
      }
    },
    caughtBy: ["to log out what is logged out already succeeds"]
  },
  {
    fault: "says that a logout which failed went well",
    spoil: ({ revoke }) => ({ revoke: (token) => Effect.ignore(revoke(token)) }),
    caughtBy: ["a logout that fails is an event, and the script's own result stands"]
  },
  {
    fault: "breaks off with a defect when a logout fails",
    spoil: ({ revoke }) => ({ revoke: (token) => Effect.orDie(revoke(token)) }),
    caughtBy: ["a logout that fails is an event, and the script's own result stands"]
  },
  {
    fault: "takes a 401 for fine",
    spoil: ({ judge }) => ({ judge: (reply) => (reply.status === 401 ? "Fine" : judge(reply)) }),
    caughtBy: [
      "a request without a token, or with an unknown one, is judged TokenRefused",
      "the token is good until its lifetime is over, and not after it",
      "sixteen requests that are refused at once cause one renewal, and all sixteen come through",
      "an evicted session recovers; at the third time it is SessionContested, without another login",
      ...leaving
    ]
  },
  {
    fault: "takes a 503 for a refused token",
    spoil: ({ judge }) => ({ judge: (reply) => (reply.status === 503 ? "TokenRefused" : judge(reply)) }),
    caughtBy: [
      "a read that is answered 429 or 503 is sent again, and not before the time that the device asks for",
      "a POST that is answered 503 is not sent again: DeviceBusy"
    ]
  },
  {
    fault: "throws on a body that is no JSON",
    spoil: ({ judge }) => ({
      judge: (reply) => {
        if (reply.status >= 400) JSON.parse(Reply.text(reply))
        return judge(reply)
      }
    }),
    caughtBy: [
      "a read that is answered 429 or 503 is sent again, and not before the time that the device asks for",
      "a POST that is answered 503 is not sent again: DeviceBusy",
      "judge gives a verdict on whatever a device may answer, and never throws"
    ]
  },
  {
    fault: "prints the password in an error",
    spoil: ({ login }) => ({
      login: (account) =>
        Effect.mapError(login(account), (error) =>
          error._tag === "CredentialsRefused"
            ? new CredentialsRefused({ ...error, messages: [`${Redacted.value(account.password)} is wrong`] })
            : error
        )
    }),
    caughtBy: [inErrors]
  },
  {
    fault: "prints the token in the error of a refresh",
    spoil: ({ refresh }) => ({
      refresh: (token) =>
        Effect.mapError(
          refresh(token),
          () =>
            new ProtocolViolation({
              targetName: "t",
              operation: "refresh",
              detail: Buffer.from(`token=${Redacted.value(token.access)}`).toString("base64")
            })
        )
    }),
    caughtBy: [
      "a refresh token that the device does not know fails so that a login can follow",
      "a refresh that the device has no time for keeps the token, and no login follows",
      inErrors
    ]
  },
  {
    fault: "keeps the secret in the token's attributes, for anyone to print",
    spoil: ({ login }) => ({
      login: facts(login, ({ access }) => ({ attributes: { header: `Bearer ${Redacted.value(access)}` } }))
    }),
    caughtBy: [inHands]
  },
  {
    fault: "does not count its refreshes down",
    spoil: ({ refresh }) => ({
      refresh: (token) =>
        Effect.map(refresh(token), (given) => ({ ...given, refreshesLeft: token.refreshesLeft }))
    }),
    caughtBy: ["refreshes are counted down, and after the last comes a login"]
  },
  {
    fault: "throws the rotated refresh token away",
    spoil: ({ refresh }) => ({
      refresh: (token) => Effect.map(refresh(token), (given) => ({ ...given, refresh: token.refresh }))
    }),
    caughtBy: ["refreshes are counted down, and after the last comes a login"]
  },
  {
    fault: "swallows a wrong password",
    spoil: ({ login }) => ({
      login: (account) =>
        Effect.catchTag(login(account), "CredentialsRefused", () =>
          Effect.succeed({ access: Redacted.make("none"), revocable: false })
        )
    }),
    caughtBy: ["wrong credentials are CredentialsRefused, and sixteen sessions try them once"]
  },
  {
    fault: "logs in with an account of its own, not with the one that it is given",
    spoil: ({ credentials, login }) => ({
      login: () => Effect.flatMap(credentials, login)
    }),
    caughtBy: ["wrong credentials are CredentialsRefused, and sixteen sessions try them once"]
  },
  {
    fault: "tries a busy login again by itself",
    spoil: ({ login }) => ({ login: (account) => Effect.retry(login(account), { times: 2 }) }),
    caughtBy: [
      "a login that the device has no time for is waited for within its minute, and DeviceBusy at once where that is too short"
    ]
  },
  {
    fault: "takes any failure of a login for a wrong password",
    spoil: ({ login }) => ({
      login: (account) =>
        Effect.mapError(
          login(account),
          () => new CredentialsRefused({ targetName: "t", username: account.username, messages: [] })
        )
    }),
    caughtBy: [
      "a login that the device has no time for is waited for within its minute, and DeviceBusy at once where that is too short"
    ]
  },
  {
    fault: "says that a token lives twice as long",
    spoil: ({ login }) => ({
      login: facts(login, ({ lifetime }) => ({ lifetime: Duration.times(lifetime ?? 0, 2) }))
    }),
    caughtBy: [
      "the token is good until its lifetime is over, and not after it",
      "before it is due, sixteen callers use the token as it is"
    ]
  },
  {
    fault: "says that a token lives for seconds, where the device said minutes",
    spoil: ({ login }) => ({ login: facts(login, () => ({ lifetime: "30 seconds" })) }),
    caughtBy: ["the token is good until its lifetime is over, and not after it"]
  },
  {
    fault: "counts refreshes that it has no token for",
    spoil: ({ login }) => ({ login: facts(login, () => ({ refresh: undefined, refreshesLeft: 3 })) }),
    caughtBy: ["a login gives a token that makes sense"]
  },
  {
    fault: "puts no token on a request",
    spoil: () => ({ authorize: (request) => request }),
    caughtBy: [
      "a request that is authorized with it is accepted",
      "authorize keeps the rest of the request, and leaves the original without a secret"
    ]
  },
  {
    fault: "goes on with the old access token after a refresh",
    spoil: ({ refresh }) => ({
      refresh: (token) => Effect.map(refresh(token), (given) => ({ ...given, access: token.access }))
    }),
    caughtBy: [
      "at its expiry sixteen callers cause one renewal, and none sends the expired token",
      "refreshes are counted down, and after the last comes a login"
    ]
  },
  {
    fault: "drops the headers of the request that it signs",
    spoil: ({ authorize }) => ({
      authorize: (request, token) =>
        authorize(HttpClientRequest.make(request.method)(request.url, { body: request.body }), token)
    }),
    caughtBy: ["authorize keeps the rest of the request, and leaves the original without a secret"]
  },
  {
    fault: "puts the token on the request that the script holds",
    spoil: ({ authorize }) => ({
      authorize: (request, token) => {
        const authorized = authorize(request, token)
        Object.assign(request, { headers: authorized.headers })
        return authorized
      }
    }),
    caughtBy: ["authorize keeps the rest of the request, and leaves the original without a secret", inHands]
  }
]
