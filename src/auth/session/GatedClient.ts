import * as HttpClient from "@effect/platform/HttpClient"
import type { HttpClientResponse } from "@effect/platform/HttpClientResponse"
import * as UrlParams from "@effect/platform/UrlParams"
import * as Effect from "effect/Effect"
import type { SessionError } from "../AuthError.ts"
import type { AuthProvider } from "../AuthProvider.ts"
import * as WriteGate from "../WriteGate.ts"
import { pathOf, writes } from "./Writes.ts"

/** `gated` sends by a session's client what its gates admit; `opened` is the one under which the session was opened. */
export const gated = (
  http: HttpClient.HttpClient.With<SessionError>,
  provider: AuthProvider,
  opened: WriteGate.Gate | undefined
): HttpClient.HttpClient.With<SessionError> =>
  // What is sent: with the base of whoever asks, and not as it was written.
  HttpClient.transform(http, (send, asked) =>
    WriteGate.withGates(opened, (gates): Effect.Effect<HttpClientResponse, SessionError> => {
      const sent = WriteGate.keepingAmbient(send)
      if (gates.length === 0) return sent
      const { method, url, urlParams } = asked
      const path = pathOf(url)
      const query = [/\?([^#]*)/.exec(url)?.[1] ?? "", UrlParams.toString(urlParams)].join("&")
      const { target } = provider.transport
      const tellsOfChanges = provider.tellsOfChanges?.(path, query) === true
      const request = { target, method, path, query, writes: writes(provider, asked), tellsOfChanges }
      return Effect.gen(function* () {
        let admitted: Effect.Effect<HttpClientResponse, SessionError> = sent
        for (const gate of new Set(gates)) {
          yield* gate.admit(request)
          admitted = gate.around?.(request, admitted) ?? admitted
        }
        return yield* admitted
      })
    })
  )
