// What a command line asks before an undo, and what it says of one that was ended before it was over, and of runs and fleets beside each other.
//
// States of an undo, as a journal tells them: begun, and nothing taken back; ended with something left; done.
//
// Invariants: nothing is taken back that whoever sits before a terminal has not approved · what is not taken back is not told as undone · whoever reads of it is told how to go on.
import { appendFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Sandbox from "sallyport/sandbox"
import { type CallOptions, call } from "../support/commandLine.ts"
import { createHosts } from "../support/createHosts.ts"
import { inventoryOf } from "../support/fleetInventories.ts"
import { adding, fleetOf, input } from "../support/fleets.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"

/** What a process leaves that is killed when its undo has begun, and has taken nothing back. */
const killedAtUndo = (journal: string) =>
  appendFileSync(journal, `${JSON.stringify({ _tag: "undoing", at: new Date().toISOString() })}\n`, {
    // Deno gives the file this mode.
    mode: 0o600
  })

const journalIn = (text: string): string => /Journal: (\S+)$/m.exec(text)?.[1] ?? "none"
const runIn = (text: string): string => /^Run (\S+),/m.exec(text)?.[1] ?? "none"
const fleetIn = (text: string): string => /^Fleet (\S+),/m.exec(text)?.[1] ?? "none"

const hosts = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make()
  const folder = yield* temporaryFolder
  const say = (...words: ReadonlyArray<string>) =>
    call(createHosts, { devices: { fmc: sandbox.fmc }, folder }, words)
  const atTerminal = (stdin: string | undefined, ...words: ReadonlyArray<string>) =>
    call(createHosts, { devices: { fmc: sandbox.fmc }, folder }, words, {
      isAtTerminal: true,
      ...(stdin !== undefined && { stdin })
    })
  return { sandbox, say, atTerminal }
})

describe("before anything is taken back", () => {
  it.scopedLive("who sits before a terminal sees what was done, and is asked", () =>
    Effect.gen(function* () {
      const { atTerminal, sandbox, say } = yield* hosts
      const run = runIn((yield* say("run", "--yes", "--names", "web-1")).stdout)
      const sent = sandbox.ledger.requests.length
      const refused = yield* atTerminal("n\n", "undo", run)
      expect([refused.code, refused.stdout]).toEqual([1, ""])
      expect(refused.stderr).toMatch(
        /create-hosts: done\n[\s\S]*\+ Host web-1[\s\S]*\n\nTake it back\? \[y\/N\] It was not approved: nothing was sent/
      )
      expect(sandbox.ledger.requests).toHaveLength(sent)
      const approved = yield* atTerminal("y\n", "undo", run)
      expect(approved).toMatchObject({ code: 0, stdout: expect.stringContaining("and taken back\n1 undone") })
      // It would hang if somebody were asked.
      expect((yield* atTerminal(undefined, "undo", run)).stderr).toContain("was taken back before")
      const other = runIn((yield* say("run", "--yes", "--names", "web-2")).stdout)
      expect((yield* atTerminal(undefined, "undo", "--yes", other)).code).toBe(0)
      yield* say("run", "--yes", "--names", "web-3")
      const empty = runIn((yield* say("run", "--yes", "--names", "web-3")).stdout)
      expect((yield* atTerminal(undefined, "undo", empty)).code).toBe(0)
    })
  )

  it.scopedLive("nobody is asked where nobody is there: it is taken back by its id", () =>
    Effect.gen(function* () {
      const { say } = yield* hosts
      const run = runIn((yield* say("run", "--yes", "--names", "web-1")).stdout)
      const { code, stderr, stdout } = yield* say("undo", run)
      expect([code, stdout]).toEqual([0, expect.stringContaining("and taken back\n1 undone")])
      expect(stderr).not.toContain("Take it back?")
    })
  )

  it.scopedLive("a fleet is asked about as a whole", () =>
    Effect.gen(function* () {
      const { devices, folder } = yield* fleetOf(2)
      const inventory = ["--inventory", inventoryOf(folder, devices, () => [])]
      const say = (how: CallOptions, ...words: ReadonlyArray<string>) =>
        call(adding, { folder }, [...words, ...inventory], how)
      const ran = yield* say({}, "run", "--yes", "--value", input.value)
      const fleet = fleetIn(ran.stdout)
      const refused = yield* say({ isAtTerminal: true, stdin: "n\n" }, "undo", fleet)
      expect([refused.code, refused.stdout]).toEqual([1, ""])
      expect(refused.stderr).toMatch(/add-networks: done[\s\S]*d2[\s\S]*Take it back\? \[y\/N\] It was not/)
      const approved = yield* say({ isAtTerminal: true, stdin: "y\n" }, "undo", fleet)
      expect(approved).toMatchObject({ code: 0, stdout: expect.stringContaining("done, and taken back\n") })
    })
  )
})

describe("an undo of a run", () => {
  it.scopedLive("that was killed before anything was taken back is told as that, and gone on with", () =>
    Effect.gen(function* () {
      const { sandbox, say } = yield* hosts
      const { stdout } = yield* say("run", "--yes", "--names", "web-1", "--names", "web-2")
      const run = runIn(stdout)
      killedAtUndo(journalIn(stdout))

      expect((yield* say("runs")).stdout).toMatch(/ {2}done, its undo is not over\n/)
      const shown = (yield* say("runs", "show", run)).stdout
      expect(shown).toMatch(/^create-hosts: done, and not yet taken back\n2 done;/)
      expect(shown).toContain(`script.ts undo ${run} goes on with the undo.`)
      expect(shown).not.toMatch(/not resumed|requests/)

      expect((yield* say("undo", "--yes", run)).stdout).toMatch(
        /^create-hosts: done, and taken back\n2 undone;/
      )
      expect((yield* say("runs")).stdout).toMatch(/ {2}done, undone\n/)
      const sent = sandbox.ledger.requests.length
      const again = yield* say("undo", "--yes", run)
      expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("and taken back") })
      expect(again.stderr).toBe(
        `run ${run} was taken back before: nothing is left to do, and nothing was sent.\n`
      )
      expect(sandbox.ledger.requests).toHaveLength(sent)
    })
  )

  it.scopedLive("that leaves something says that it can be tried once more", () =>
    Effect.gen(function* () {
      const { sandbox, say } = yield* hosts
      const run = runIn((yield* say("run", "--yes", "--names", "web-1")).stdout)
      yield* sandbox.fail({ method: "DELETE", path: /hosts/, how: Sandbox.Fault.status(400) })
      const undone = (yield* say("undo", "--yes", run)).stdout
      expect(undone).toContain(`script.ts undo ${run} tries once more to take back what is left.`)
      expect((yield* say("runs")).stdout).toMatch(/ {2}done, undone in part\n/)
    })
  )
})

describe("an undo of a fleet", () => {
  it.scopedLive("that was killed at its beginning is told as that, and its end by what is left", () =>
    Effect.gen(function* () {
      const { devices, folder } = yield* fleetOf(2)
      const inventory = ["--inventory", inventoryOf(folder, devices, () => [])]
      const say = (...words: ReadonlyArray<string>) => call(adding, { folder }, words)
      const done = (yield* say("run", "--yes", ...inventory, "--value", input.value)).stdout
      const fleet = fleetIn(done)
      expect(done).toContain(`script.ts undo ${fleet} takes it back. Give --inventory as before.`)
      killedAtUndo(journalIn(done))

      const listed = (yield* say("runs")).stdout.split("\n")
      expect(listed[1]).toMatch(new RegExp(`^${fleet} .* done, its undo is not over$`))
      const shown = (yield* say("runs", "show", fleet)).stdout
      expect(shown).toMatch(
        /^add-networks: done, and not yet taken back; something is left on 2 of 2 devices\n/
      )
      expect(shown).toContain(`script.ts undo ${fleet} goes on with the undo. Give --inventory as before.`)

      const undone = (yield* say("undo", "--yes", fleet, ...inventory)).stdout
      expect(undone).toMatch(/^add-networks: done, and taken back\n/)
      expect((yield* say("runs", "show", fleet)).stdout).toMatch(/^add-networks: done, and taken back\n/)
      expect((yield* say("runs")).stdout).toMatch(new RegExp(`${fleet} .* done, undone\n`))
    })
  )
})

describe("an id of the other kind", () => {
  it.scopedLive("is told with the command that takes it, and one run of a fleet is taken back alone", () =>
    Effect.gen(function* () {
      const { devices, folder } = yield* fleetOf(2)
      const path = inventoryOf(folder, devices, () => [])
      const say = (...words: ReadonlyArray<string>) => call(adding, { folder }, words)
      const run = ["run", "--yes", "--inventory", path, "--value", input.value]
      const fleet = fleetIn((yield* say(...run, "--device", "fdm=d1", "--device", "d2")).stdout)
      for (const command of ["undo", "resume"]) {
        const { code, stderr } = yield* say(command, fleet, "--device", "FDM")
        expect([code, stderr.split("\n")[0]]).toEqual([
          64,
          `${fleet}: it is the id of a fleet; give its inventory: script.ts ${command} ${fleet} --inventory FILE.`
        ])
      }
      const runs = JSON.parse((yield* say("runs", "--json")).stdout) as ReadonlyArray<{
        readonly run: string
        readonly devices: ReadonlyArray<string>
      }>
      const ofSecond = runs.find(({ devices: [name], run }) => name === "d2" && run !== fleet)?.run ?? "none"
      const wrong = yield* say("undo", "--yes", ofSecond, "--inventory", path, "--device", "d1")
      expect([wrong.code, wrong.stderr]).toEqual([
        64,
        expect.stringMatching(/its fdm is the fdm "d2" .* by --inventory FILE --device PART=NAME\./)
      ])
      const undone = yield* say("undo", "--yes", ofSecond, "--inventory", path)
      expect(undone).toMatchObject({ code: 0, stdout: expect.stringContaining("and taken back") })
      const left = yield* Effect.forEach(devices, ({ has }) => has)
      expect(left.map(({ length }) => length)).toEqual([3, 0])
    })
  )
})

describe("runs", () => {
  it.scopedLive("lists what was last at work first, be it a run or a fleet", () =>
    Effect.gen(function* () {
      const { devices, folder, given } = yield* fleetOf(1)
      const inventory = ["--inventory", inventoryOf(folder, devices, () => [])]
      const run = (...more: ReadonlyArray<string>) => {
        const words = ["run", "--yes", "--value", input.value, ...more]
        return call(adding, { folder, devices: { fdm: given.d1 ?? "FDM" } }, words)
      }
      const fleet = fleetIn((yield* run(...inventory)).stdout)
      const later = runIn((yield* run()).stdout)
      const { stdout } = yield* call(adding, { folder }, ["runs", "--json"])
      const ids = (JSON.parse(stdout) as ReadonlyArray<{ readonly run: string }>).map(({ run }) => run)
      expect([ids.slice(0, 2), ids.length]).toEqual([[later, fleet], 3])
    })
  )
})
