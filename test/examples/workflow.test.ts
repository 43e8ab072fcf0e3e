import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Sandbox from "sallyport/sandbox"
import { environmentOf, run } from "../support/example.ts"

const script = "examples/workflow.ts"

// Each test starts several processes one after the other, on a machine that may be busy.
describe("workflow.ts", { timeout: 90_000 }, () => {
  it.scopedLive("says what it would do, in three forms, and writes nothing", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const env = environmentOf(sandbox, "FMC")
      const args = ["shop", "192.0.2.7", "192.0.2.8"]
      const [text, markdown, json] = yield* Effect.all(
        [[], ["--markdown"], ["--json"]].map((more) => run(script, { args: [...args, ...more], env })),
        { concurrency: 3 }
      )
      expect(text).toMatchObject({ code: 0, stderr: "" })
      const { host } = new URL(sandbox.url)
      expect(text?.stdout).toBe(`publish-service: plan

${host} · hosts
  + Host shop-1
      value: "192.0.2.7"
  + Host shop-2
      value: "192.0.2.8"

${host} · group
  + NetworkGroup shop
      objects: [{"id":"(known after Host shop-1 is created)","name":"shop-1","type":"Host"},{"id":"(known after Host shop-2 is created)","name":"shop-2","type":"Host"}]

The workflow says:
  Rules that use the group need a deployment afterwards.

3 to create; 0 as wanted already. Plan ${hashOf(json?.stdout)}.
`)
      expect(markdown?.stdout).toContain("| group | create | NetworkGroup shop |")
      expect(
        sandbox.ledger.requests.filter(({ kind, method }) => kind === "call" && method !== "GET")
      ).toEqual([])
      expect(sandbox.ledger).toMatchObject({ opened: 3, open: 0 })
    })
  )

  it.scopedLive("says how it is called", () =>
    Effect.gen(function* () {
      expect(yield* run(script, { args: ["shop"] })).toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringMatching(/^Usage: /)
      })
    })
  )
})

const hashOf = (json = "{}"): string => JSON.parse(json).hash.slice(0, 12)
