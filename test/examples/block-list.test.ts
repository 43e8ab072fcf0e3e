import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { environmentOf, file, run } from "../support/example.ts"
import { fewest } from "../support/long.ts"
import * as Requests from "../support/requests.ts"

const group = "Blocked"
const rounds = fewest([1, 2])

/** A sandbox that has the group, with one address. */
const started = (options: Sandbox.Options = {}) =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make(options)
    const fmc = yield* Fmc.make(sandbox.fmc)
    const { networkGroups } = yield* fmc.domain("Global")
    const literals = [{ type: "Host", value: "203.0.113.1" }]
    const { id } = yield* networkGroups.create({ name: group, literals })
    return {
      sandbox,
      blockList: (name: string, addresses: ReadonlyArray<string>, ...more: ReadonlyArray<string>) => {
        const words = addresses.flatMap((address) => ["--address", address])
        const args = [...(more[0] === "plan" ? more : ["run", "--yes", "--quiet", ...more])]
        return run("examples/block-list.ts", {
          args: [...args, "--group", name, ...words],
          env: environmentOf(sandbox, "FMC")
        })
      },
      entries: Effect.map(networkGroups.get(id), ({ literals = [] }) => literals.map(({ value }) => value)),
      mark: () => sandbox.ledger.requests.length
    }
  })

// Each test starts several processes one after the other, on a machine that may be busy.
describe("block-list.ts", { timeout: 90_000 }, () => {
  it.scopedLive("by two at once, with addresses that overlap, loses none", () =>
    Effect.gen(function* () {
      const { blockList, entries, sandbox } = yield* started()
      // Both have read the group before either writes.
      yield* sandbox.fail({
        method: "GET",
        path: /networkgroups\/[^/?]+$/,
        times: Number.POSITIVE_INFINITY,
        how: Sandbox.Fault.slow("300 millis")
      })
      for (const round of rounds) {
        const ended = yield* Effect.all(
          [
            blockList(group, [`198.51.${round}.1`, `198.51.${round}.0/28`]),
            blockList(group, [`198.51.${round}.1`, `198.51.${round}.16-198.51.${round}.20`])
          ],
          { concurrency: 2 }
        )
        expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
          { code: 0, stderr: "" },
          { code: 0, stderr: "" }
        ])
      }
      yield* sandbox.clearFaults()
      const added = rounds.flatMap((round) => [
        `198.51.${round}.1`,
        `198.51.${round}.0/28`,
        `198.51.${round}.16-198.51.${round}.20`
      ])
      expect([...(yield* entries)].sort()).toEqual(["203.0.113.1", ...added].sort())
    })
  )

  it.scopedLive("adds what is not there in one write, and writes nothing the second time", () =>
    Effect.gen(function* () {
      const { blockList, entries, mark, sandbox } = yield* started()
      const path = yield* file(
        "list.txt",
        "# seen today\n198.51.100.7  # scans\n\n203.0.113.1\n198.51.100.0/28\n"
      )

      const first = mark()
      const once = yield* blockList(group, [`@${path}`])
      expect(once).toMatchObject({ code: 0, stderr: "" })
      expect(once.stdout).toMatch(
        /^block-list: done\n1 done; 0 as wanted already\.\n[\s\S]* ~ NetworkGroup Blocked {2}\(done\)/
      )
      expect(once.stdout).toMatch(/literals: \+ .*"198\.51\.100\.7".*"198\.51\.100\.0\/28"/)
      // The group is found by a list and read, twice since it is compared right before the write, which the version decides.
      Requests.account("block-list", sandbox, first)

      const second = mark()
      const twice = yield* blockList(group, [`@${path}`])
      expect(twice).toMatchObject({ code: 0, stderr: "" })
      expect(twice.stdout).toMatch(
        /^block-list: done\nNothing was changed; 1 as wanted already \(NetworkGroup\)\./
      )
      Requests.account("block-list, again", sandbox, second)

      const taken = yield* blockList(group, ["198.51.100.7", "192.0.2.99"], "--remove")
      expect(taken).toMatchObject({ code: 0, stderr: "" })
      expect(taken.stdout).toMatch(/literals: - .*"198\.51\.100\.7"/)
      expect([...(yield* entries)].sort()).toEqual(["198.51.100.0/28", "203.0.113.1"])
    })
  )

  it.scopedLive("works on an FMC before 7.4 too", () =>
    Effect.gen(function* () {
      const { blockList, entries } = yield* started({ serverVersion: "7.2.5 (build 208)" })
      const added = yield* blockList(group, ["198.51.100.7", "203.0.113.1"])
      expect(added).toMatchObject({ code: 0, stderr: "" })
      const taken = yield* blockList(group, ["203.0.113.1"], "--remove")
      expect(taken).toMatchObject({ code: 0, stderr: "" })
      expect(yield* entries).toEqual(["198.51.100.7"])
    })
  )

  it.scopedLive("shows what it would do, and writes nothing; without an address it says so", () =>
    Effect.gen(function* () {
      const { blockList, entries } = yield* started()
      const planned = yield* blockList(group, ["198.51.100.7", "203.0.113.1"], "plan")
      expect(planned).toMatchObject({ code: 0, stderr: "" })
      expect(planned.stdout).toMatch(/^ {2}~ NetworkGroup Blocked\n {6}literals: \+ .*"198\.51\.100\.7"/m)
      expect(yield* entries).toEqual(["203.0.113.1"])
      const none = yield* blockList(group, [])
      expect(none).toMatchObject({ code: 64, stdout: "" })
      expect(none.stderr).toMatch(/^--address: it is missing; give/)
    })
  )

  it.scopedLive("names a group that is not there, and writes nothing", () =>
    Effect.gen(function* () {
      const { blockList, mark, sandbox } = yield* started()
      const first = mark()
      const { code, stderr } = yield* blockList("Blokced", ["198.51.100.7"])
      expect(code).toBe(1)
      expect(stderr).toContain("Blokced")
      expect(Requests.since(sandbox, first)).toMatchObject({ logins: 1, writes: 0, logouts: 1 })
    })
  )
})
