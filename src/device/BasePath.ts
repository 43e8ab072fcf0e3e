import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"

/**
 * A client whose paths are meant below a base: with the base `/api/fdm/v6`, `/object/networks` goes to
 * `/api/fdm/v6/object/networks`. A path that starts with `/api/` is taken as it is, and so is a whole URL, which the
 * transport then holds to the target's origin.
 */
export const below = <E, R, E2>(
  http: HttpClient.HttpClient.With<E, R>,
  base: Effect.Effect<string, E2>
): HttpClient.HttpClient.With<E | E2, R> =>
  HttpClient.mapRequestEffect(http, (request) =>
    isWhole.test(request.url)
      ? Effect.succeed(request)
      : Effect.map(base, (path) =>
          HttpClientRequest.setUrl(request, `${path}/${request.url.replace(/^\/+/, "")}`)
        )
  )

const isWhole = /^([a-z][a-z0-9+.-]*:|\/api\/)/i
