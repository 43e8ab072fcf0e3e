import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Sandbox from "sallyport/sandbox"
import { lines, run } from "../support/example.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"

const script = "examples/fleet.ts"

describe("fleet.ts", () => {
  it.scopedLive(
    "by itself plans, comes to a canary and waves, takes one back, and does it by a second go",
    () =>
      Effect.gen(function* () {
        const [reports, temporary] = [yield* temporaryFolder, yield* temporaryFolder]
        const env = { TMPDIR: temporary, TEMP: temporary, XDG_STATE_HOME: temporary, LOCALAPPDATA: temporary }
        const { code, stderr, stdout } = yield* run(script, { args: ["--reports", reports], env })
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
        const [plan, first, rest, second] = stdout.split(/^(?=add-name-servers: )/m)
        const all = "branch-1, branch-2, branch-3, branch-4, branch-5, branch-6"
        expect(plan).toContain(`add-name-servers: plan for 6 devices\n\n6 devices: ${all}\n  + `)
        expect(first).toMatch(
          /^add-name-servers: failed; 5 of 6 devices are done\n1 failed, taken back; 5 done\./
        )
        expect(first).toContain("Waves: a canary of 1, 3, 2.")
        expect(first).toMatch(/^branch-6: failed, taken back\n {2}DeviceRefused: branch-6: POST /m)
        expect(rest).toContain("\n\n1 device: branch-6\n  + ")
        expect(second).toMatch(/^add-name-servers: done; 1 of 1 device is done\n/)
        expect(lines(stdout).at(-1)).toBe("Ledger: 0 sessions left open")
        const pages = readdirSync(reports).sort()
        expect(pages.map((name) => name.replace(/^\S{16}-|-\w+\.html$/g, ""))).toEqual([
          "fleet-add-name-servers",
          "fleet-add-name-servers"
        ])
        const texts = pages.map((name) => readFileSync(join(reports, name), "utf8"))
        expect(texts.map((text) => /branch-6/.test(text) && /^<!doctype html>/i.test(text))).toEqual([
          true,
          true
        ])
        // Nor a journal.
        expect(readdirSync(temporary)).toEqual([])
      })
  )

  it.scopedLive(
    "on an inventory asks before, comes to those that filters select, and costs what it says",
    () =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        const sandboxes = yield* Effect.forEach(["branch-1", "branch-2", "lab-1"], (name) =>
          Effect.map(Sandbox.make(), (sandbox) => ({ name, sandbox }))
        )
        const rows = sandboxes.map(
          ({ name, sandbox: { certificate, url } }) =>
            `${name},fdm,${url},${certificate.sha256},${name.toUpperCase().replace("-", "_")},${name.split("-")[0]}`
        )
        const inventory = join(folder, "inventory.csv")
        writeFileSync(inventory, `name,kind,url,trust.pin,credentials.env,tags\n${rows.join("\n")}\n`)
        const env = Object.fromEntries(
          sandboxes.flatMap(({ name, sandbox }) => {
            const prefix = name.toUpperCase().replace("-", "_")
            return [
              [`${prefix}_USERNAME`, sandbox.username],
              [`${prefix}_PASSWORD`, Redacted.value(sandbox.password)]
            ]
          })
        )
        const call = (...more: ReadonlyArray<string>) =>
          run(script, { args: ["--reports", folder, "--inventory", inventory, ...more], env })
        const counted = () =>
          sandboxes.map(({ sandbox: { ledger } }) => {
            const calls = ledger.requests.filter(({ kind }) => kind === "call")
            return [
              ledger.opened,
              calls.length,
              calls.filter(({ method }) => method !== "GET").length,
              ledger.open
            ]
          })

        const asked = yield* call("tag:branch")
        expect(asked).toMatchObject({ code: 1, stderr: "" })
        expect(asked.stdout).toMatch(/^add-name-servers: refused; 0 of 2 devices are done\n/)
        expect(asked.stdout).toContain("nobody to ask")
        const before = counted()
        expect(before.map(([, , writes, open]) => [writes, open])).toEqual([
          [0, 0],
          [0, 0],
          [0, 0]
        ])

        const done = yield* call("tag:branch", "--yes")
        expect(done).toMatchObject({ code: 0, stderr: "" })
        expect(done.stdout).toMatch(/^add-name-servers: done; 2 of 2 devices are done\n/m)
        const costs = (now: ReturnType<typeof counted>, since: ReturnType<typeof counted>) =>
          now.map((counts, at) => counts.map((count, which) => count - (since[at]?.[which] ?? 0)))
        const after = counted()
        expect(costs(after, before)).toEqual([
          [3, 17, 2, 0],
          [3, 17, 2, 0],
          [0, 0, 0, 0]
        ])

        expect(yield* call("tag:branch", "--yes")).toMatchObject({ code: 0, stderr: "" })
        expect(costs(counted(), after)).toEqual([
          [3, 9, 0, 0],
          [3, 9, 0, 0],
          [0, 0, 0, 0]
        ])
      })
  )
})
