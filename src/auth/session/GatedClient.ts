import * as HttpClient from "@effect/platform/HttpClient"
import type { HttpClientResponse } from "@effect/platform/HttpClientResponse"
import * as UrlParams from "@effect/platform/UrlParams"
import * as Effect from "effect/Effect"
import { withoutQuery } from "../../transport/RequestPath.ts"
import { isRead } from "../../transport/Retry.ts"
import type { SessionError } from "../AuthError.ts"
import type { AuthProvider } from "../AuthProvider.ts"
import * as WriteGate from "../WriteGate.ts"

/** `gated` sends by a session's client what its gates admit; `opened` is the one under which the session was opened. */
export const gated = (
  http: HttpClient.HttpClient.With<SessionError>,
  { isRead: onlyReads = never, tellsOfChanges = never, transport }: AuthProvider,
  opened: WriteGate.Gate | undefined
): HttpClient.HttpClient.With<SessionError> =>
  // What is sent: with the base of whoever asks, and not as it was written.
  HttpClient.transform(http, (send, { method, url, urlParams }) =>
    WriteGate.withGates(opened, (gates): Effect.Effect<HttpClientResponse, SessionError> => {
      const sent = WriteGate.keepingAmbient(send)
      if (gates.length === 0) return sent
      const path = pathOf(url)
      const query = [/\?([^#]*)/.exec(url)?.[1] ?? "", UrlParams.toString(urlParams)].join("&")
      const writes = !isRead(method) && !onlyReads(method, path)
      const { target } = transport
      const request = { target, method, path, query, writes, tellsOfChanges: tellsOfChanges(path, query) }
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

const never = () => false

/** `pathOf` gives the path of a request without its query; a whole URL is of the device, or refused below. */
const pathOf = (url: string): string => {
  const path = withoutQuery(url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, ""))
  return path.startsWith("/") ? path : `/${path}`
}
