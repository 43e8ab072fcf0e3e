// Sessions in worker threads: a thread that ends by itself, or is told to, logs out as a process does.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Sandbox from "sallyport/sandbox"
import { environmentOf, run } from "../support/example.ts"
import { runtime } from "../support/runtime.ts"

describe("a session in a worker thread", () => {
  it.scopedLive.each([
    ["the script comes to its end", "end", 0],
    // On Deno nothing tells a worker that it comes to its end (src/README.md says so).
    ...(runtime === "deno"
      ? []
      : [["a script of promises comes to its end and forgets to close", "forgotten", 0] as const]),
    ["an exit taken by its name is called in it", "named", 3],
    ["an exit is called in a script of promises", "exit", 3],
    ["something is thrown in a script of promises", "throw", 1],
    // On Deno a signal comes to the worker, too.
    ["the main thread passes a signal on", "signal", runtime === "deno" ? 130 : 4]
  ] as const)("is logged out when %s", ([, how, code]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const ended = yield* run("test/scripts/worker.ts", {
        env: { ...environmentOf(sandbox, "FMC"), HOW: how }
      })
      const { open, opened } = sandbox.ledger
      expect({ code: ended.code, opened, open }).toEqual({ code, opened: 1, open: 0 })
    })
  )
})
