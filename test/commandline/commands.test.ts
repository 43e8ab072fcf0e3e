// What a command line does with a workflow, without a process of its own.
//
// States of a call: wrong usage, where nothing is begun; planning, where nothing in the process writes; asking; running;
// told. Races: Ctrl-C while it asks, and while it runs; a report that cannot be kept any more.
//
// Invariants: nothing is sent before the whole command line is understood · nothing is written that was not shown and
// approved, by a person or by --yes · the exit code is what the report says · a report is kept whatever becomes of the
// run · what a plan of a command line may not write, nobody in the process may.
import { mkdirSync, readFileSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import { Main, TokenStore, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import * as CommandLine from "../../src/commandline/CommandLine.ts"
import { type CallOptions, call, callerOf } from "../support/commandLine.ts"
import { createHosts } from "../support/createHosts.ts"
import { eventually } from "../support/eventually.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"

const { exitCodes } = Main

/** Has the second host refused, or waited for. */
const atTheSecond = (sandbox: Sandbox.Sandbox, how: Parameters<Sandbox.Sandbox["fail"]>[0]["how"]) =>
  sandbox.fail({ method: "POST", path: /hosts/, nth: 2, how })

const started = (options: Partial<Main.CommandLineOptions<{ fmc: typeof Fmc.plugin }, number>> = {}) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const folder = yield* temporaryFolder
    const all = { devices: { fmc: sandbox.fmc }, folder, ...options }
    return {
      sandbox,
      folder,
      all,
      call: (words: ReadonlyArray<string>, how?: CallOptions) => call(createHosts, all, words, how),
      writes: () =>
        sandbox.ledger.requests
          .filter(({ kind, method }) => kind === "call" && method !== "GET")
          .map(({ method }) => method)
    }
  })

const runIn = (text: string): string => /^Run (\S+),/m.exec(text)?.[1] ?? "none"

describe("plan", () => {
  it.scopedLive("shows what would be done, and tells by its exit code where it is asked to", () =>
    Effect.gen(function* () {
      const { call, writes } = yield* started()
      const words = ["plan", "--names", "web-1", "--names", "web-2"]
      const plain = yield* call(words)
      expect(plain).toMatchObject({ code: exitCodes.done, stderr: "" })
      expect(plain.stdout).toMatch(
        /^create-hosts: plan\n[\s\S]*\+ Host web-1\n[\s\S]*2 to create; 0 as wanted/
      )
      expect((yield* call([...words, "--detailed-exitcode"])).code).toBe(exitCodes.changes)
      expect(
        (yield* call(["plan", "--input", "-", "--detailed-exitcode"], { stdin: '{"names":[]}' })).code
      ).toBe(0)
      expect(writes()).toEqual([])
    })
  )

  it.scopedLive(
    "as drift tells by its exit code whether anything differs, and on a schedule what could not be seen",
    () =>
      Effect.gen(function* () {
        const { call, all, sandbox, writes } = yield* started()
        expect((yield* call(["drift", "--names", "web-1"])).code).toBe(exitCodes.changes)
        const { caller, got } = callerOf(["drift", "--names", "web-1", "--json", "--every", "* * * * * *"])
        const fiber = yield* Effect.fork(CommandLine.main(createHosts, all, caller))
        yield* eventually("it has looked twice", () => got.stdout.split("\n").length > 2, 20)
        yield* sandbox.fail({ kind: "login", how: Sandbox.Fault.status(400) })
        yield* eventually("it tells what it could not see", () => /^\S+Z: \w+: /m.test(got.stderr), 20)
        yield* Fiber.interrupt(fiber)
        const looks = got.stdout.trimEnd().split("\n")
        expect(
          looks.map((look) => Schema.decodeUnknownSync(Workflow.Plan)(JSON.parse(look)).changes.length)
        ).toEqual(looks.map(() => 1))
        expect(writes()).toEqual([])
        // A login that was under way goes on by itself, and is ended then.
        yield* eventually("all are logged out", () => sandbox.ledger.open === 0, 20)
      })
  )

  it.scopedLive("is printed as JSON that its Schema takes", () =>
    Effect.gen(function* () {
      const { call } = yield* started()
      const { stdout } = yield* call(["plan", "--names", "web-1", "--json"])
      const plan = Schema.decodeUnknownSync(Workflow.Plan)(JSON.parse(stdout))
      expect(plan).toMatchObject({ workflow: "create-hosts", changes: [{ name: "web-1" }] })
    })
  )
})

describe("run", () => {
  it.scopedLive("with --yes shows the plan, carries it out, and reports", () =>
    Effect.gen(function* () {
      const { call, sandbox, writes } = yield* started({ show: (count) => `${count} hosts` })
      const { code, stderr, stdout } = yield* call(["run", "-y", "--names", "web-1"])
      expect(code).toBe(exitCodes.done)
      expect(stderr).toMatch(/^create-hosts: plan\n[\s\S]*1 to create/)
      expect(stdout).toMatch(/^create-hosts: done\n1 done;[\s\S]*\n1 hosts\n$/)
      expect(stderr).toContain(`run ${runIn(stdout)}\n`)
      expect(writes()).toEqual(["POST"])
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive("has the exit code that the script gives it by what it came to, and else the usual one", () =>
    Effect.gen(function* () {
      const { call, sandbox } = yield* started({
        exitCode: ({ outcome }, count) => (count === 2 ? 7 : outcome === "failed" ? 8 : undefined)
      })
      const run = (...names: ReadonlyArray<string>) =>
        Effect.map(call(["run", "--yes", ...names.flatMap((name) => ["--names", name])]), ({ code }) => code)
      expect(yield* run("web-1")).toBe(exitCodes.done)
      expect(yield* run("web-1", "web-2")).toBe(7)
      yield* atTheSecond(sandbox, Sandbox.Fault.status(422))
      expect(yield* run("web-3", "web-4")).toBe(8)
    })
  )

  it.scopedLive("asks who sits before a terminal, and nobody where nothing would change", () =>
    Effect.gen(function* () {
      const { call, writes } = yield* started()
      const words = ["run", "--names", "web-1"]
      const refused = yield* call(words, { isAtTerminal: true, stdin: "n\n" })
      expect(refused.code).toBe(exitCodes.failed)
      expect(refused.stderr).toMatch(/\+ Host web-1[\s\S]*Carry it out\? \[y\/N\]/)
      expect(refused.stdout).toContain("was not approved")
      expect(writes()).toEqual([])
      const approved = yield* call(words, { isAtTerminal: true, stdin: "y\n" })
      expect(approved.code).toBe(exitCodes.done)
      expect(writes()).toEqual(["POST"])
      // It would hang if somebody were asked.
      const again = yield* call(words, { isAtTerminal: true })
      expect(again).toMatchObject({ code: exitCodes.done, stdout: expect.stringContaining("1 as wanted") })
    })
  )

  it.scopedLive("is refused where there is nobody to ask, before anything is sent", () =>
    Effect.gen(function* () {
      const { call, sandbox } = yield* started()
      const { code, stderr, stdout } = yield* call(["run", "--names", "web-1"])
      expect({ code, stdout }).toEqual({ code: exitCodes.wrongUsage, stdout: "" })
      expect(stderr).toMatch(/nobody to ask.*then give --yes, or the file of that plan by --plan FILE\.\n/)
      expect(sandbox.ledger.opened).toBe(0)
    })
  )

  it.scopedLive("tells by its exit code what became of a run that failed", () =>
    Effect.gen(function* () {
      const words = ["run", "--yes", "--names", "web-1", "--names", "web-2"]
      const undone = yield* started()
      yield* atTheSecond(undone.sandbox, Sandbox.Fault.status(400))
      const first = yield* undone.call(words)
      expect(first).toMatchObject({
        code: exitCodes.undone,
        stdout: expect.stringContaining("and taken back")
      })
      // Standard error alone says why, too.
      expect(first.stderr).toMatch(/was ended by an error[\s\S]*status 400[\s\S]*was taken back\.\n$/)
      const limited = yield* undone.call([...words, "--limit", "1"])
      expect(limited).toMatchObject({
        code: exitCodes.failed,
        stdout: expect.stringContaining("the limit is 1")
      })

      const left = yield* started({ onFailure: "leave" })
      yield* atTheSecond(left.sandbox, Sandbox.Fault.status(400))
      expect((yield* left.call(words)).code).toBe(exitCodes.failed)
      expect(left.writes()).toEqual(["POST", "POST"])

      const unclear = yield* started()
      yield* atTheSecond(unclear.sandbox, Sandbox.Fault.status(400))
      yield* unclear.sandbox.fail({ method: "DELETE", path: /hosts/, how: Sandbox.Fault.status(400) })
      expect((yield* unclear.call(words)).code).toBe(exitCodes.unclear)
    })
  )

  it.scopedLive("prints each event as a line of JSON that its Schema takes, and nothing else", () =>
    Effect.gen(function* () {
      const { call } = yield* started()
      const { code, stderr, stdout } = yield* call(["run", "--yes", "--json", "--names", "web-1"])
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      const events = stdout
        .trimEnd()
        .split("\n")
        .map((line) => Schema.decodeUnknownSync(Workflow.RunEvent)(JSON.parse(line)))
      expect(events.map(({ _tag }) => _tag)).toEqual([
        "Planned",
        "Begun",
        "ChangeBegun",
        "ChangeEnded",
        "Ended"
      ])
    })
  )

  it.scopedLive("by --quiet tells nothing but the end", () =>
    Effect.gen(function* () {
      const { call } = yield* started()
      const { stderr, stdout } = yield* call(["run", "--yes", "--quiet", "--names", "web-1"])
      expect(stderr).toBe("")
      expect(stdout).toMatch(/^create-hosts: done\n/)
    })
  )

  it.scopedLive("that is interrupted reports all the same", () =>
    Effect.gen(function* () {
      const { all, sandbox, writes } = yield* started()
      yield* atTheSecond(sandbox, Sandbox.Fault.slow("1 second"))
      const words = ["run", "--yes", "--names", "web-1", "--names", "web-2"]
      const { caller, got } = callerOf(words)
      const running = yield* Effect.fork(CommandLine.main(createHosts, all, caller))
      yield* eventually("it has written", () => writes().length === 2, 20)
      yield* Fiber.interrupt(running)
      expect(got.stdout).toMatch(/^create-hosts: interrupted, and taken back\n/)
      expect(sandbox.ledger.open).toBe(0)
    })
  )

  it.scopedLive("lets go of the question when it is interrupted, and has written nothing", () =>
    Effect.gen(function* () {
      const { all, sandbox, writes } = yield* started()
      const { caller, got } = callerOf(["run", "--names", "web-1"], { isAtTerminal: true })
      const asking = yield* Effect.fork(CommandLine.main(createHosts, all, caller))
      yield* eventually("it asks", () => got.stderr.includes("[y/N]"), 20)
      yield* Fiber.interrupt(asking)
      expect(writes()).toEqual([])
      expect(sandbox.ledger.open).toBe(0)
    })
  )
})

describe("runs, undo and resume", () => {
  it.scopedLive("list runs, the newest first, show one, take it back and list that", () =>
    Effect.gen(function* () {
      const { call, writes } = yield* started()
      expect((yield* call(["runs"])).stdout).toBe("No run has a journal.\n")
      const first = yield* call(["run", "--yes", "--names", "web-1"])
      const second = yield* call(["run", "--yes", "--names", "web-2"])
      const [older, newer] = [runIn(first.stdout), runIn(second.stdout)]
      const { stdout: table } = yield* call(["runs", "list"])
      expect(table.split("\n").map((line) => line.split(/ {2,}/)[0])).toEqual(["RUN", newer, older, ""])
      expect(table).toMatch(new RegExp(`${older}  create-hosts  \\S+  20\\S+Z  done\\n`))

      const shown = yield* call(["runs", "show", older])
      expect(shown).toMatchObject({ code: 0, stdout: expect.stringMatching(/^create-hosts: done\n/) })
      const undone = yield* call(["undo", "--yes", older])
      expect(undone).toMatchObject({
        code: exitCodes.done,
        stdout: expect.stringContaining("and taken back")
      })
      expect(writes()).toEqual(["POST", "POST", "DELETE"])
      const listed: ReadonlyArray<object> = JSON.parse((yield* call(["runs", "--json"])).stdout)
      expect(listed).toMatchObject([
        { run: older, state: "done, undone" },
        { run: newer, state: "done", workflow: "create-hosts" }
      ])
      expect(yield* Effect.flip(call(["resume", older]))).toMatchObject({ _tag: "RunOver", why: "Undone" })
    })
  )

  it.scopedLive("go on with a run that was left, by its own input", () =>
    Effect.gen(function* () {
      const { call, sandbox, writes } = yield* started({ onFailure: "leave" })
      yield* atTheSecond(sandbox, Sandbox.Fault.status(400))
      const failed = yield* call(["run", "--yes", "--names", "web-1", "--names", "web-2"])
      yield* sandbox.clearFaults()
      const resumed = yield* call(["resume", runIn(failed.stdout)])
      expect(resumed).toMatchObject({ code: 0, stdout: expect.stringContaining("done, by the run before") })
      expect(writes()).toHaveLength(3)
    })
  )

  it.scopedLive("say which run they lack, and where there is none", () =>
    Effect.gen(function* () {
      const { call } = yield* started()
      const said = yield* Effect.forEach(
        [["undo"], ["resume"], ["runs", "show"], ["undo", "a", "b"]],
        (words) => call(words)
      )
      expect(said.map(({ code }) => code)).toEqual([64, 64, 64, 64])
      expect(said.map(({ stderr }) => stderr.split("\n")[0])).toEqual([
        "undo: which run? Give its id, which its report ends with, and runs lists.",
        "resume: which run? Give its id, which its report ends with, and runs lists.",
        "runs show: which run? Give its id, which runs lists.",
        "b: nobody knows what it is for; undo takes one run."
      ])
      expect(yield* Effect.flip(call(["undo", "--yes", "20261129T013000Z-x-3f9a1c"]))).toMatchObject({
        _tag: "JournalFailed"
      })
    })
  )
})

describe("a run for a device on which another one works", () => {
  it.scopedLive("is refused with what to give, and by --wait-for-device waits for its end", () =>
    Effect.gen(function* () {
      const { all, call, sandbox, writes } = yield* started()
      yield* atTheSecond(sandbox, Sandbox.Fault.slow("2 seconds"))
      const { caller } = callerOf(["run", "--yes", "--names", "a", "--names", "b"])
      const first = yield* Effect.fork(CommandLine.main(createHosts, all, caller))
      yield* eventually("it has written", () => writes().length === 2, 20)
      const held = yield* Effect.flip(call(["run", "--yes", "--names", "c"]))
      expect(String(held)).toMatch(/let this run wait for it: by --wait-for-device on a command line/)
      expect(yield* call(["run", "--yes", "--names", "c", "--wait-for-device"])).toMatchObject({
        code: exitCodes.done
      })
      expect(yield* Fiber.join(first)).toBe(exitCodes.done)
    })
  )
})

describe("what is wrong with a command line", () => {
  it.scopedLive("is told without what would move a terminal's cursor", () =>
    Effect.gen(function* () {
      const { call } = yield* started()
      const { stderr } = yield* call(["undo", "a", "b\u009b2J\u001b[2J"])
      expect(stderr).toMatch(/nobody knows what it is for/)
      expect(stderr).not.toMatch(/[\u0080-\u009f\u001b]/)
    })
  )
})

describe("a report", () => {
  const read = (path: string) => readFileSync(path, "utf8")

  it.scopedLive("is kept as JSON, as Markdown and as a page: of a plan, of a run and of an undo", () =>
    Effect.gen(function* () {
      const { call, folder } = yield* started()
      const [json, markdown, page] = [join(folder, "a.json"), join(folder, "a.MD"), join(folder, "a.html")]
      const names = ["--names", "web-1"]
      const planned = yield* call(["plan", ...names, "--json", "--report", json])
      expect(read(json)).toBe(planned.stdout)
      yield* call(["plan", ...names, "--report", markdown])
      expect(read(markdown)).toMatch(/^## Plan of create-hosts/)
      const { stdout } = yield* call(["run", "--yes", ...names, "--report", page])
      expect(read(page)).toMatch(/^<!doctype html>[\s\S]*web-1/i)
      const undone = yield* call(["undo", "--yes", runIn(stdout), "--report", json])
      const kept = Schema.decodeUnknownSync(Workflow.RunReport)(JSON.parse(read(json)))
      expect(kept).toMatchObject({ run: runIn(undone.stdout), undo: { state: "done", left: 0 } })
    })
  )

  it.scopedLive("is kept of a run that is interrupted", () =>
    Effect.gen(function* () {
      const { all, folder, sandbox, writes } = yield* started()
      const path = join(folder, "report.json")
      yield* atTheSecond(sandbox, Sandbox.Fault.slow("1 second"))
      const words = ["run", "--yes", "--names", "web-1", "--names", "web-2", "--report", path]
      const running = yield* Effect.fork(CommandLine.main(createHosts, all, callerOf(words).caller))
      yield* eventually("it has written", () => writes().length === 2, 20)
      yield* Fiber.interrupt(running)
      expect(JSON.parse(read(path))).toMatchObject({ outcome: "interrupted", undo: { left: 0 } })
    })
  )

  it.scopedLive("that cannot be kept any more is told, and changes nothing of what became of the run", () =>
    Effect.gen(function* () {
      const { all, folder, sandbox, writes } = yield* started()
      const taken = join(folder, "taken.json")
      yield* atTheSecond(sandbox, Sandbox.Fault.slow("1 second"))
      const { caller, got } = callerOf(["run", "--yes", "--names", "a", "--names", "b", "--report", taken])
      const running = yield* Effect.fork(CommandLine.main(createHosts, all, caller))
      yield* eventually("it has written", () => writes().length === 2, 20)
      mkdirSync(taken)
      expect(yield* Fiber.join(running)).toBe(exitCodes.notKept)
      expect(got.stdout).toMatch(/^create-hosts: done\n/)
      expect(got.stderr).toMatch(/taken\.json cannot be written \(EISDIR\); the command runs shows/)
      expect(writes()).toEqual(["POST", "POST"])
    })
  )

  it.scopedLive.skipIf(process.platform !== "linux")(
    "that cannot be kept any more is told of a plan, too, and never hides a failure",
    () =>
      Effect.gen(function* () {
        const { call, folder, sandbox } = yield* started()
        const full = join(folder, "full.json")
        symlinkSync("/dev/full", full)
        const words = ["--names", "a", "--report", full]
        const planned = yield* call(["plan", "--detailed-exitcode", ...words])
        expect([planned.code, planned.stderr]).toEqual([
          exitCodes.notKept,
          expect.stringMatching(/full\.json cannot be written \(ENOSPC\); make the plan once more/)
        ])
        yield* sandbox.fail({ method: "POST", path: /hosts/, how: Sandbox.Fault.status(422) })
        const ran = yield* call(["run", "--yes", ...words, "--report", full])
        expect(ran.code).toBe(exitCodes.failed)
        const told =
          /^--report: .*full\.json cannot be written \(ENOSPC\); the command runs shows the report once more\.$/gm
        expect(ran.stderr.match(told)).toHaveLength(2)
      })
  )

  it.scopedLive.each<[string, RegExp]>([
    ["report.pdf", /tells no form; give a file that ends in \.json, \.md or \.html/],
    ["report", /tells no form/],
    ["nowhere/report.md", /there is no folder .*nowhere; make it first/],
    ["taken.md", /taken\.md cannot be written \(EISDIR\); give another file/]
  ])("that could not be kept as %s is refused before anything is sent", ([name, says]) =>
    Effect.gen(function* () {
      const { call, folder, sandbox } = yield* started()
      mkdirSync(join(folder, "taken.md"))
      const { code, stderr } = yield* call(["run", "--yes", "--names", "a", "--report", join(folder, name)])
      expect({ code, stderr }).toEqual({ code: 64, stderr: expect.stringMatching(says) })
      expect(sandbox.ledger.opened).toBe(0)
    })
  )
})

it.scopedLive("calls that follow each other share a login, where the script has a store for it", () =>
  Effect.gen(function* () {
    const tokenStore = TokenStore.disk({ folder: yield* temporaryFolder })
    const { call, sandbox, writes } = yield* started({ tokenStore })
    for (const command of [["plan"], ["run", "--yes"], ["drift"]])
      expect((yield* call([...command, "--names", "web-1"])).code).toBe(exitCodes.done)
    expect([sandbox.ledger.opened, writes()]).toEqual([1, ["POST"]])
  })
)

describe("a plan of a command line", () => {
  it.scopedLive.each(["plan", "run"])("keeps the whole process from writing: by %s", (command) =>
    Effect.gen(function* () {
      const { all, sandbox, writes } = yield* started()
      const outside = yield* Fmc.make(sandbox.fmc)
      const { hosts } = yield* outside.domain("Global")
      const orders: Array<() => void> = []
      setInterval(() => orders.shift()?.(), 1).unref()
      const workflow = Workflow.make({
        ...createHosts,
        run: () =>
          Effect.promise(
            () =>
              new Promise<number>((resolve) =>
                orders.push(() =>
                  Effect.runPromise(Effect.ignore(hosts.create({ name: "behind", value: "192.0.2.9" }))).then(
                    () => resolve(0)
                  )
                )
              )
          )
      })
      const words = [command, "--names", "x", ...(command === "run" ? ["--yes", "--limit", "0"] : [])]
      const { stderr, stdout } = yield* call(workflow, all, words)
      expect(`${stdout}${stderr}`).toMatch(/plan, not complete[\s\S]*it would write, and this is a plan/)
      expect(stderr.includes("what comes behind its end is carried out, too")).toBe(command === "run")
      // A run is no plan any more, and what is outside of it is free again.
      expect(writes()).toEqual(command === "run" ? ["POST"] : [])
    })
  )
})
