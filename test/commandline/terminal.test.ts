// A command line as a process on a terminal: what is drawn, and what is left of it.
//
// Races: Ctrl-C while it is drawn.
//
// Invariants: what was drawn is gone once the process has ended, and its last words and the report are there · the cursor
// is never hidden, so that it is there whatever ends the process.
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Sandbox from "sallyport/sandbox"
import { eventually } from "../support/eventually.ts"
import { environmentOf } from "../support/example.ts"
import { root } from "../support/runtime.ts"
import { screenOf } from "../support/screen.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"
import { hasTerminals, onTerminal } from "../support/terminal.ts"

describe.skipIf(!hasTerminals)("a run on a terminal", () => {
  it.scopedLive("draws how far it is, and leaves the terminal clean on Ctrl-C", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      yield* sandbox.fail({
        method: "POST",
        path: /hosts/,
        nth: 2,
        times: 2,
        how: Sandbox.Fault.slow("2 seconds")
      })
      const running = onTerminal(join(root, "test/scripts/createHosts.ts"), {
        args: ["run", "--yes", "--names", "a", "--names", "b", "--names", "c"],
        env: { ...environmentOf(sandbox, "FMC"), XDG_STATE_HOME: yield* temporaryFolder, NO_COLOR: "1" }
      })
      yield* eventually("it draws", () => running.output().includes("1 of 3 changes"), 30)
      running.type("\u0003")
      expect(yield* Effect.promise(() => running.ended)).toBe(130)
      expect(running.output()).not.toContain("\u001b[?25l")
      const screen = screenOf(100, 30)
      screen.echo(running.output())
      const lines = yield* screen.lines
      const said = lines.indexOf(
        "SIGINT: stopping, and taking back what was changed. Once more to end that after the change at hand."
      )
      // What becomes of the change at hand is told in between.
      const takingBack = lines.indexOf("taking back what was changed …")
      expect([said > 0, takingBack > said]).toEqual([true, true])
      expect(lines.indexOf("create-hosts: interrupted, and taken back")).toBeGreaterThan(takingBack)
      expect(lines.filter((line) => /[█░]| of 3 changes/.test(line))).toEqual([])
      expect(sandbox.ledger.open).toBe(0)
    })
  )
})
