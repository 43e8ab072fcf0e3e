import type { HttpClientRequest } from "@effect/platform/HttpClientRequest"
import * as UrlParams from "@effect/platform/UrlParams"
import * as Effect from "effect/Effect"
import type { SessionError } from "../AuthError.ts"
import type { AuthProvider } from "../AuthProvider.ts"
import * as WriteGate from "../WriteGate.ts"
import { pathOf, writes } from "./Writes.ts"

/** `gated` sends what the gates of a session admit; `opened` is the one under which it was opened. */
export const gated =
  (provider: AuthProvider, opened: WriteGate.Gate | undefined) =>
  <A>(asked: HttpClientRequest, send: Effect.Effect<A, SessionError>): Effect.Effect<A, SessionError> =>
    WriteGate.withGates(opened, (gates): Effect.Effect<A, SessionError> => {
      const sent = WriteGate.keepingAmbient(send)
      if (gates.length === 0) return sent
      const { method, url, urlParams } = asked
      const path = pathOf(url)
      const query = [/\?([^#]*)/.exec(url)?.[1] ?? "", UrlParams.toString(urlParams)].join("&")
      const { target } = provider.transport
      const tellsOfChanges = provider.tellsOfChanges?.(path, query) === true
      const request = { target, method, path, query, writes: writes(provider, asked), tellsOfChanges }
      return Effect.gen(function* () {
        let admitted: Effect.Effect<A, SessionError> = sent
        for (const gate of new Set(gates)) {
          yield* gate.admit(request)
          admitted = gate.around?.(request, admitted) ?? admitted
        }
        return yield* admitted
      })
    })
