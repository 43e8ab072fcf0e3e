// A PostgreSQL in a temporary folder, by its own programs (Debian: apt-get install postgresql), which run as another user
// than root. (An example stands alone: examples/cluster.ts has its own.)

import { execFileSync, spawn } from "node:child_process"
import { randomBytes, randomInt } from "node:crypto"
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import process from "node:process"
import * as Effect from "effect/Effect"
import { scriptFailed } from "./ScriptFailed.ts"

/** `server` is one until the scope closes; gives its address. Dies where its programs are not there. */
export const server = Effect.gen(function* () {
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
    return yield* Effect.die(scriptFailed("there is no PostgreSQL here"))
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
  const listening = ["-D", data, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-k", folder]
  const child = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(join(bin, "postgres"), listening, { ...user, stdio: ["ignore", "ignore", "pipe"] })
    ),
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

/** `ended` ends a process, and waits for that. */
const ended = (child: ReturnType<typeof spawn>, signal: NodeJS.Signals) =>
  Effect.async<void>((resume) => {
    if (child.exitCode !== null || child.signalCode !== null) return resume(Effect.void)
    child.once("exit", () => resume(Effect.void))
    child.kill(signal)
  })

/** `until` looks again and again. */
export const until = (is: () => boolean): Effect.Effect<void> =>
  Effect.suspend(() => (is() ? Effect.void : Effect.delay(until(is), "50 millis")))

/** `freePort` is below those that systems give to whoever connects. */
export const freePort: Effect.Effect<number> = Effect.async<number, "taken">((resume) => {
  const port = randomInt(20_000, 32_000)
  const server = createServer()
    .once("error", () => resume(Effect.fail("taken")))
    .listen(port, "127.0.0.1", () => server.close(() => resume(Effect.succeed(port))))
}).pipe(Effect.eventually)
