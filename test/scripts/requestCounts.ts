// Says as JSON how many fibers, timers and promises a session makes that only opens and closes, and one request of each
// kind on a session that is warm, and how many steps of Effect it takes: the least of many, since on a machine with much to do what arrives in pieces is worth a
// turn of the event loop more. The device is in another process, so that all of them are this side's. "a wait" is none, but
// one fiber with one timer, which shows that both are counted.
import { createHook } from "node:async_hooks"
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import * as Redacted from "effect/Redacted"
import * as RuntimeFlags from "effect/RuntimeFlags"
import * as RuntimeFlagsPatch from "effect/RuntimeFlagsPatch"
import * as Stream from "effect/Stream"
import * as Supervisor from "effect/Supervisor"
import { Credentials, Target, Trust } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"

const [warmUp, rounds] = [5, 15]

const counts = { fibers: 0, steps: 0, timers: 0, promises: 0 }
const fibers = Metric.counter("effect_fiber_started", { incremental: true })
const hook = createHook({
  init: (_, type) => {
    if (type === "PROMISE") counts.promises++
    if (type === "Timeout" || type === "Immediate") counts.timers++
  }
})

/** What runs on a runtime of its own, such as that of the promises, it does not see. */
class Steps extends Supervisor.AbstractSupervisor<void> {
  override readonly value = Effect.void
  override onEffect() {
    counts.steps++
  }
}
const countingSteps = <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  work.pipe(
    Effect.supervised(new Steps()),
    Effect.withRuntimeFlagsPatch(RuntimeFlagsPatch.enable(RuntimeFlags.OpSupervision))
  )

const begin = () => {
  Object.assign(counts, { fibers: fibers.unsafeValue([]).count, steps: 0, timers: 0, promises: 0 })
  hook.enable()
}
const end = () => {
  hook.disable()
  return { ...counts, fibers: fibers.unsafeValue([]).count - counts.fibers }
}

const leastOf = (samples: ReadonlyArray<typeof counts>): typeof counts => {
  const of = (unit: keyof typeof counts) => Math.min(...samples.map((sample) => sample[unit]))
  return { fibers: of("fibers"), steps: of("steps"), timers: of("timers"), promises: of("promises") }
}

const told: Record<string, typeof counts> = {}
const count = <E>(what: string, request: (round: number) => Effect.Effect<unknown, E>) =>
  Effect.gen(function* () {
    const samples: Array<typeof counts> = []
    for (let round = -warmUp; round < rounds; round++) {
      begin()
      yield* request(round)
      const sample = end()
      if (round >= 0) samples.push(sample)
    }
    told[what] = leastOf(samples)
  })
const countAwaited = async (what: string, request: () => Promise<unknown>) => {
  const samples: Array<typeof counts> = []
  for (let round = -warmUp; round < rounds; round++) {
    begin()
    await request()
    const sample = end()
    if (round >= 0) samples.push(sample)
  }
  told[what] = leastOf(samples)
}

const given = (prefix: string) => ({
  url: process.env[`${prefix}_URL`] ?? "",
  trust: { pin: process.env[`${prefix}_PIN`] ?? "" },
  credentials: { env: prefix },
  requestsPerMinute: 10_000
})

const { trust, url } = given("FMC")
const known = {
  target: Target.make({ url, trust: Trust.pin(trust.pin), requestsPerMinute: 10_000 }),
  credentials: Credentials.password({
    username: process.env.FMC_USERNAME ?? "",
    password: Redacted.make(process.env.FMC_PASSWORD ?? "")
  })
}

const withEffect = Effect.gen(function* () {
  yield* count("a wait", () => Effect.flatMap(Effect.fork(Effect.sleep("2 millis")), Fiber.join))
  yield* count("FMC: a login and a logout", () => Effect.scoped(Fmc.make(given("FMC"))))
  yield* count("FMC, its account known: a login and a logout", () => Effect.scoped(Fmc.make(known)))
  yield* count("FDM: a login and a logout", () => Effect.scoped(Fdm.make(given("FDM"))))
  const fmc = yield* Fmc.make(given("FMC"))
  const { hosts } = yield* fmc.domain("Global")
  const version = "/api/fmc_platform/v1/info/serverversion"
  yield* count("FMC: a request", () => Effect.flatMap(fmc.session.http.get(version), ({ json }) => json))
  yield* count("FMC: a list of one page", () => Stream.runCollect(hosts.list()))
  yield* count("FMC: a write", (round) => hosts.create({ name: `count-${round}`, value: "192.0.2.1" }))
  const fdm = yield* Fdm.make(given("FDM"))
  yield* count("FDM: a request", () => Effect.flatMap(fdm.http.get("/object/networks"), ({ json }) => json))
  yield* count("FDM: a list of one page", () => Stream.runCollect(fdm.networks.list()))
  yield* count("FDM: a write", (round) =>
    fdm.networks.create({ name: `count-${round}`, subType: "HOST", value: "192.0.2.1" })
  )
})
await Effect.runPromise(countingSteps(Effect.scoped(withEffect)))
await Fmc.use(given("FMC"), async (fmc) => {
  const { hosts } = await fmc.domain("Global")
  await countAwaited("FMC, awaited: a list of one page", () => hosts.list().toArray())
})
console.log(JSON.stringify(told))
