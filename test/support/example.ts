import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type * as Sandbox from "sallyport/sandbox"
import { type Ended, start } from "./runtime.ts"

/** Runs a script to its end. */
export const run = (...call: Parameters<typeof start>): Effect.Effect<Ended> =>
  Effect.promise(() => start(...call).ended)

/** What a script reads from its environment to work on this sandbox: `FMC_URL`, `FDM_PASSWORD` and so on. */
export const environment = (
  sandbox: Pick<Sandbox.Sandbox, "url" | "username" | "password"> & { readonly pin: string },
  ...prefixes: ReadonlyArray<"FMC" | "FDM">
): Record<string, string> =>
  Object.fromEntries(
    prefixes.flatMap((prefix) => [
      [`${prefix}_URL`, sandbox.url],
      [`${prefix}_USERNAME`, sandbox.username],
      [`${prefix}_PASSWORD`, Redacted.value(sandbox.password)],
      [`${prefix}_PIN`, sandbox.pin]
    ])
  )

/** The same of a sandbox that stands alone. */
export const environmentOf = (sandbox: Sandbox.Sandbox, ...prefixes: ReadonlyArray<"FMC" | "FDM">) =>
  environment(
    {
      url: sandbox.url,
      username: sandbox.username,
      password: sandbox.password,
      pin: sandbox.certificate.sha256
    },
    ...prefixes
  )

/** A file that is there as long as the test. */
export const file = (name: string, content: string | Uint8Array): Effect.Effect<string, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.promise(async () => {
        const folder = await mkdtemp(join(tmpdir(), "sallyport-test-"))
        await writeFile(join(folder, name), content)
        return folder
      }),
      (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true }))
    ),
    (folder) => join(folder, name)
  )

/** Output as lines, those that are blank left out. */
export const lines = (text: string): ReadonlyArray<string> =>
  text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
