// Bodies that are read from somewhere, which may be the session that they go through.
import * as HttpBody from "@effect/platform/HttpBody"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { Credentials } from "sallyport"
import * as Fmc from "sallyport/fmc"
import { plain, rawDevice } from "../fuzz/rawDevice.ts"

const text = new TextEncoder()

describe("a request whose body is a stream", () => {
  for (const maxConnections of [1, 3, 10]) {
    for (const inner of ["get", "post"] as const) {
      it.scopedLive(
        `that needs the same session (${inner}) does not lock up, with ${maxConnections} connections`,
        () =>
          Effect.gen(function* () {
            const device = yield* rawDevice(({ body, path }) =>
              path.endsWith("generatetoken")
                ? plain(204, "", { "x-auth-access-token": "one" })
                : plain(200, `${path} ${body}`)
            )
            const credentials = Credentials.password({
              username: `${inner}${maxConnections}`,
              password: Redacted.make("x")
            })
            const { session } = yield* Fmc.make({ target: device.target({ maxConnections }), credentials })
            const stream = Stream.fromEffect(
              Effect.flatMap(session.http[inner]("/api/inner"), ({ text }) => text)
            ).pipe(
              Stream.orDie,
              Stream.map((words) => text.encode(words))
            )
            const outer = (at: number) =>
              Effect.flatMap(
                session.http.post(`/api/outer/${at}`, { body: HttpBody.stream(stream) }),
                ({ text }) => text
              )
            const answers = yield* Effect.all([1, 2, 3, 4].map(outer), { concurrency: "unbounded" }).pipe(
              Effect.timeout("10 seconds")
            )
            expect(answers).toEqual([1, 2, 3, 4].map((at) => `/api/outer/${at} /api/inner `))
          })
      )
    }
  }

  it.scopedLive("holds nothing up while it is read, and may be interrupted", () =>
    Effect.gen(function* () {
      const device = yield* rawDevice(({ path }) =>
        path.endsWith("generatetoken") ? plain(204, "", { "x-auth-access-token": "one" }) : plain(204)
      )
      const credentials = Credentials.password({ username: "never", password: Redacted.make("x") })
      const { session } = yield* Fmc.make({ target: device.target({ maxConnections: 1 }), credentials })
      const never = session.http.post("/api/never", { body: HttpBody.stream(Stream.never) })
      expect((yield* Effect.race(never, session.http.post("/api/other"))).status).toBe(204)
      expect(device.asked.map(({ path }) => path)).not.toContain("/api/never")
    })
  )
})
