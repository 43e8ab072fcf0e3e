// Whatever bytes come: a reply or a typed error, in time, and the way to the device is as good as before.
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as fc from "fast-check"
import { Reply, Transport } from "sallyport/plugin"
import { randomRuns } from "../support/randomRuns.ts"
import { pause } from "../transport/servers.ts"
import { anyBytes } from "./answers.ts"
import { judged, noneEscapes } from "./outcome.ts"
import { type Bytes, plain, rawDevice } from "./rawDevice.ts"
import { ways } from "./ways.ts"

/** A device that has an answer for each path; any other path is echoed. */
const scripted = Effect.suspend(() => {
  const script = new Map<string, Bytes>()
  return Effect.map(
    rawDevice(({ path }) => script.get(path) ?? plain(200, `echo of ${path}`)),
    (device) => ({ device, script })
  )
})

const bounds = { responseTimeout: 120, maxBodyBytes: 100_000 }

const echoed = (transport: Transport.Transport, path: string) =>
  Effect.map(transport.exchange(HttpClientRequest.get(path)), (reply) => {
    expect(reply.status).toBe(200)
    expect(Reply.text(reply)).toBe(`echo of ${path}`)
  })

/**
 * A device that stalls for a moment may do so once more, and again; and one that resets a connection behind a whole answer
 * may do so only when it is used once more: that is no fault here.
 */
const patiently = (transport: Transport.Transport, path: string) =>
  Effect.retry(echoed(transport, path), {
    times: 5,
    while: (error) => "reason" in error && ["Timeout", "ECONNRESET"].includes(String(error.reason))
  })

describe("whatever bytes a device answers with", () => {
  it.scopedLive(
    "four requests at once end as replies or typed errors, and the next one has its own answer",
    () =>
      Effect.gen(function* () {
        yield* noneEscapes
        const { device, script } = yield* scripted
        const { closed, connect, made } = ways()
        let next = 0
        yield* Effect.scoped(
          Effect.gen(function* () {
            const transport = yield* Transport.make(device.target({ ...bounds, connect }))
            const bad = (bytes: Bytes) => {
              const path = `/bad/${++next}`
              script.set(path, bytes)
              const request = next % 2 === 0 ? HttpClientRequest.get(path) : HttpClientRequest.post(path)
              return judged(transport.exchange(request)).then((exit) => {
                script.delete(path)
                if (Exit.isFailure(exit)) return
                expect(exit.value.body.length).toBeLessThanOrEqual(bounds.maxBodyBytes)
                // What scripts are handed can be made of it.
                expect(Reply.toResponse(exit.value, request).status).toBe(exit.value.status)
              })
            }
            yield* Effect.promise(() =>
              fc.assert(
                fc.asyncProperty(fc.array(anyBytes, { minLength: 4, maxLength: 4 }), async (answers) => {
                  await Promise.all(answers.map(bad))
                  // What comes behind an answer arrives with it, or a moment later.
                  await Effect.runPromise(pause(3))
                  await Effect.runPromise(
                    Effect.all(
                      [1, 2, 3].map(() => patiently(transport, `/good/${++next}`)),
                      { concurrency: "unbounded" }
                    )
                  )
                }),
                { numRuns: randomRuns(75, 1 / 5) }
              )
            )
          })
        )
        expect(made()).toBeGreaterThan(50)
        yield* closed
      }),
    120_000
  )
})
