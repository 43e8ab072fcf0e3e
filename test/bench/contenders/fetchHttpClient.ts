import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import type { Contender } from "../Contender.ts"
import { login, logout, password, shortList, tokenHeader, username } from "../Facts.ts"

/** `fetchHttpClient` is Effect's own client over the runtime's fetch. */
export const fetchHttpClient: Contender = {
  name: "FetchHttpClient",
  open: ({ origin }) =>
    Effect.gen(function* () {
      const client = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
      const opened = yield* client.execute(
        HttpClientRequest.basicAuth(HttpClientRequest.post(`${origin}${login}`), username, password)
      )
      const signed = HttpClient.mapRequest(
        client,
        HttpClientRequest.setHeader(tokenHeader, opened.headers[tokenHeader] ?? "")
      )
      const get = Effect.flatMap(signed.get(`${origin}${shortList}`), ({ json }) => json)
      return {
        requests: (count: number, width: number) =>
          Effect.runPromise(Effect.replicateEffect(get, count, { concurrency: width, discard: true })),
        close: () => Effect.runPromise(Effect.asVoid(signed.post(`${origin}${logout}`)))
      }
    }).pipe(Effect.provide(FetchHttpClient.layer), Effect.runPromise)
}
