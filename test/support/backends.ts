import type { HttpClientResponse } from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { AuthError, Session, SessionError } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import type * as Sandbox from "sallyport/sandbox"

/** A backend as the tests of the session see it: what is said of one must hold for all. */
export interface Backend {
  readonly name: "fmc" | "fdm"
  readonly open: (
    sandbox: Sandbox.Sandbox,
    options?: Session.Options
  ) => Effect.Effect<Session.Session, AuthError, Scope.Scope>
  readonly tally: (sandbox: Sandbox.Sandbox) => Sandbox.Tally
  /** A path that needs a token and changes nothing. */
  readonly readable: string
}

export const backends: ReadonlyArray<Backend> = [
  {
    name: "fmc",
    open: (sandbox, options) =>
      Effect.map(Fmc.make({ ...sandbox.fmc, ...options }), ({ session }) => session),
    tally: (sandbox) => sandbox.ledger.fmc,
    readable: "/api/fmc_platform/v1/info/serverversion"
  },
  {
    name: "fdm",
    open: (sandbox, options) =>
      Effect.map(Fdm.make({ ...sandbox.fdm, apiVersion: "v6", ...options }), ({ session }) => session),
    tally: (sandbox) => sandbox.ledger.fdm,
    readable: "/api/fdm/v6/object/networks?limit=1"
  }
]

/** Reads something through a session. */
export const read = (
  session: Session.Session,
  backend: Backend
): Effect.Effect<HttpClientResponse, SessionError> => session.http.get(backend.readable)
