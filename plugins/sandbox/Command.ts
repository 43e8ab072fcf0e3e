import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { InvalidInput } from "sallyport/plugin"
import type { RequestRecord } from "./appliance/Ledger.ts"
import * as Flags from "./Flags.ts"

import { printer } from "./Print.ts"
import { make, type Sandbox } from "./Sandbox.ts"
import { SandboxFailed } from "./SandboxFailed.ts"

/**
 * `command` gives the sandbox as a command. Prints one JSON line (`url`, `username`, `password`, `ca` (a PEM file's
 * path), `pin`) to standard output, runs until it is interrupted, and leaves its ledger on standard error. `--help`
 * lists the flags.
 *
 * Fails with `InvalidInput` that names a wrong flag, or with `SandboxFailed`.
 *
 * @example
 * Main.run(Sandbox.command(process.argv.slice(2)))
 */
export const command = (args: ReadonlyArray<string>): Effect.Effect<void, InvalidInput | SandboxFailed> =>
  Effect.gen(function* () {
    const asked = yield* Flags.parse(args)
    if (asked.help) return yield* (yield* printer).print(Flags.help())
    return yield* Effect.scoped(run(asked))
  })

const run = (asked: Flags.Asked) =>
  Effect.gen(function* () {
    const { print, tell, unsafeTell } = yield* printer
    const certificate =
      asked.certificate === undefined ? undefined : yield* readCertificate(asked.certificate)
    const sandbox = yield* make({
      ...asked.options,
      ...(certificate !== undefined && { certificate }),
      ...(asked.verbose && { onRequest: (request: RequestRecord) => unsafeTell(line(request)) })
    })
    const ca = yield* certificateFile(sandbox.certificate.pem)
    yield* print(JSON.stringify(introduction(sandbox, ca)))
    return yield* Effect.ensuring(
      Effect.never,
      Effect.suspend(() => tell(`Sandbox ledger\n${sandbox.ledger}`))
    )
  })

/** `introduction` is what a client needs. The password is the sandbox's own, and worth nothing anywhere else. */
const introduction = (sandbox: Sandbox, ca: string) => ({
  url: sandbox.url,
  username: sandbox.username,
  password: Redacted.value(sandbox.password),
  ca,
  pin: sandbox.certificate.sha256
})

/** `certificateFile` gives a PEM file for clients that take no pin, removed at the end. */
const certificateFile = (pem: string) =>
  Effect.map(
    Effect.acquireRelease(
      files("write the certificate to a temporary folder", async () => {
        const folder = await mkdtemp(join(tmpdir(), "sallyport-sandbox-"))
        await writeFile(join(folder, "ca.pem"), pem, { mode: 0o600 })
        return folder
      }),
      (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true }))
    ),
    (folder) => join(folder, "ca.pem")
  )

const readCertificate = (paths: { readonly cert: string; readonly key: string }) =>
  files("read --certificate and --key", async () => ({
    cert: await readFile(paths.cert, "utf8"),
    key: await readFile(paths.key, "utf8")
  }))

const files = <A>(purpose: string, work: () => Promise<A>) =>
  Effect.tryPromise({
    try: work,
    catch: (error) => new SandboxFailed({ operation: "files", detail: `it cannot ${purpose} (${error}).` })
  })

const line = (request: RequestRecord): string => {
  const session = request.session === undefined ? "" : `  session ${request.session.slice(0, 8)}`
  const at = new Date(request.at).toISOString()
  return `${at}  ${request.status}  ${request.kind}  ${request.method} ${request.path}${session}`
}
