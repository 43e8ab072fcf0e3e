// What it costs to come to many devices, when each takes a millisecond:
//
//     node --conditions=@sallyport/source --import tsx test/soak/dispatch.ts [devices] [concurrency]   # or bun, or deno run -A
//
// Prints the time, and how the heap has grown from a tenth of the devices to all of them.
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Dispatch from "../../src/fleet/Dispatch.ts"
import * as StopRule from "../../src/fleet/StopRule.ts"
import * as Waves from "../../src/fleet/Waves.ts"
import { sample } from "./heap.ts"

const [devices, concurrency] = [Number(process.argv[2] ?? 28_000), Number(process.argv[3] ?? 200)]

const work: Dispatch.Work<number, number> = {
  waves: Waves.plan(devices, 1, ["25%"]),
  concurrency,
  rule: StopRule.make({ stopAfter: "1%" }, devices),
  each: (place) => Effect.as(Effect.sleep(1), place),
  settle: (place) => Effect.succeed(place),
  isFailure: () => false
}

const measured = Effect.gen(function* () {
  const heaps: Array<number | undefined> = []
  const look = (seen: number) =>
    seen === Math.floor(devices / 10) || seen === devices
      ? Effect.promise(async () => void heaps.push(await sample()))
      : Effect.void
  yield* Stream.runFoldEffect(Dispatch.stream(work, 64), 0, (seen) => Effect.as(look(seen + 1), seen + 1))
  return heaps
})

/** Milliseconds until all are done, and of the processor: on a busy machine only the latter say something. */
const timed = (effect: Effect.Effect<unknown>) =>
  Effect.promise(async () => {
    const [began, used] = [performance.now(), process.cpuUsage()]
    await Effect.runPromise(effect)
    const { system, user } = process.cpuUsage(used)
    return `${Math.round(performance.now() - began)} (${Math.round((system + user) / 1000)})`
  })

const program = Effect.gen(function* () {
  for (const [what, effect] of [
    ["dispatched", Dispatch.dispatch(work)],
    ["streamed", Stream.runDrain(Dispatch.stream(work, 64))]
  ] as const) {
    const times = yield* Effect.forEach([1, 2, 3], () => timed(effect))
    console.log(
      `${devices} devices of 1 ms each, ${concurrency} at once, ${what}: ${times.join(", ")} ms (of CPU)`
    )
  }
  const [early = 0, late = 0] = yield* measured
  console.log(`heap from a tenth of them to all: ${Math.round((late - early) / 1024)} KiB more`)
})

await Effect.runPromise(program)
