import { existsSync } from "node:fs"
import process from "node:process"
import { describe, expect, inject, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { lines, run } from "../support/example.ts"

const hasPostgres =
  existsSync("/usr/lib/postgresql") ||
  (process.env.PATH ?? "").split(":").some((folder) => existsSync(`${folder}/initdb`))

// It takes a minute, most of which is spent until a killed runner is missed.
const where = inject("isThorough")
  ? hasPostgres
    ? "cluster.ts"
    : "cluster.ts (skipped: there is no PostgreSQL here)"
  : "cluster.ts (in npm run test:all)"

describe.runIf(inject("isThorough") && hasPostgres)(where, () => {
  it.live(
    "has each write sent once by runners that are killed and interrupted, and leaves no session",
    () =>
      Effect.gen(function* () {
        const { code, stderr, stdout } = yield* run("examples/cluster.ts", { mayDoEverything: true })
        expect(code, stdout + stderr).toBe(0)
        const once = ["POST /object/hosts 201", "POST /object/hosts gone", "POST /object/hosts 201"]
        expect(lines(stdout).slice(-7)).toEqual([
          ...once,
          ...once,
          expect.stringMatching(/^\d sessions were opened, 0 are open$/)
        ])
        expect(lines(stdout).filter((line) => line === "add-hosts: done").length).toBe(2)
        expect(lines(stdout).filter((line) => /^runner \w+: resumed/.test(line)).length).toBe(2)
        expect(stdout + stderr).not.toContain("taking back")
      }),
    180_000
  )
})
