// What goes wrong all along: every kind of fault, evictions, a device that goes away, a password that is rotated.
import { randomBytes } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import { Fault, type Sandbox } from "sallyport/sandbox"

/** The answer that a script waits for at most; slower ones are lost. */
export const patience = 1200

const hows: ReadonlyArray<Fault.How> = [
  Fault.reset,
  Fault.hang,
  Fault.loseAnswer,
  Fault.truncated,
  Fault.slow(200),
  Fault.slow(patience + 500),
  Fault.dropHeader("X-auth-access-token"),
  Fault.dropHeader("X-auth-refresh-token", "DOMAINS"),
  Fault.garbage(),
  Fault.redirect("https://elsewhere.example/"),
  Fault.status(401),
  Fault.status(404),
  Fault.status(408),
  Fault.status(429, { headers: { "retry-after": "1" } }),
  Fault.status(500),
  Fault.status(503)
]

const kinds = ["login", "refresh", "revoke", "call", "call"] as const

const oneOf = <A>(all: readonly [A, ...ReadonlyArray<A>] | ReadonlyArray<A>): Effect.Effect<A> =>
  Effect.map(Random.nextIntBetween(0, all.length), (at) => all[at] as A) // within the bounds by construction

/** Makes trouble for ever. */
export const trouble = (sandbox: Sandbox): Effect.Effect<never> =>
  Effect.gen(function* () {
    const dice = yield* Random.nextIntBetween(0, 100)
    if (dice < 1) yield* sandbox.evict()
    else if (dice < 4) {
      yield* sandbox.down()
      yield* Effect.sleep(yield* Random.nextIntBetween(100, 700))
      yield* Effect.orDie(sandbox.up())
    } else if (dice < 6) {
      // Never back to an old one: a script that was refused with it holds that against it for good, as it should.
      yield* sandbox.setPassword(Redacted.make(randomBytes(9).toString("hex")))
    } else if (dice < 16) yield* sandbox.clearFaults()
    else {
      const how = yield* oneOf(hows)
      const kind = yield* oneOf(kinds)
      // A login that is refused once with 401 is the last one with that password: the rotation above does that.
      const isRefusal = kind === "login" && how._tag === "Answer" && how.status === 401
      yield* sandbox.fail({
        how: isRefusal ? Fault.status(502) : how,
        kind,
        protocol: yield* oneOf(["fmc", "fdm"] as const),
        times: yield* Random.nextIntBetween(1, 3)
      })
    }
    yield* Effect.sleep(yield* Random.nextIntBetween(80, 450))
  }).pipe(Effect.forever)
