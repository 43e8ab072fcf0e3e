import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import type { InvalidInput, ProtocolViolation } from "../../transport/DeviceError.ts"
import type { Reply } from "../../transport/Reply.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"
import type { AuthError } from "../AuthError.ts"
import type * as AuthProvider from "../AuthProvider.ts"
import type { Token } from "../Token.ts"
import { brokenPlugin } from "./BrokenPlugin.ts"

/**
 * `make` makes of a plugin's provider one that cannot break a session: whatever an operation throws, gives or fails
 * with becomes an error of `AuthError`. One that cannot be interrupted is to be run by `inTime`.
 *
 * Fails with `InvalidInput`, which names what is missing.
 */
export const make = (
  provider: AuthProvider.AuthProvider
): Effect.Effect<AuthProvider.AuthProvider, InvalidInput> => {
  const wrong = problemWith(provider)
  if (wrong !== undefined) return refuseInput(...wrong)
  const targetName = provider.transport.target.name
  const broken = (operation: string, how: string) => brokenPlugin(targetName, operation, how)

  /** `safely` holds an operation to its type: JavaScript may give or throw something else in its place. */
  const safely = <A>(
    operation: string,
    call: () => Effect.Effect<A, AuthError>
  ): Effect.Effect<A, AuthError> =>
    Effect.suspend((): Effect.Effect<A, unknown> => {
      const effect: unknown = call()
      if (Effect.isEffect(effect)) return effect as Effect.Effect<A, unknown>
      // A promise that is rejected, by an async function, would be told as nobody's, with whatever it holds.
      if (effect instanceof Promise) effect.catch(() => undefined)
      return Effect.fail(broken(operation, "gave no Effect"))
    }).pipe(
      Effect.catchAllDefect(() => Effect.fail(broken(operation, "broke off with a defect"))),
      Effect.mapError((error) =>
        isAuthError(error) ? error : broken(operation, "failed with none of the errors of AuthError")
      )
    )

  return Effect.succeed({
    name: provider.name,
    node: provider.node,
    transport: provider.transport,
    credentials: provider.credentials,
    login: (account) =>
      Effect.filterOrFail(
        safely("login", () => provider.login(account)),
        isTokenResponse,
        () => broken("login", noTokenResponse)
      ),
    refresh: (token) =>
      Effect.filterOrFail(
        safely("refresh", () => provider.refresh(token)),
        isTokenResponse,
        () => broken("refresh", noTokenResponse)
      ),
    revoke: (token) => safely("logout", () => provider.revoke(token)),
    authorize: (request, token) => provider.authorize(request, token),
    judge: (reply, request) => provider.judge(reply, request),
    isRead: (method, path) => isSo(() => provider.isRead?.(method, path)),
    tellsOfChanges: (path, query) => isSo(() => provider.tellsOfChanges?.(path, query))
  })
}

/** `isSo` is what the plugin says; one that throws, or says neither yes nor no, is not believed. */
const isSo = (said: () => unknown): boolean => {
  try {
    return said() === true
  } catch {
    return false
  }
}

/**
 * `authorize` puts the token on a request. A plugin that throws here, or gives no request, has sent nothing: what it is
 * told by is given in place of the request.
 */
export const authorize = (
  provider: AuthProvider.AuthProvider,
  request: HttpClientRequest,
  token: Token
): HttpClientRequest | ProtocolViolation =>
  attempt(
    provider,
    "authorize",
    () => provider.authorize(request, token),
    (authorized) =>
      Predicate.hasProperty(authorized, "method") && Predicate.hasProperty(authorized, "headers"),
    "gave no request"
  )

/** `judge` gives the plugin's verdict on an answer, or what a plugin that gives none is told by. */
export const judge = (
  provider: AuthProvider.AuthProvider,
  reply: Reply,
  request: HttpClientRequest
): AuthProvider.Verdict | ProtocolViolation =>
  attempt(
    provider,
    "judge",
    () => provider.judge(reply, request),
    (verdict) => verdicts.has(verdict),
    `gave none of ${[...verdicts].join(", ")}`
  )

/** `verdicts` are all that there are. */
export const verdicts: ReadonlySet<unknown> = new Set<AuthProvider.Verdict>([
  "Fine",
  "TokenRefused",
  "TokenDoubted",
  "Busy"
])

const attempt = <A>(
  { transport }: AuthProvider.AuthProvider,
  operation: string,
  call: () => A,
  isSound: (given: A) => boolean,
  otherwise: string
): A | ProtocolViolation => {
  const broken = (how: string) => brokenPlugin(transport.target.name, operation, how)
  try {
    const given = call()
    return isSound(given) ? given : broken(otherwise)
  } catch {
    return broken("broke off")
  }
}

const noTokenResponse = "gave no token response with an access token that is Redacted"

const isTokenResponse = (facts: unknown): boolean =>
  Predicate.hasProperty(facts, "access") &&
  isSecret(facts.access) &&
  (!Predicate.hasProperty(facts, "refresh") || facts.refresh === undefined || isSecret(facts.refresh))

const isSecret = (given: unknown): boolean => {
  if (!Redacted.isRedacted(given)) return false
  const text = Redacted.value(given)
  return typeof text === "string" && text !== ""
}

const tags: ReadonlySet<unknown> = new Set<AuthError["_tag"]>([
  "TrustRefused",
  "DeviceUnreachable",
  "ProtocolViolation",
  "InvalidInput",
  "CredentialsRefused",
  "DeviceBusy",
  "DeviceRefused",
  "TokenStoreFailed",
  "SessionClosed",
  "SessionContested",
  "TokenRejected"
])

/** `isAuthError` goes by the tag: a plugin may have its own copy of this library. */
const isAuthError = (error: unknown): error is AuthError =>
  error instanceof Error && Predicate.hasProperty(error, "_tag") && tags.has(error._tag)

/**
 * `problemWith` names what a provider lacks, and how to mend it. The types say so too; a script in JavaScript has none.
 */
const problemWith = (given: unknown): readonly [field: string, sentence: string] | undefined => {
  if (!Predicate.isObject(given))
    return ["provider", "there is none; give the AuthProvider of a plugin, as in Session.make(provider)."]
  // A third party's may be an instance of a class.
  const provider = given as Readonly<Record<string, unknown>>
  for (const name of operations) {
    if (typeof provider[name] !== "function")
      return [`provider.${name}`, "it is no function; give all that an AuthProvider has."]
  }
  if (!Predicate.hasProperty(provider.transport, "target"))
    return ["provider.transport", "it is no transport; give what Transport.make(target) gives."]
  if (!Effect.isEffect(provider.credentials)) {
    return [
      "credentials",
      'they are no Credentials; give Credentials.fromEnv("FMC"), Credentials.password({ username, password }) or another Effect of an account.'
    ]
  }
  return undefined
}

const operations = ["login", "refresh", "revoke", "authorize", "judge"] as const
