import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Fdm from "sallyport/fdm"
import * as Sandbox from "sallyport/sandbox"

/** A client on a sandbox; what it has sent since, token operations apart, as `METHOD /path` below the version. */
export const opened = (options: Sandbox.Options = {}) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make(options)
    const fdm = yield* Fdm.make({ ...sandbox.fdm, retry: Schedule.recurs(3) })
    const sent = () =>
      sandbox.ledger.requests
        .map(({ method, path }) => `${method} ${path.replace(/^\/api\/fdm\/[^/]+/, "").replace(/\?.*/, "")}`)
        .filter((one) => !/^GET \/api\/versions$|\/fdm\/token$/.test(one))
    const writes = () => sent().filter((one) => !one.startsWith("GET"))
    return { sandbox, fdm, sent, writes }
  })
