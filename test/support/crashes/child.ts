import * as Redacted from "effect/Redacted"
import type * as Sandbox from "sallyport/sandbox"
import { type Running, start } from "../runtime.ts"

/** What a process that runs a case is told: see `scripts/crashing.ts`. */
export interface Told {
  readonly CASE: string
  readonly FOLDER: string
  readonly HOW: "run" | "fail" | "leave" | "resume" | "undo"
  readonly KILL?: string
  readonly RUN?: string
}

/** Starts a process that works on a sandbox. */
export const child = (sandbox: Sandbox.Sandbox, told: Told): Running =>
  start("test/scripts/crashing.ts", {
    // To learn whether the holder of a lock lives.
    mayDoEverything: true,
    env: {
      ...told,
      URL: sandbox.url,
      PIN: sandbox.certificate.sha256,
      USERNAME_: sandbox.username,
      PASSWORD_: Redacted.value(sandbox.password)
    }
  })
