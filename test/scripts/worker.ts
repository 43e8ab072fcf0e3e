// A session in a worker thread, which ends in the way that HOW names. The main thread only starts it, and says so.
import process, { exit } from "node:process"
import { isMainThread, parentPort, Worker } from "node:worker_threads"
import * as Effect from "effect/Effect"
import { Main } from "sallyport"
import * as Fmc from "sallyport/fmc"

const { FMC_PIN: pin = "", FMC_URL: url = "", HOW: how = "" } = process.env
const given = { url, trust: { pin }, credentials: { env: "FMC" } }

const main = async () => {
  const worker = new Worker(new URL(import.meta.url))
  const ended = new Promise<number>((resolve) => worker.once("exit", resolve))
  await new Promise((resolve) => worker.once("message", resolve))
  if (how === "signal") {
    // As src/README.md says: the signal comes here, so the worker has to be told.
    process.once("SIGINT", () => worker.postMessage("close"))
    process.kill(process.pid, "SIGINT")
  }
  process.exitCode = await ended
}

const work = async () => {
  const told = () => parentPort?.postMessage("open")
  if (how !== "forgotten") parentPort?.once("message", () => process.exit(4))
  if (how === "end" || how === "named") {
    const script = Effect.tap(Fmc.Fmc, () => {
      told()
      if (how === "named") exit(3)
    })
    return Main.run(Effect.provide(script, Fmc.layerConfig("FMC")))
  }
  await Fmc.open(given)
  told()
  if (how === "exit") exit(3)
  if (how === "throw") throw new Error("by itself")
}

await (isMainThread ? main() : work())
