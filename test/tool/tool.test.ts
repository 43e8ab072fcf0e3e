// The command `sallyport` of the package, without a process of its own.
//
// Invariants: nothing is written over · what is tried is logged out again · what a device says is shown without what
// would move a terminal's cursor · a command line that cannot be understood begins nothing.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Inventory, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { main } from "../../src/tool/Tool.ts"
import { callerOf } from "../support/commandLine.ts"
import { environmentOf } from "../support/example.ts"
import { proxying } from "../support/httpProxy.ts"
import { root } from "../support/runtime.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"

const call = (...words: ReadonlyArray<string>) =>
  Effect.suspend(() => {
    const { caller, got } = callerOf(words)
    return Effect.map(main(caller), (code) => ({ code, ...got }))
  })

describe("trust", () => {
  it.scopedLive("shows the certificate, and what trusts it; nothing is sent", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { host, origin } = new URL(sandbox.url)
      const pin = (sandbox.certificate.sha256.toUpperCase().match(/../g) ?? []).join(":")
      for (const given of [host, `${origin}/ui`]) {
        const { code, stdout } = yield* call("trust", given)
        expect(code).toBe(0)
        expect(stdout).toContain(`\n  Target.make({ url: "${origin}", trust: Trust.pin("${pin}") })\n`)
        expect(stdout).toContain(`\n  FMC_PIN=${pin}\n`)
        expect(stdout).toMatch(/Compare the fingerprint/)
      }
      expect(sandbox.ledger.requests).toEqual([])
    })
  )

  it.live.each<[ReadonlyArray<string>, RegExp]>([
    [[], /^trust: of which device\? Give its name or address/],
    [["http://fmc.example"], /^http:\/\/fmc\.example: this is no host; give one such as/],
    [["a b"], /^a b: this is no host/],
    [["https://api:secret@fmc.example"], /^…@fmc\.example has an account before its @; leave that out/],
    [["api:secret@b c"], /^…@b c has an account/],
    [["a", "b"], /^b: nobody knows what it is for/],
    [["a", "--all"], /^Unknown option '--all'/]
  ])("says what to give: %j", ([words, says]) =>
    Effect.gen(function* () {
      const { code, stderr } = yield* call("trust", ...words)
      expect({ code, stderr }).toEqual({ code: 64, stderr: expect.stringMatching(says) })
    })
  )

  it.live("calls an address of IPv6 as a URL does", () =>
    Effect.gen(function* () {
      expect(String(yield* Effect.flip(call("trust", "[::1]:1")))).toContain("[::1]:1")
    })
  )
})

describe("trust behind a proxy", () => {
  const trust = (proxy: string, ...words: ReadonlyArray<string>) =>
    Effect.withConfigProvider(
      call("trust", ...words),
      ConfigProvider.fromMap(new Map([["FMC_PROXY", proxy]]))
    )

  it.live("leads through the one that is given, or else that of FMC_PROXY, as a script does", () =>
    Effect.gen(function* () {
      const given = ["fmc.example", "--proxy", "http://127.0.0.1:1"]
      for (const calling of [
        call("trust", ...given),
        trust("http://127.0.0.1:2", ...given),
        trust(" http://127.0.0.1:1 ", "fmc.example")
      ])
        expect(String(yield* Effect.flip(calling))).toContain("no connection to the proxy 127.0.0.1:1")
    })
  )

  it.scopedLive("says which it was, without its account, and by which name a wrong one was given", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { host, port: to } = new URL(sandbox.url)
      const { asked, port } = yield* proxying(Number(to))
      const { code, stdout } = yield* trust(`http://jump:hunter2@127.0.0.1:${port}`, host)
      expect([code, asked.length]).toEqual([0, 1])
      expect(stdout).toContain(`\nby        the proxy 127.0.0.1:${port}, of FMC_PROXY\n`)
      expect(stdout).not.toContain("hunter2")
      expect((yield* trust("", host)).stdout).not.toContain("the proxy")

      const wrong = yield* Effect.flip(trust("socks5://jump.example", "fmc.example"))
      expect(wrong).toMatchObject({ _tag: "InvalidInput", field: "FMC_PROXY" })
    })
  )
})

describe("login", () => {
  it.scopedLive.each(["fmc", "fdm"] as const)("tries the account of an %s, once, and logs out", (kind) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const prefix = kind === "fmc" ? "FMC" : "FDM"
      const trying = (more: Readonly<Record<string, string>>) => {
        const variables = Object.entries({ ...environmentOf(sandbox, prefix), ...more })
        return Effect.withConfigProvider(call("login", kind), ConfigProvider.fromMap(new Map(variables)))
      }
      const good = yield* trying({})
      expect(good).toMatchObject({
        code: 0,
        stdout: `${new URL(sandbox.url).host}: the account is good; it was logged in, and out again.\n`
      })
      const refused = yield* Effect.flip(trying({ [`${prefix}_PASSWORD`]: "wrong" }))
      expect(refused).toMatchObject({ _tag: "CredentialsRefused" })
      expect(sandbox.ledger).toMatchObject({ opened: 1, open: 0 })
    })
  )

  it.live("says which kinds there are, and which variable is missing", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* call("login", "asa")
      expect({ code, stderr }).toEqual({
        code: 64,
        stderr: expect.stringMatching(/^asa: there is no such kind of device; give fmc, fdm, cdfmc\.\n/)
      })
      const error = yield* Effect.flip(call("login", "fmc", "NO_SUCH"))
      expect(error).toMatchObject({ _tag: "InvalidInput", field: "NO_SUCH_URL" })
    })
  )
})

describe("init", () => {
  it.scopedLive("writes a first script, and over nothing", () =>
    Effect.gen(function* () {
      const folder = join(yield* temporaryFolder, "new")
      const { code, stdout } = yield* call("init", folder)
      expect(code).toBe(0)
      expect(readdirSync(folder).sort()).toEqual([
        "add-hosts.js",
        "hosts.csv",
        "inventory.yaml",
        "package.json"
      ])
      expect(stdout).toMatch(/^written {5}.*package\.json\n[\s\S]*npm install\n/)
      const { dependencies, type } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
      expect(type).toBe("module")
      expect(Object.keys(dependencies).sort()).toEqual([
        "@effect/platform",
        "csv-parse",
        "effect",
        "log-update",
        "sallyport",
        "selfsigned",
        "yaml"
      ])
      expect(Object.values(dependencies)).toEqual(Array(7).fill(expect.stringMatching(/^\^\d+\.\d+\.\d+$/)))

      const plugins = [Fmc.plugin]
      const { entries } = yield* Inventory.fromFile(join(folder, "inventory.yaml"), { plugins })
      expect(entries).toMatchObject([{ name: "hq", kind: "fmc" }])

      writeFileSync(join(folder, "hosts.csv"), "mine")
      // By its name, a shell completes it.
      const written = join(folder, "add-hosts.js")
      expect(readFileSync(written, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/)
      if (process.platform !== "win32") expect(statSync(written).mode & 0o100).toBe(0o100)
      expect(stdout).toContain(`\n  cd ${folder}\n  npm install\n`)
      writeFileSync(join(folder, "package.json"), '{ "dependencies": { "effect": "^3" } }')
      const again = yield* call("init", folder)
      expect(again.stdout.match(/^there already /gm)).toHaveLength(4)
      expect(again.stdout).toContain('Add "type": "module"')
      expect(again.stdout).toMatch(
        /lacks what the script needs: npm install @effect\/platform@"\^\S+" csv-parse@/
      )
      expect(again.stdout).not.toContain(" effect@")
      expect(readFileSync(join(folder, "hosts.csv"), "utf8")).toBe("mine")
      expect((yield* call("init", join(folder, "hosts.csv"))).code).toBe(64)
      expect(yield* call("init", join(folder, "hosts.csv", "below"))).toMatchObject({
        code: 64,
        stderr: expect.stringContaining("it cannot be written (ENOTDIR); give another folder.")
      })
      expect(existsSync(join(folder, "hosts.csv"))).toBe(true)
    })
  )
})

// Node's own way to make folders one in the other never ends there, and blocks a thread that no test can end.
it.live.skipIf(process.platform !== "linux")("a place where no folder can be is told at once", () =>
  Effect.gen(function* () {
    const { code, stderr } = yield* call("init", "/proc/sallyport/new")
    expect([code, stderr]).toEqual([
      64,
      expect.stringMatching(/^\/proc\/sallyport\/new: it cannot be written \(\w+\); give another folder/)
    ])
    const nothing = Workflow.make({
      name: "nothing",
      input: Schema.Struct({}),
      devices: {},
      run: () => Effect.void
    })
    const error = yield* Effect.flip(Workflow.run(nothing, {}, {}, { folder: "/proc/sallyport" }))
    expect(error).toMatchObject({ _tag: "JournalFailed" })
  })
)

describe("sandbox", () => {
  it.live("tells what is wrong with its flags as any command does", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* call("sandbox", "--prot", "1")
      expect([code, stderr]).toEqual([64, expect.stringMatching(/^--prot: the sandbox has no such flag/)])
    })
  )
})

describe("--version", () => {
  it.live("is that of the package", () =>
    Effect.gen(function* () {
      const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
      expect(yield* call("--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" })
    })
  )
})

describe("inventory", () => {
  it.live("lists devices by filters, and shows where each value of one is from", () =>
    Effect.gen(function* () {
      const file = join(root, "examples/inventory.yaml")
      expect(yield* call("inventory", file, "list", "kind:fdm", "!tokyo")).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^berlin {2}fdm {2}canary {2}prod\nlab-1 {3}fdm {2}.*\n$/)
      })
      const { stdout } = yield* call("inventory", file, "show", "berlin")
      expect(stdout).toMatch(/^berlin\n/)
      expect(stdout).toMatch(
        /proxy +"http:\/\/proxy\.emea\.example:3128" +group emea +.*inventory\.yaml:\d+\n/
      )
      for (const [words, says] of [
        [[], /^inventory: of which file\?/],
        [[file, "show"], /^inventory show: which device\?/],
        [[file, "lsit"], /^inventory: nobody knows what lsit is for/],
        [[file, "show", "berlln"], /there is no device "berlln"/],
        [["none.yaml"], /none\.yaml: there is no such file/]
      ] as const) {
        const { code, stderr } = yield* call("inventory", ...words)
        expect({ code, stderr }).toEqual({ code: 64, stderr: expect.stringMatching(says) })
      }
    })
  )
})

describe("runs", () => {
  it.scopedLive("are those of a folder", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      expect(yield* call("runs", "--folder", folder)).toMatchObject({
        code: 0,
        stdout: "No run has a journal.\n"
      })
      expect(yield* call("runs", "show", "--folder", folder)).toMatchObject({
        code: 64,
        stderr: expect.stringMatching(/^runs show: which run\?/)
      })
    })
  )
})

describe("sandbox", () => {
  it.live("tells of all its flags", () =>
    Effect.gen(function* () {
      const printed: Array<unknown> = []
      const console = yield* Effect.console
      const log = (...given: ReadonlyArray<unknown>) => Effect.sync(() => void printed.push(...given))
      yield* Effect.withConsole(call("sandbox", "--help"), { ...console, log })
      expect(printed).toEqual([expect.stringMatching(/^ +--port [\s\S]*^ +--verbose /m)])
    })
  )
})

describe("sallyport", () => {
  it.live("tells of its commands, and of each", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* call("--help")
      expect(code).toBe(0)
      expect(stdout).toMatch(/^Usage: sallyport COMMAND\n\n {2}init \[FOLDER\] +writes a first script/)
      for (const name of ["init", "trust", "login", "inventory", "runs", "sandbox"]) {
        const told = yield* call(name, "--help")
        expect(told).toMatchObject({ code: 0, stdout: expect.stringContaining(`Usage: sallyport ${name}`) })
      }
      expect(yield* call("trsut")).toMatchObject({
        code: 64,
        stderr: expect.stringMatching(/^trsut: there is no such command; did you mean trust\?\n/)
      })
      expect(yield* call()).toMatchObject({
        code: 64,
        stderr: expect.stringMatching(/^A command is missing; give/)
      })
    })
  )
})
