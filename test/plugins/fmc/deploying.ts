import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { Deployment, ReadBack } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"

/** A domain of a sandbox in which something can be changed, and what has been asked of it since. */
export const open = (options: Sandbox.Options = {}) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make({ objects: 0, ...options })
    const fmc = yield* Fmc.make(sandbox.fmc)
    const domain = yield* fmc.domain("Global")
    let from = sandbox.ledger.requests.length
    let changes = 0
    /** Makes all devices of the domain out of date. */
    const change = Effect.suspend(() => domain.hosts.create({ name: `h-${++changes}`, value: "192.0.2.1" }))
    /** Requests since it was asked the last time, by method and path below the domain. */
    const asked = () => {
      const requests = sandbox.ledger.requests.slice(from)
      from = sandbox.ledger.requests.length
      return requests.map(
        ({ method, path }) => `${method} ${path.replace(/^.*\/domain\/[^/]+/, "").replace(/\?.*/, "")}`
      )
    }
    return { sandbox, domain, change, asked }
  })

/** Looks every 20 milliseconds, so often at most. */
export const impatient =
  (times: number) =>
  <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    work.pipe(
      Effect.provideService(
        Deployment.PollSchedule,
        Schedule.intersect(Schedule.spaced("20 millis"), Schedule.recurs(times))
      ),
      Effect.provideService(
        ReadBack.ReadBackSchedule,
        Schedule.intersect(Schedule.spaced("20 millis"), Schedule.recurs(times))
      )
    )

export const request = "POST /deployment/deploymentrequests"
