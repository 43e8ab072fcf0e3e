import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type AuthError, type Session, type SessionEvent, TokenStore } from "sallyport"
import type * as Sandbox from "sallyport/sandbox"
import type { Backend } from "./backends.ts"

/** An empty folder for tokens, of this test alone. */
export const folder: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "sallyport-tokens-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
)

/** The one file with a token in a folder. */
export const fileIn = (folder: string): string =>
  join(folder, readdirSync(folder).find((name) => name.endsWith(".json")) ?? "no token is kept")

export const keptIn = (folder: string) => JSON.parse(readFileSync(fileIn(folder), "utf8"))

/** Opens a session whose token is kept on disk. */
export const openKept = (
  backend: Backend,
  sandbox: Sandbox.Sandbox,
  options: TokenStore.DiskOptions,
  events: Array<SessionEvent.SessionEvent> = []
): Effect.Effect<Session.Session, AuthError, Scope.Scope> =>
  Effect.provideService(
    backend.open(sandbox, { onEvent: (event) => void events.push(event) }),
    TokenStore.TokenStore,
    TokenStore.disk(options)
  )
