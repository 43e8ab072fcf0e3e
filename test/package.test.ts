// The package as it is published: built, packed, unpacked into another project, and used there on three runtimes.
import { execFile } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join, posix } from "node:path"
import process from "node:process"
import { promisify } from "node:util"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { transformSync } from "esbuild"
import * as Sandbox from "sallyport/sandbox"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { nativeTypeScript } from "../.config/nativeTypeScript.ts"
import { environmentOf } from "./support/example.ts"
import { fewest, itInRest } from "./support/long.ts"
import { packInto, placesIn } from "./support/packedPackage.ts"
import { linksOf, rooms, scriptsOf } from "./support/rooms.ts"
import { root } from "./support/runtime.ts"
import { subpaths } from "./support/subpaths.ts"

const call = promisify(execFile)
const forUs = "CONTRIBUTING.md"
const bin = (name: string) => join(root, "node_modules", ".bin", name)
const typeScript6 = [bin("tsc")]
// Other tests have the other cores.
const typeScript7 = nativeTypeScript === undefined ? typeScript6 : [nativeTypeScript, "--singleThreaded"]

/** What a stranger writes: plain JavaScript, and TypeScript too. Says where the library came from. */
const script = `
import * as Effect from "effect/Effect"
import * as S from "@effect/schema/Schema"
import { Credentials, Main, Session, Target, Trust } from "sallyport"
import * as EffectSchema from "sallyport/effect-schema"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"

const use = Effect.flatMap(Session.Session, (session) => session.http.get("/api/fmc_platform/v1/info/serverversion"))

Main.run(Effect.scoped(Effect.gen(function* () {
  const sandbox = yield* Sandbox.make()
  const target = Target.make({ url: sandbox.url, trust: Trust.ca(sandbox.certificate.pem) })
  const credentials = Credentials.password({ username: sandbox.username, password: sandbox.password })
  const statuses = yield* Effect.scoped(Effect.gen(function* () {
    const fmc = yield* Fmc.make({ target, credentials })
    const fdm = yield* Fdm.make({ target, credentials })
    const version = yield* Effect.provideService(use, Session.Session, fmc.session)
    const networks = yield* fdm.http.get("/object/networks")
    return [version.status, networks.status]
  }))
  const { open, opened } = sandbox.ledger
  const schemas = Object.keys(EffectSchema).length > 0 && S.isSchema(S.String)
  const from = import.meta.resolve("sallyport")
  console.log(JSON.stringify({ statuses, open, opened, schemas, from }))
})))
`

/** What someone writes who knows neither Effect nor types. */
const plain = `
import process from "node:process"
import * as Promises from "sallyport/promises"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"

const { FMC_PIN: pin, FMC_URL: url } = process.env
const host = await Fmc.use("FMC", async (fmc) => {
  const { hosts } = await fmc.domain("Global")
  await hosts.upsert({ name: "plain", value: "192.0.2.1" })
  return (await hosts.list().toArray()).find(({ name }) => name === "plain").value
})
const kinds = Promises.devices([Fmc.plugin, Fdm.plugin])
const hq = { kind: "fmc", url, trust: { pin }, credentials: { env: "FMC" } }
const version = await kinds.useUnknown({ hq }, async (devices) => (await devices.get("hq")).serverVersion())
const error = await Fmc.use("FMC", async (fmc) => await fmc.domain("Nowhere")).catch((thrown) => thrown)
const { _tag, field, stack } = error
console.log(JSON.stringify({ host, version: typeof version, _tag, field, at: stack.match(/^ +at .*/m)[0].includes("plain.js:") }))
`

/** What is made one file, with all that it loads: a script of either surface. */
const inOneFile = {
  "effect.js": `
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Main } from "sallyport"
import * as Fmc from "sallyport/fmc"

Main.run(Effect.scoped(Effect.gen(function* () {
  const fmc = yield* Fmc.make("FMC")
  const { hosts } = yield* fmc.domain("Global")
  console.log(JSON.stringify({ hosts: yield* Stream.runCount(hosts.list()) }))
})))
`,
  "promises.js": `
import * as Fmc from "sallyport/fmc"

const hosts = await Fmc.use("FMC", async (fmc) => {
  const { hosts } = await fmc.domain("Global")
  return (await hosts.list().toArray()).length
})
console.log(JSON.stringify({ hosts }))
`
}

/** What the author of a plugin writes. */
const contract = `
import * as Effect from "effect/Effect"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import * as Testing from "sallyport/testing"

Testing.authProvider("fmc", {
  make: Effect.map(Sandbox.make(), ({ fmc }) => ({ provider: Fmc.provider(fmc), request: "/api/fmc_platform/v1/info/domain" }))
})
`

/** What somebody writes whose tests another runner runs than vitest. */
const clauses = `
import * as Effect from "effect/Effect"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import * as Testing from "sallyport/testing"

const make = Effect.map(Sandbox.make(), ({ fmc }) => ({ provider: Fmc.provider(fmc), request: "/api/fmc_platform/v1/info/domain" }))
const [first] = Testing.contract({ make })
const outcome = await Effect.runPromise(first.run)
const refused = (() => { try { Testing.authProvider("fmc", { make }) } catch (error) { return error.message } })()
console.log(JSON.stringify({ outcome, refused }))
`

/** What has the types of every module, but for runners, whose packages' own do not all hold. */
const every = subpaths
  .filter((subpath) => subpath !== "sallyport/cluster")
  .map((subpath, at) => `export * as module${at} from "${subpath}"\n`)
  .join("")

const written = [
  ["script.js", script],
  ["script.ts", script],
  ["every.ts", every],
  ["plain.js", plain],
  ["clauses.js", clauses],
  ["contract.test.js", contract]
] as const

/** Each runtime, and how a script is started there that reads its environment. */
const runtimes = [
  ["Node", process.execPath, []],
  ["Bun", bin("bun"), []],
  ["Deno", bin("deno"), ["run", "--no-prompt", "--allow-net=127.0.0.1", "--allow-env"]]
] as const

/** The same where a script may do everything. */
const free = [
  ["Node", process.execPath, []],
  ["Bun", bin("bun"), []],
  ["Deno", bin("deno"), ["run", "--no-prompt", "--allow-all"]]
] as const

describe("the package", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-package-")))
  const { consumer, unpacked } = placesIn(folder)
  let packed: ReadonlyArray<string> = []
  let tarball = ""

  beforeAll(async () => {
    ;({ files: packed, tarball } = await packInto(folder))
    for (const [name, content] of written) writeFileSync(join(consumer, name), content)
  }, 600_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const told = async (command: string, args: ReadonlyArray<string>) => {
    const { stderr, stdout } = await call(command, [...args], { cwd: consumer })
    return { stderr, ...JSON.parse(stdout.trim().split("\n").at(-1) ?? "") }
  }
  const good = { stderr: "", statuses: [200, 200], open: 0, opened: 2, schemas: true }

  it("holds what is built and its sources, and neither tests nor tools nor dotfiles", () => {
    const tops = new Set(packed.map((path) => path.split("/")[0]))
    expect([...tops].sort()).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "SECURITY.md",
      "dist",
      "examples",
      "package.json",
      "plugins",
      "src"
    ])
    // Those of the plugin to learn from are a part of it.
    const ours = packed.filter((path) => !path.startsWith("examples/plugin-asa/test/"))
    expect(ours.filter((path) => /(^|\/)\.|(^|\/)test\/|\.test\./.test(path))).toEqual([])
    expect(packed.filter((path) => path.startsWith("dist/") && !/^dist\/(src|plugins)\//.test(path))).toEqual(
      []
    )
  })

  it("holds every file that its exports name", () => {
    const { exports } = JSON.parse(readFileSync(join(unpacked, "package.json"), "utf8"))
    const named = Object.values(exports).flatMap((target) =>
      typeof target === "string" ? [target] : Object.values(target as Readonly<Record<string, string>>)
    )
    expect(named.length).toBeGreaterThan(30)
    expect(named.filter((path) => !packed.includes(path.replace(/^\.\//, "")))).toEqual([])
  })

  it("holds every page that its pages lead to, but for those who work on this project", () => {
    const pages = packed.filter((path) => path.endsWith(".md"))
    expect(pages).toEqual(
      expect.arrayContaining(rooms.map(({ path }) => path).filter((path) => path !== forUs))
    )
    const lost = pages.flatMap((path) =>
      linksOf({ text: readFileSync(join(unpacked, path), "utf8") })
        .map((link) => posix.join(posix.dirname(path), link.split("#")[0] || basename(path)))
        .filter((to) => to !== forUs && !packed.some((one) => one === to || one.startsWith(`${to}/`)))
        .map((to) => `${path}: ${to}`)
    )
    expect(lost).toEqual([])
  })

  itInRest("tests a plugin by its contract", async () => {
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs")
    const { stdout } = await call(process.execPath, [vitest, "run", "--root", consumer, "--reporter=json"])
    const { numFailedTests, numPassedTests, success } = JSON.parse(stdout)
    expect({ numFailedTests, success }).toEqual({ numFailedTests: 0, success: true })
    expect(numPassedTests).toBeGreaterThan(15)
  })

  itInRest("has the clauses of its contract for another test runner", async () => {
    expect(await told(process.execPath, ["clauses.js"])).toEqual({
      stderr: "",
      outcome: { _tag: "Kept" },
      refused: expect.stringMatching(/^Testing.authProvider declares tests of vitest: /)
    })
  })

  it.each(fewest(free))(
    "has each class, service and function once on %s, by whatever name it is imported",
    async (_, command, args) => {
      const script = join(root, "test/scripts/oneCopy.ts")
      writeFileSync(
        join(consumer, "oneCopy.js"),
        transformSync(readFileSync(script, "utf8"), { loader: "ts" }).code
      )
      const { own, shared, twice } = await told(command, [...args, "oneCopy.js", ...subpaths])
      expect(twice).toEqual([])
      expect(shared).toEqual(
        expect.arrayContaining(["error InvalidInput", "tag sallyport/Session", "Session.make"])
      )
      const all = [true, true, true]
      expect(own).toEqual({ "sallyport/fmc": all, "sallyport/fdm": all, "sallyport/cdfmc": all })
    }
  )

  it("is without fault to publint", async () => {
    const { publint } = await import("publint")
    const { formatMessage } = await import("publint/utils")
    const { messages, pkg } = await publint({ pkgDir: unpacked, pack: false, strict: true })
    expect(
      messages.filter(({ type }) => type !== "suggestion").map((each) => formatMessage(each, pkg))
    ).toEqual([])
  })

  itInRest(
    "has for each way to resolve an ES module the types of what is loaded, by attw",
    async () => {
      const attw = join(root, "test/scripts/attw.js")
      const { entryPoints, problems } = await told(process.execPath, [attw, tarball])
      expect(entryPoints).toHaveLength(subpaths.length + 1)
      expect(problems).toEqual([])
    },
    240_000
  )

  // Its types are inferred from schemas, as Effect's own are: of that alone JSR has to be told. `npm run check:jsr` has
  // Deno check them, too.
  it("could be published to JSR as it is, but for types that are inferred", async () => {
    const { stderr } = await call(bin("deno"), ["publish", "--dry-run", "--allow-slow-types", "--no-check"], {
      cwd: join(folder, "sallyport"),
      env: { ...process.env, NO_COLOR: "1" }
    })
    const warnings = stderr.split("\n").filter((line) => /^(warning|error)/i.test(line))
    expect(warnings).toEqual([expect.stringMatching(/^Warning Publishing a library with slow types/)])
    const files = [...stderr.matchAll(/^ +file:\/\/\S*\/sallyport\/(\S+) \(/gm)].map(([, path = ""]) => path)
    expect(files.length).toBeGreaterThan(500)
    expect(
      files.filter((path) => !/^(src|plugins|examples)\/|^[A-Z]+(\.md)?$|^deno\.json$/.test(path))
    ).toEqual([])
  }, 240_000)

  it("runs on Node as plain JavaScript, without conditions or a loader", async () => {
    const { from, ...rest } = await told(process.execPath, ["script.js"])
    expect(rest).toEqual(good)
    expect(from).toBe(`file://${unpacked}/dist/src/index.js`)
  })

  it("runs on Bun as it is built, which loads in two thirds of the time that its sources take", async () => {
    const { from, ...rest } = await told(bin("bun"), ["script.ts"])
    expect(rest).toEqual(good)
    expect(from).toBe(`file://${unpacked}/dist/src/index.js`)
  })

  it("leads from each declaration, and from what runs, to the source that it is of", () => {
    const maps = packed.filter((path) => path.endsWith(".map"))
    expect(maps.filter((path) => path.endsWith(".d.ts.map")).length).toBeGreaterThan(300)
    expect(maps.filter((path) => path.endsWith(".js.map")).length).toBeGreaterThan(subpaths.length)
    const lost = maps.flatMap((path) => {
      const { sources } = JSON.parse(readFileSync(join(unpacked, path), "utf8"))
      return sources
        .map((source: string) => posix.join(posix.dirname(path), source))
        .filter((source: string) => !packed.includes(source))
    })
    expect(lost).toEqual([])
  })

  it("runs on Deno, which is asked for no more than this", async () => {
    // The sandbox listens, and makes a certificate; a script for a device needs --allow-net=HOST alone (below).
    const allowed = ["--allow-net=127.0.0.1"]
    const { from, ...rest } = await told(bin("deno"), ["run", "--no-prompt", ...allowed, "script.ts"])
    expect(rest).toEqual(good)
    expect(from).toBe(`file://${unpacked}/dist/src/index.js`)
  })

  it.each(fewest(runtimes))("is used on %s without Effect and without types", async (_, command, args) => {
    const used = Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const env = { ...process.env, ...environmentOf(sandbox, "FMC") }
      const { stdout } = yield* Effect.promise(() =>
        call(command, [...args, "plain.js"], { cwd: consumer, env })
      )
      return { said: JSON.parse(stdout), open: [sandbox.ledger.opened, sandbox.ledger.open] }
    })
    expect(await Effect.runPromise(Effect.scoped(used))).toEqual({
      said: { host: "192.0.2.1", version: "object", _tag: "InvalidInput", field: "domain", at: true },
      open: [3, 0]
    })
  })

  describe("is made one file with a script", () => {
    const alone = join(folder, "alone")
    // By the command of the recipe (examples/RECIPES.md), in a project that lacks the packages that few scripts need.
    beforeAll(async () => {
      for (const [name, code] of Object.entries(inOneFile)) {
        writeFileSync(join(consumer, name), code)
        const outfile = join(alone, name.replace(".js", ".mjs"))
        const args = ["--bundle", "--platform=node", "--format=esm", `--outfile=${outfile}`]
        const { stderr } = await call(bin("esbuild"), [name, ...args, "--log-level=warning"], {
          cwd: consumer
        })
        expect(stderr).toBe("")
      }
    })

    it.each(fewest(runtimes))("which runs on %s by itself", async (_, command, args) => {
      const used = Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const env = { ...process.env, ...environmentOf(sandbox, "FMC") }
        const said = (file: string) =>
          Effect.promise(() => call(command, [...args, file], { cwd: alone, env }))
        const all = yield* Effect.forEach(["effect.mjs", "promises.mjs"], said)
        return { all, open: [sandbox.ledger.opened, sandbox.ledger.open] }
      })
      const said = { stderr: "", stdout: expect.stringMatching(/^\{"hosts":[1-9]\d*\}\n$/) }
      expect(await Effect.runPromise(Effect.scoped(used))).toEqual({ all: [said, said], open: [2, 0] })
    })
  })

  itInRest.each(free)(
    "has a tool on %s that writes a first script, which plans and runs",
    async (name, command, args) => {
      const { bin: tools } = JSON.parse(readFileSync(join(unpacked, "package.json"), "utf8"))
      const tool = join(unpacked, tools.sallyport)
      const first = join(consumer, `first-${name}`)
      const used = Effect.gen(function* () {
        const sandbox = yield* Sandbox.make()
        const state = { XDG_STATE_HOME: folder, LOCALAPPDATA: folder }
        const env = { ...process.env, ...environmentOf(sandbox, "FMC"), ...state }
        const said = (cwd: string, ...words: ReadonlyArray<string>) =>
          Effect.map(
            Effect.promise(() => call(command, [...args, ...words], { cwd, env })),
            ({ stdout }) => stdout
          )
        expect(yield* said(consumer, tool, "init", first)).toContain("written")
        const { host } = new URL(sandbox.url)
        expect(yield* said(first, tool, "trust", host)).toContain(`  FMC_PIN=`)
        expect(yield* said(first, tool, "login", "fmc")).toContain("the account is good")
        const input = ["--hosts", "@hosts.csv"]
        expect(yield* said(first, "add-hosts.js", "plan", ...input)).toContain("2 to create")
        expect(yield* said(first, "add-hosts.js", "run", "--yes", ...input)).toMatch(
          /^add-hosts: done\n2 done/
        )
        expect(yield* said(first, tool, "runs")).toMatch(/^RUN .*\n.*add-hosts.*done\n/)
        return [sandbox.ledger.opened, sandbox.ledger.open]
      })
      expect(await Effect.runPromise(Effect.scoped(used))).toEqual([4, 0])
    }
  )

  it("needs on Deno no permission but to reach the device, as its pages say", async () => {
    writeFileSync(
      join(consumer, "device.ts"),
      `import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { Credentials, Main, Session, Target, Trust } from "sallyport"
import * as Fmc from "sallyport/fmc"
const [url = "", username = "", password = "", pin = ""] = Deno.args
const target = Target.make({ url, trust: Trust.pin(pin) })
const credentials = Credentials.password({ username, password: Redacted.make(password) })
Main.run(Effect.scoped(Effect.gen(function* () {
  const fmc = yield* Fmc.make({ target, credentials })
  console.log(JSON.stringify({ domains: yield* Stream.runCount(fmc.listDomains()) }))
})))`
    )
    const { said, open } = await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const { certificate, ledger, password, url, username } = yield* Sandbox.make()
          const args = [url, username, Redacted.value(password), certificate.sha256]
          const allowed = `--allow-net=${new URL(url).host}`
          const deno = () => told(bin("deno"), ["run", "--no-prompt", allowed, "device.ts", ...args])
          return { said: yield* Effect.promise(deno), open: [ledger.opened, ledger.open] }
        })
      )
    )
    expect({ said, open }).toEqual({ said: { stderr: "", domains: 2 }, open: [1, 0] })
  })

  const strictly = async (
    [typeScript = "", ...flags]: ReadonlyArray<string>,
    name: string,
    files: ReadonlyArray<string>,
    options: { readonly module: string; readonly moduleResolution: string; readonly skipLibCheck?: boolean }
  ) => {
    const config = join(consumer, `tsconfig.${name}.json`)
    writeFileSync(
      config,
      JSON.stringify({
        compilerOptions: {
          target: "ES2022",
          lib: ["ES2023"],
          types: ["node"],
          strict: true,
          exactOptionalPropertyTypes: true,
          noUncheckedIndexedAccess: true,
          skipLibCheck: false,
          noEmit: true,
          ...options
        },
        files
      })
    )
    return call(typeScript, [...flags, "-p", config], { cwd: consumer }).then(
      () => "",
      (error: { readonly stdout: string }) => error.stdout
    )
  }
  const node16 = { module: "node16", moduleResolution: "node16" }
  const bundler = { module: "esnext", moduleResolution: "bundler" }

  const shown = (name: string, isShown: (code: string) => boolean) =>
    rooms
      .flatMap(scriptsOf)
      .filter(isShown)
      .map((code, index) => {
        const file = `${name}-${index + 1}.ts`
        writeFileSync(join(consumer, file), code)
        return file
      })

  const isOnRunners = (code: string) => code.includes("sallyport/cluster")

  it("has types that hold under strict settings with bundler for TypeScript 7, its own and those of what it builds on, and what its pages show has them", async () => {
    const files = shown("shown", (code) => !isOnRunners(code))
    expect(files.length).toBeGreaterThan(20)
    expect(await strictly(typeScript7, "shown", ["script.ts", "every.ts", ...files], bundler)).toBe("")
    expect(readdirSync(join(unpacked, "dist", "src")).some((name) => name.endsWith(".d.ts"))).toBe(true)
  }, 240_000)

  itInRest(
    "has types that hold under strict settings with node16 for TypeScript 6",
    async () => {
      expect(await strictly(typeScript6, "node16", ["script.ts", "every.ts"], node16)).toBe("")
    },
    240_000
  )

  it("has types for scripts on runners, whose packages' own do not all hold", async () => {
    const files = shown("runners", isOnRunners)
    expect(files.length).toBe(2)
    expect(await strictly(typeScript7, "runners", files, { ...node16, skipLibCheck: true })).toBe("")
  }, 240_000)
})
