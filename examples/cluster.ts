// Workflows that outlive the machine that they run on. Two runners share a PostgreSQL. One is killed in the middle of a
// change, then one is interrupted: each time the other goes on, and in the end the device has got each write once. What the
// first night has done is then taken back from here.
//
//   cluster.ts                 PostgreSQL in a temporary folder, an FMC of the sandbox, two runners; about a minute
//   cluster.ts runner 34431    a runner as on a machine of its own, with the PostgreSQL of DATABASE_URL and the FMC of
//                              FMC_URL, FMC_USERNAME, FMC_PASSWORD, and FMC_PIN or FMC_CA_FILE
//
// It needs PostgreSQL's own programs (Debian: apt-get install postgresql), which it runs as another user than root.

import { execFileSync, spawn } from "node:child_process"
import { randomBytes, randomInt } from "node:crypto"
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Config from "effect/Config"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Main, Workflow } from "sallyport"
import * as Cluster from "sallyport/cluster"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"

const addHosts = Workflow.make({
  name: "add-hosts",
  input: Schema.Struct({ hosts: Schema.Array(Schema.Struct({ name: Schema.String, value: Schema.String })) }),
  devices: { fmc: Fmc.plugin },
  run: ({ fmc }, { hosts }) =>
    Effect.flatMap(fmc.domain("Global"), (global) =>
      Effect.forEach(hosts, (host) => global.hosts.upsert(host), { discard: true })
    )
})

// So that nobody waits long for a demonstration. By default a killed runner is missed after half a minute.
const sharding: Cluster.Sharding = {
  shardLockExpiration: "6 seconds",
  runnerHealthCheckInterval: "2 seconds",
  refreshAssignmentsInterval: "1 second",
  entityMessagePollInterval: "1 second"
}

/** `serve` is a runner: what it knows as "hq" is the FMC of its own environment. */
const serve = (port: number) =>
  Cluster.serve(addHosts, { hq: "FMC" }, { lease: "5 seconds", onProgress: say }).pipe(
    Layer.provide(Cluster.runner({ host: "127.0.0.1", port, sharding })),
    Layer.provide(PgClient.layerConfig({ url: Config.redacted("DATABASE_URL") }))
  )

const say = (event: Workflow.RunEvent) => {
  if (event._tag === "Begun" || event._tag === "Resumed")
    console.log(`${event._tag.toLowerCase()} ${event.run}`)
  if (event._tag === "ChangeBegun") console.log(`${event.action} ${event.names.join(", ")}`)
}

/** `ask` has three hosts added by whichever runner comes to it. */
const ask = (url: string, run: string) => {
  const hosts = [1, 2, 3].map((at) => ({ name: `${run}-${at}`, value: `192.0.2.${at}` }))
  return Cluster.run(addHosts, { fmc: "hq" }, { hosts }, { run }).pipe(
    Effect.provide(Cluster.client(sharding)),
    Effect.provide(PgClient.layer({ url: Redacted.make(url) }))
  )
}

/** `takeBack` takes back what a runner has done, with whatever device and login there are here. */
const takeBack = (url: string, run: string, { fmc }: Sandbox.Sandbox) =>
  Workflow.undo(addHosts, { fmc }, run).pipe(
    Effect.provide(Cluster.journals()),
    Effect.provide(PgClient.layer({ url: Redacted.make(url) }))
  )

const demonstration = Effect.gen(function* () {
  const url = yield* postgres
  // A killed runner logs nobody out: its session ends when the device has not heard of it for so long.
  const sandbox = yield* Sandbox.make({ tokenLifetime: "15 seconds" })
  const { ledger } = sandbox
  const runners = yield* Effect.forEach(["one", "two"], (name) => startRunner(name, url, sandbox))
  for (const [run, signal] of [
    ["night-1", "SIGKILL"],
    ["night-2", "SIGINT"]
  ] as const) {
    yield* sandbox.fail({ method: "POST", path: /hosts/, nth: 2, how: Sandbox.Fault.slow("1 minute") })
    const asked = yield* Effect.fork(ask(url, run))
    const busy = () => runners.find(({ said }) => said().endsWith(`${run}-2\n`))
    const isPending = () => ledger.requests.some((one) => one.method === "POST" && one.status === "pending")
    const isInTheMiddle = () => busy() !== undefined && isPending()
    yield* until(() => isInTheMiddle() || runners.some(({ isBroken }) => isBroken())).pipe(
      Effect.raceFirst(Fiber.join(asked))
    )
    if (!isInTheMiddle()) return yield* Effect.dieMessage("it is over before it was in the middle")
    console.log(`${signal} to runner ${busy()?.name}`)
    busy()?.kill(signal)
    console.log(`\n${Workflow.runText(yield* Fiber.join(asked))}\n`)
    if (run === "night-1") runners.push(yield* startRunner("three", url, sandbox))
  }
  console.log(Workflow.runText(yield* takeBack(url, "night-1", sandbox)))
  yield* until(() => ledger.open === 0)
  for (const { method, path, status } of ledger.requests)
    if (method === "POST" && path.endsWith("/hosts")) console.log(method, path.slice(-13), status)
  console.log(`${ledger.opened} sessions were opened, ${ledger.open} are open`)
}).pipe(Effect.scoped)

/** `startRunner` starts a process, which is gone when the scope closes. */
const startRunner = (name: string, url: string, sandbox: Sandbox.Sandbox) =>
  Effect.gen(function* () {
    const port = yield* freePort
    const self = fileURLToPath(import.meta.url)
    const before = process.versions.deno === undefined ? process.execArgv : ["run", "-A"]
    const child = yield* Effect.acquireRelease(
      Effect.sync(() =>
        spawn(process.execPath, [...before, self, "runner", String(port)], {
          env: {
            ...process.env,
            DATABASE_URL: url,
            FMC_NAME: sandbox.fmc.target.name,
            FMC_URL: sandbox.url,
            FMC_USERNAME: sandbox.username,
            FMC_PASSWORD: Redacted.value(sandbox.password),
            FMC_PIN: sandbox.certificate.sha256
          },
          stdio: ["ignore", "pipe", "inherit"]
        })
      ),
      (child) => ended(child, "SIGTERM")
    )
    let said = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text
      process.stdout.write(text.replace(/^(?=.)/gm, `runner ${name}: `))
    })
    const isBroken = () => ![null, 0, 130].includes(child.exitCode)
    return { name, isBroken, said: () => said, kill: (signal: NodeJS.Signals) => child.kill(signal) }
  })

class NoPostgres extends Data.TaggedError("NoPostgres")<{ readonly message: string }> {}

/** `postgres` is a server of its own in a temporary folder, until the scope closes; gives its address. */
const postgres = Effect.gen(function* () {
  const debians = "/usr/lib/postgresql"
  const versions = existsSync(debians)
    ? readdirSync(debians).sort((one, other) => Number(other) - Number(one))
    : []
  const places = [
    ...versions.map((version) => join(debians, version, "bin")),
    ...(process.env.PATH ?? "").split(delimiter)
  ]
  const bin = places.find((place) => existsSync(join(place, "initdb")))
  if (bin === undefined) {
    const message =
      "There is no PostgreSQL here. Install it (Debian: apt-get install postgresql), or put its initdb into PATH."
    return yield* new NoPostgres({ message })
  }
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "sallyport-postgres-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  )
  const password = randomBytes(16).toString("hex")
  const port = yield* freePort
  const [data, secret] = [join(folder, "data"), join(folder, "password")]
  writeFileSync(secret, password, { mode: 0o600 })
  const user = process.getuid?.() === 0 ? { uid: idOf("-u"), gid: idOf("-g") } : undefined
  if (user !== undefined) for (const path of [folder, secret]) chownSync(path, user.uid, user.gid)
  const made = ["-D", data, "-U", "sallyport", "-A", "scram-sha-256", "--pwfile", secret, "--no-sync"]
  yield* Effect.sync(() => execFileSync(join(bin, "initdb"), made, { ...user, stdio: "ignore" }))
  const server = ["-D", data, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-k", folder]
  const child = yield* Effect.acquireRelease(
    Effect.sync(() => spawn(join(bin, "postgres"), server, { ...user, stdio: ["ignore", "ignore", "pipe"] })),
    (child) => ended(child, "SIGINT")
  )
  let log = ""
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text
  })
  yield* until(() => log.includes("ready to accept connections"))
  return `postgres://sallyport:${password}@127.0.0.1:${port}/postgres`
})

/** `idOf` is the user that Debian's package has made: PostgreSQL does not run as root. */
const idOf = (which: "-u" | "-g") => Number(execFileSync("id", [which, "postgres"]))

const ended = (child: ReturnType<typeof spawn>, signal: NodeJS.Signals) =>
  Effect.async<void>((resume) => {
    if (child.exitCode !== null || child.signalCode !== null) return resume(Effect.void)
    child.once("exit", () => resume(Effect.void))
    child.kill(signal)
  })

const until = (is: () => boolean): Effect.Effect<void> =>
  Effect.suspend(() => (is() ? Effect.void : Effect.delay(until(is), "50 millis")))

/** `freePort` is below those that systems give to whoever connects. */
const freePort: Effect.Effect<number> = Effect.async<number, "taken">((resume) => {
  const port = randomInt(20_000, 32_000)
  const server = createServer()
    .once("error", () => resume(Effect.fail("taken")))
    .listen(port, "127.0.0.1", () => server.close(() => resume(Effect.succeed(port))))
}).pipe(Effect.eventually)

const [command, port] = process.argv.slice(2)
Main.run(command === "runner" ? Layer.launch(serve(Number(port))) : demonstration)
