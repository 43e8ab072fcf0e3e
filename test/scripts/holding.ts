// A process of a run that has devices to itself: FOLDER, RUN, DEVICES (their origins, by commas), WHEN (`refuse` or
// `wait`). Says that it asks, and that it holds them, and stays until it is ended; or, with LOG, writes there when it
// comes and when it goes, ROUNDS times.
import { appendFileSync } from "node:fs"
import process from "node:process"
import * as Effect from "effect/Effect"
import { Main } from "sallyport"
import * as DeviceHold from "../../src/workflow/DeviceHold.ts"

const { DEVICES = "", FOLDER, LOG, ROUNDS = "1", RUN = "", WHEN } = process.env

const devices = DEVICES.split(",").map((origin) => ({ name: "device", origin }))
const hold = DeviceHold.hold(devices, {
  folder: FOLDER,
  run: RUN,
  whenHeld: WHEN === "wait" ? "wait" : "refuse"
})

Main.run(
  Effect.gen(function* () {
    console.log("asks")
    yield* hold
    if (LOG === undefined) {
      console.log("holds")
      return yield* Effect.sleep("1 hour")
    }
    appendFileSync(LOG, `in ${RUN}\n`)
    yield* Effect.sleep("3 millis")
    appendFileSync(LOG, `out ${RUN}\n`)
  }).pipe(Effect.scoped, Effect.repeatN(Number(ROUNDS) - 1))
)
