import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Sandbox from "sallyport/sandbox"
import { lines, run } from "../support/example.ts"
import { root } from "../support/runtime.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"

const script = "examples/inventory.ts"
const example = join(root, "examples/inventory.yaml")

describe("inventory.ts", () => {
  it.scopedLive("lists the devices that filters mean, and shows where each value of one is from", () =>
    Effect.gen(function* () {
      const [listed, shown] = yield* Effect.all(
        [
          run(script, { args: [example, "list", "kind:fdm", "!tag:canary"] }),
          run(script, { args: [example, "show", "lab-1"] })
        ],
        { concurrency: 2 }
      )
      expect({ ...listed, stdout: lines(listed.stdout) }).toMatchObject({
        code: 0,
        stderr: "",
        stdout: ["tokyo: fdm, prod", "lab-1: fdm, lab prod"]
      })
      expect(shown).toMatchObject({ code: 0, stderr: "" })
      const rows = lines(shown.stdout).map((line) => line.trim().split(/\s{2,}/))
      expect(rows).toContainEqual([
        "credentials",
        '{"username":"admin","prompt":"lab","account":"local"}',
        "group lab",
        expect.stringMatching(/inventory\.yaml:\d+$/)
      ])
      expect(rows).toContainEqual([
        "responseTimeout",
        '"1 minute"',
        "defaults",
        expect.stringMatching(/inventory\.yaml:\d+$/)
      ])
    })
  )

  it.scopedLive("asks those that are selected, and tells those that cannot be asked", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const folder = yield* temporaryFolder
      const file = join(folder, "devices.csv")
      writeFileSync(
        file,
        `name,kind,url,trust.pin,credentials.env
hq,fmc,${sandbox.url},${sandbox.certificate.sha256},LAB
branch,fdm,${sandbox.url},${sandbox.certificate.sha256},LAB
nobody,fdm,${sandbox.url},${sandbox.certificate.sha256},NOBODY
other,fdm,${sandbox.url},${sandbox.certificate.sha256},LAB
`
      )
      const ended = yield* run(script, {
        args: [file, "versions", "!other"],
        env: { LAB_USERNAME: sandbox.username, LAB_PASSWORD: Redacted.value(sandbox.password) }
      })
      expect({ ...ended, stdout: [...lines(ended.stdout)].sort() }).toMatchObject({
        code: 1,
        stderr: "",
        stdout: [
          expect.stringMatching(/^branch: \d/),
          expect.stringMatching(/^hq: \d/),
          expect.stringMatching(/^nobody: NOBODY_USERNAME: this variable must be set/)
        ]
      })
      expect({ opened: sandbox.ledger.opened, open: sandbox.ledger.open }).toEqual({ opened: 2, open: 0 })
    })
  )
})
