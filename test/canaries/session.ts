// A session whose every token is a canary.
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { type AuthError, Credentials, Retry, Session, Target, Trust } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { AuthProvider, type Token } from "sallyport/plugin"
import type * as Sandbox from "sallyport/sandbox"
import type { Evidence } from "../support/canaries.ts"

export interface Options {
  readonly credentials?: Credentials.Credentials
  readonly trust?: Trust.Trust
  readonly url?: string
  readonly connect?: Target.Connect
  readonly onEvent?: Session.Options["onEvent"]
}

/** Logs in to the sandbox, patient for a moment only, and never repeats; plants the tokens that it gets. */
export const open = (
  name: "fmc" | "fdm",
  sandbox: Sandbox.Sandbox,
  evidence: Evidence,
  options: Options = {}
): Effect.Effect<Session.Session, AuthError, Scope.Scope> =>
  Effect.gen(function* () {
    const target = Target.make({
      url: options.url ?? sandbox.url,
      name: `canary-${name}`,
      trust: options.trust ?? Trust.pin(sandbox.certificate.sha256),
      ...(options.connect !== undefined && { connect: options.connect }),
      responseTimeout: "1 second",
      requestsPerMinute: Number.POSITIVE_INFINITY
    })
    const credentials =
      options.credentials ?? Credentials.password({ username: sandbox.username, password: sandbox.password })
    const context = yield* Layer.build(
      name === "fmc"
        ? Fmc.provider({ target, credentials })
        : Fdm.provider({ target, credentials, apiVersion: "v6" })
    )
    const provider = Context.get(context, AuthProvider.AuthProvider)
    const plant = (exchange: Effect.Effect<Token.TokenResponse, AuthError>) =>
      Effect.tap(exchange, ({ access, refresh }) => {
        evidence.plant(access)
        evidence.plant(refresh)
      })
    return yield* Session.make(
      {
        ...provider,
        login: (account) => plant(provider.login(account)),
        refresh: (token) => plant(provider.refresh(token))
      },
      {
        retry: Retry.none,
        backOff: () => "10 millis",
        onEvent: options.onEvent ?? ((event) => evidence.print(`event ${event._tag}`, event))
      }
    )
  })
