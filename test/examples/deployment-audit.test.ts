import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { environmentOf, lines, run } from "../support/example.ts"
import * as Requests from "../support/requests.ts"

const day = 24 * 60 * 60 * 1000

/** A sandbox with a deployment of ten days ago, and one of today that failed on the second of two devices. */
const audited = Effect.gen(function* () {
  const today = Date.now()
  yield* TestClock.setTime(today - 10 * day)
  const sandbox = yield* Sandbox.make({ objects: 0, tokenLifetime: "365 days" })
  const fmc = yield* Fmc.make(sandbox.fmc)
  const domain = yield* fmc.domain("Global")
  const deploy = (note: string) =>
    Effect.gen(function* () {
      yield* domain.hosts.create({ name: note.slice(0, 5), value: "192.0.2.1" })
      return yield* Effect.either(domain.deploy({ note }))
    })
  yield* deploy("CHG-1")
  yield* TestClock.setTime(today)
  yield* sandbox.failDeployment("ftd-2")
  yield* deploy("CHG-2\nin two lines")
  const mark = sandbox.ledger.requests.length
  const auditing = (...args: ReadonlyArray<string>) =>
    run("examples/deployment-audit.ts", { args, env: environmentOf(sandbox, "FMC") })
  return { sandbox, mark, auditing, today: new Date(today).toISOString() }
})

describe("deployment-audit.ts", () => {
  it.scoped("is a table of who deployed what to which device in the last days", () =>
    Effect.gen(function* () {
      const { auditing, mark, sandbox, today } = yield* audited
      const { code, stderr, stdout } = yield* auditing()
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      expect(lines(stdout).map((line) => line.split(/ {2,}/))).toEqual([
        ["TIME", "USER", "SOURCE", "DEVICE", "RESULT", "WORDS"],
        [today, "api", "job history", "ftd-1", "SUCCEEDED", "CHG-2 in two lines"],
        [today, "api", "job history", "ftd-2", "FAILED", "CHG-2 in two lines"],
        [today, "api", "audit, 127.0.0.1", expect.stringMatching(/^POST .*\/deploymentrequests \(202\)$/)]
      ])
      // One page of jobs, and one of audit records.
      Requests.account("deployment-audit", sandbox, mark)
    })
  )

  it.scoped("goes back further where it is told to, with each row as JSON", () =>
    Effect.gen(function* () {
      const { auditing } = yield* audited
      const { code, stdout } = yield* auditing("--days", "30", "--json")
      expect(code).toBe(0)
      const rows = lines(stdout).map((line) => JSON.parse(line))
      const jobs = rows.filter(({ source }) => source === "job history")
      expect(jobs.map(({ device, result, words }) => [device, result, words])).toEqual([
        ["ftd-1", "SUCCEEDED", "CHG-2\nin two lines"],
        ["ftd-2", "FAILED", "CHG-2\nin two lines"],
        ["ftd-1", "SUCCEEDED", "CHG-1"],
        ["ftd-2", "SUCCEEDED", "CHG-1"]
      ])
      expect(rows).toHaveLength(jobs.length + 2)
      expect(rows.map(({ time }) => time)).toEqual(
        rows
          .map(({ time }) => time)
          .sort()
          .reverse()
      )
    })
  )
})
