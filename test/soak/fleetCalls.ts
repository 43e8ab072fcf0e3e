// The calls of a script's command line for a fleet: each is a process of its own.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Fleet } from "sallyport"
import type * as Sandbox from "sallyport/sandbox"
import { start } from "../support/runtime.ts"
import { type FleetScript, passwords } from "./fleetScripts.ts"

export interface Device {
  readonly name: string
  readonly sandbox: Sandbox.Sandbox
}

export type Check = (isSo: boolean, what: string) => void

/** Writes the inventory of the devices into a folder of its own, which `end` removes. */
export const make = (script: FleetScript, devices: ReadonlyArray<Device>, check: Check) => {
  const { file, files = {}, kind } = script
  const folder = mkdtempSync(join(tmpdir(), "sallyport-soak-"))
  const [inventory, reportFile] = [join(folder, "inventory.json"), join(folder, "report.json")]
  const places = devices.map(({ name, sandbox: { certificate, url } }) => [
    name,
    { url, trust: { pin: certificate.sha256 } }
  ])
  // A device that hangs is given up soon.
  const defaults = {
    kind,
    responseTimeout: "4 seconds",
    credentials: { username: "api", passwordFile: "password", account: "local" }
  }
  const all = {
    ...files,
    password: passwords.old,
    "inventory.json": JSON.stringify({ defaults, devices: Object.fromEntries(places) })
  }
  for (const [path, text] of Object.entries(all)) writeFileSync(join(folder, path), text, { mode: 0o600 })

  const input = script.input(folder)
  const concurrency = Math.min(25, Math.max(2, Math.floor(devices.length / 4)))
  const called = (...words: ReadonlyArray<string>) => {
    const env = {
      XDG_STATE_HOME: folder,
      LOCALAPPDATA: folder,
      SOAK_PASSWORD: passwords.old,
      SOAK_NEW_PASSWORD: passwords.fresh
    }
    const args = [...words, "--inventory", inventory, "--concurrency", String(concurrency)]
    return start(file, { args, env })
  }
  const reporting = (...words: ReadonlyArray<string>) => {
    rmSync(reportFile, { force: true })
    return called(...words, "--report", reportFile)
  }
  /** The report of the last call; dies where there is none. */
  const report = (what: string) =>
    Effect.sync(() =>
      Schema.decodeUnknownSync(Fleet.FleetReport)(JSON.parse(readFileSync(reportFile, "utf8")))
    ).pipe(Effect.catchAllDefect((error) => Effect.die(new Error(`${what}: no report: ${error}`))))
  /** Calls it, and gives its report. */
  const ran = (what: string, codes: ReadonlyArray<number>, ...words: ReadonlyArray<string>) =>
    Effect.gen(function* () {
      const { code, stderr } = yield* Effect.promise(() => reporting(...words).ended)
      check(codes.includes(code ?? -1), `${what}: it exits with ${code}: ${stderr.slice(-500)}`)
      return yield* report(what)
    })
  /** Runs it, and ends it by a signal when a third of the devices are done; gives the id of the fleet. */
  const ended = (signal: "SIGINT" | "SIGKILL", code: number | null) =>
    Effect.promise(async () => {
      const running = reporting("run", ...input, "--yes")
      let isOver = false
      void running.ended.then(() => {
        isOver = true
      })
      const isFarEnough = () => (running.output().match(/: done/g) ?? []).length > devices.length / 3
      while (!isOver && !isFarEnough()) await new Promise((resolve) => setTimeout(resolve, 10))
      running.kill(signal)
      const result = await running.ended
      check(result.code === code, `${signal} ends it with ${result.code}: ${result.stderr.slice(-500)}`)
      return /^fleet (\S+): /m.exec(result.stderr)?.[1] ?? "none"
    })
  return {
    input,
    plan: Effect.promise(() => called("plan", ...input).ended),
    report,
    ran,
    ended,
    end: () => rmSync(folder, { recursive: true })
  }
}
