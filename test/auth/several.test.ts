// Several scripts in one process, with Effect and without it: none ends the process under the others' sessions.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Sandbox from "sallyport/sandbox"
import { environmentOf } from "../support/example.ts"
import { fewer } from "../support/fewer.ts"
import { start } from "../support/runtime.ts"

type Case = readonly [way: string, code: number, said: ReadonlyArray<string>]

describe("several scripts in one process", () => {
  it.scopedLive.each([
    ...fewer<Case>([
      ["end", 0, ["the first is over", "the second is over"]],
      ["the end of one that has opened another without Effect", 0, ["the first is over"]]
    ]),
    ...fewer<Case>([
      ["an exit in one without Effect, inside one with it", 3, []],
      ["an exit in one with Effect, inside one without it", 3, []],
      ["an exit in one", 3, []],
      ["a failure of one", 1, []],
      ["one inside the other", 3, []]
    ])
  ])("(%s) are all logged out, exit code %i", ([way, code, said]) =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const env = { ...environmentOf(sandbox, "FMC", "FDM"), WAY: way }
      const ended = yield* Effect.promise(() => start("test/scripts/several.ts", { env }).ended)
      const { ledger } = sandbox
      expect({
        code: ended.code,
        said: ended.stdout.trim().split("\n").filter(Boolean),
        opened: ledger.opened > 0,
        open: ledger.open
      }).toEqual({
        code,
        said,
        opened: true,
        open: 0
      })
    })
  )
})
