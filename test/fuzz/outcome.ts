import { inspect } from "node:util"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import { expect } from "vitest"

const tags = new Set([
  "CredentialsRefused",
  "DeviceBusy",
  "DeviceRefused",
  "DeviceUnreachable",
  "TokenStoreFailed",
  "InvalidInput",
  "OutcomeUnknown",
  "ProtocolViolation",
  "SessionClosed",
  "SessionContested",
  "TokenRejected",
  "TrustRefused"
])

// Generous: the machine may be busy. What never ends would take as long as the test has.
const longest = 20_000

/**
 * Runs something and holds what comes of it to what is promised whatever a device answers: it ends in time, and if
 * it fails, with a documented error whose text is short, plain and without these secrets.
 */
export const judged = async <A, E>(
  work: Effect.Effect<A, E, Scope.Scope>,
  secrets: ReadonlyArray<string> = []
): Promise<Exit.Exit<A, E>> => {
  const began = Date.now()
  const exit = await Effect.runPromiseExit(Effect.scoped(work))
  expect(Date.now() - began).toBeLessThan(longest)
  if (Exit.isSuccess(exit)) return exit
  if (exit.cause._tag !== "Fail") throw new Error(`no typed error: ${inspect(exit.cause, { depth: 4 })}`)
  plainlySaid(exit.cause.error, secrets)
  return exit
}

/** Holds an error to what a script may print. */
export const plainlySaid = (error: unknown, secrets: ReadonlyArray<string> = []): void => {
  const { _tag, message } = error as { readonly _tag: string; readonly message: string }
  expect(tags).toContain(_tag)
  const said = [message, JSON.stringify(error)]
  for (const text of said) expect(text.length).toBeLessThan(4096)
  // Line breaks are ours. What JSON escapes does no harm, so the message alone is searched.
  expect(message).not.toMatch(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/
  )
  for (const text of [...said, inspect(error, { depth: 10 })])
    for (const secret of secrets) expect(text).not.toContain(secret)
}

/** What would end a script from behind: listened to as long as the test runs, and none may come. */
export const noneEscapes: Effect.Effect<void, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => {
    const escaped: Array<unknown> = []
    const note = (error: unknown) => void escaped.push(error)
    process.on("unhandledRejection", note)
    process.on("uncaughtException", note)
    return { escaped, note }
  }),
  ({ escaped, note }) =>
    Effect.promise(async () => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      process.off("unhandledRejection", note)
      process.off("uncaughtException", note)
      expect(escaped).toEqual([])
    })
).pipe(Effect.asVoid)
