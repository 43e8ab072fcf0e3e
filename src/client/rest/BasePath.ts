import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import * as RequestPath from "../../transport/RequestPath.ts"
import * as Needed from "../../validation/Needed.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"

/**
 * `withBasePath` gives a client whose paths are meant below a base: with the base `/api/fdm/v6`, `/object/networks`
 * goes to `/api/fdm/v6/object/networks`. A path that starts with `/api/` is taken as it is, and so is a whole URL,
 * which the transport then holds to the target.
 *
 * Fails with `InvalidInput`, before the base is asked for, where a path would leave its base by `.` or `..` in whatever
 * spelling, and where a `PUT`, `PATCH` or `DELETE` lacks a segment, as in `/object/hosts/`: an id that is empty would
 * reach the whole collection.
 */
export const withBasePath = <E, R, E2>(
  http: HttpClient.HttpClient.With<E, R>,
  base: Effect.Effect<string, E2>
): HttpClient.HttpClient.With<E | E2 | InvalidInput, R> => {
  Needed.client("http", http)
  Needed.effect("base", base)
  return HttpClient.mapRequestEffect(
    http,
    (request): Effect.Effect<HttpClientRequest.HttpClientRequest, E2 | InvalidInput> => {
      const fault = RequestPath.fault(request.method, request.url)
      return fault === undefined
        ? Effect.map(resolve(base, request.url), (url) => HttpClientRequest.setUrl(request, url))
        : refuseInput("url", fault)
    }
  )
}

/** `resolve` gives a path below a base, from the device's root: what `withBasePath` sends a request to. Fails as the base does. */
export const resolve = <E>(base: Effect.Effect<string, E>, path: string): Effect.Effect<string, E> => {
  Needed.text("path", path)
  if (isWhole.test(path)) return Effect.succeed(path)
  Needed.effect("base", base)
  return Effect.map(base, (base) => `${base}/${path.replace(/^\/+/, "")}`)
}

const isWhole = /^([a-z][a-z0-9+.-]*:|\/api\/)/i
