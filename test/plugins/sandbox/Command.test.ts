import { existsSync, readFileSync, statSync } from "node:fs"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { request } from "node:https"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "@effect/vitest"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Sandbox from "sallyport/sandbox"
import { generate } from "selfsigned"

/** A console that remembers what went to standard output and to standard error. */
const recorder = () => {
  const out: Array<string> = []
  const err: Array<string> = []
  const unsafe = Object.assign(Object.create(globalThis.console), {
    log: (line: unknown) => out.push(String(line)),
    error: (line: unknown) => err.push(String(line))
  })
  return Effect.map(Effect.console, (usual) => ({
    out,
    err,
    console: {
      ...usual,
      unsafe,
      log: (line: unknown) => Effect.sync(() => void out.push(String(line))),
      error: (line: unknown) => Effect.sync(() => void err.push(String(line)))
    } satisfies Console.Console
  }))
}

/** Runs the command until it has introduced itself, then the work, then interrupts it. */
const whileRunning = (args: ReadonlyArray<string>, work: (first: Introduction) => Promise<void>) =>
  Effect.gen(function* () {
    const { out, err, console } = yield* recorder()
    const fiber = yield* Effect.fork(Console.withConsole(Sandbox.command(args), console))
    while (out.length === 0) {
      const early = fiber.unsafePoll()
      if (early !== null) yield* early
      yield* Effect.promise(() => new Promise((done) => setTimeout(done, 5)))
    }
    const first: Introduction = JSON.parse(out[0] ?? "")
    yield* Effect.promise(() => work(first))
    yield* Fiber.interrupt(fiber)
    return { first, out, err: err.join("\n") }
  })

interface Introduction {
  readonly url: string
  readonly username: string
  readonly password: string
  readonly ca: string
  readonly pin: string
}

const login = ({ url, username, password, ca }: Introduction): Promise<number> =>
  new Promise((resolve, reject) => {
    const asked = request(
      `${url}/api/fmc_platform/v1/auth/generatetoken`,
      { method: "POST", auth: `${username}:${password}`, ca: readFileSync(ca), agent: false },
      (response) => {
        response.resume()
        response.on("end", () => resolve(response.statusCode ?? 0))
      }
    )
    asked.on("error", reject)
    asked.end()
  })

const fdm = (first: Introduction, method: string, path: string, headers: object, body?: object) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const options = { method, ca: readFileSync(first.ca), agent: false, headers: { ...headers } }
    const asked = request(`${first.url}/api/fdm/v6${path}`, options, (response) => {
      let text = ""
      response.on("data", (chunk) => {
        text += chunk
      })
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }))
    })
    asked.on("error", reject)
    asked.end(body && JSON.stringify(body))
  })

it.live("the first line tells a client all that it needs, and the ledger comes at the end", () =>
  Effect.gen(function* () {
    const { first, out, err } = yield* whileRunning([], async (first) => {
      expect(Object.keys(first)).toEqual(["url", "username", "password", "ca", "pin"])
      expect(first.pin).toMatch(/^[0-9a-f]{64}$/)
      expect(statSync(first.ca).mode & 0o777).toBe(0o600)
      expect(await login(first)).toBe(204)
    })
    expect(out).toHaveLength(1)
    expect(err).toContain("FMC  1 opened, 0 ended, 1 open")
    expect(err).not.toContain("generatetoken")
    expect(existsSync(first.ca)).toBe(false)
  })
)

it.live("flags reach the sandbox, and --verbose logs each request without a secret", () =>
  Effect.gen(function* () {
    const flags = ["--username=ops", "--password", "p:w", "--no-fdm", "--verbose", "--token-lifetime", "60"]
    const { first, err } = yield* whileRunning(flags, async (first) => {
      expect(await login(first)).toBe(204)
    })
    expect(first).toMatchObject({ username: "ops", password: "p:w" })
    expect(err).toMatch(/204 {2}login {2}POST \/api\/fmc_platform\/v1\/auth\/generatetoken {2}session/)
    expect(err).not.toContain("p:w")
  })
)

it.live("an FDM fresh from its box is a flag", () =>
  whileRunning(["--first-boot"], async (first) => {
    const grant = { grant_type: "password", username: first.username, password: first.password }
    const { access_token } = JSON.parse((await fdm(first, "POST", "/fdm/token", {}, grant)).text)
    const headers = { authorization: `Bearer ${access_token}` }
    expect((await fdm(first, "GET", "/object/networks", headers)).status).toBe(403)
  })
)

it.live("a certificate of one's own is read from files", () =>
  Effect.gen(function* () {
    const folder = yield* Effect.promise(() => mkdtemp(join(tmpdir(), "sandbox-test-")))
    const made = yield* Effect.promise(() =>
      generate([{ name: "commonName", value: "localhost" }], { keyType: "ec", algorithm: "sha256" })
    )
    const cert = join(folder, "cert.pem")
    const key = join(folder, "key.pem")
    yield* Effect.promise(() => writeFile(cert, made.cert))
    yield* Effect.promise(() => writeFile(key, made.private))
    yield* whileRunning(["--certificate", cert, "--key", key], async (first) => {
      expect(readFileSync(first.ca, "utf8")).toBe(made.cert)
      expect(await login(first)).toBe(204)
    })
    const missing = yield* Effect.flip(Sandbox.command(["--certificate", cert, "--key", join(folder, "x")]))
    expect(missing).toMatchObject({ _tag: "SandboxFailed", operation: "files" })
    yield* Effect.promise(() => rm(folder, { recursive: true }))
  })
)

it.live("help lists every flag and starts nothing", () =>
  Effect.gen(function* () {
    const { out, console } = yield* recorder()
    yield* Console.withConsole(Sandbox.command(["--port", "8443", "--help"]), console)
    expect(out).toHaveLength(1)
    for (const flag of [
      "--port PORT",
      "--devices N",
      "--rules N",
      "--token-lifetime SECONDS",
      "--evict-on-login",
      "--verbose"
    ]) {
      expect(out[0]).toContain(flag)
    }
  })
)

it.live("a wrong flag is an error that names it and points to the help", () =>
  Effect.gen(function* () {
    const wrong: ReadonlyArray<readonly [flag: string, args: ReadonlyArray<string>]> = [
      ["--port", ["--port", "abc"]],
      ["--port", ["--port", "65536"]],
      ["--port", ["--port"]],
      ["--port", ["--port", "--verbose"]],
      ["--token-lifetime", ["--token-lifetime=-1"]],
      ["--verbose", ["--verbose=3"]],
      ["--unheard-of", ["--unheard-of"]],
      ["-p", ["-p", "8443"]],
      ["stray", ["stray"]],
      ["--certificate", ["--key", "key.pem"]]
    ]
    for (const [flag, args] of wrong) {
      const error = yield* Effect.flip(Sandbox.command(args))
      expect(error._tag).toBe("InvalidInput")
      expect(error.message.startsWith(`${flag}:`)).toBe(true)
      expect(error.message).toContain("--help")
    }
  })
)
