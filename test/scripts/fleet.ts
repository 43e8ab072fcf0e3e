// A fleet as a process of its own, to be interrupted and killed. FLEET_DEVICES: name, url, username, password and pin of
// each; FLEET_KIND; FLEET_FOLDER.
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Credentials, Fleet, Main, Target, Trust } from "sallyport"
import { workflows } from "../support/fleetWorkflows.ts"

const { FLEET_DEVICES = "[]", FLEET_FOLDER, FLEET_KIND = "fdm" } = process.env
const given: ReadonlyArray<Readonly<Record<"name" | "url" | "username" | "password" | "pin", string>>> =
  JSON.parse(FLEET_DEVICES)
const devices = given.map(({ name, password, pin, url, username }) => ({
  name,
  kind: FLEET_KIND,
  options: {
    target: Target.make({ url, name, trust: Trust.pin(pin) }),
    credentials: Credentials.password({ username, password: Redacted.make(password) })
  }
}))

const options: Fleet.FleetOptions = {
  folder: FLEET_FOLDER,
  // So that some are done, some under way and some not begun when it is ended.
  concurrency: 3,
  onProgress: (event) => {
    if (event._tag === "DeviceEnded") console.log(`${event.device.device} ${event.device.outcome}`)
  }
}

Main.run(
  Effect.asVoid(
    FLEET_KIND === "fmc"
      ? Fleet.run(workflows.fmc, devices, {}, options)
      : Fleet.run(workflows.fdm, devices, {}, options)
  )
)
