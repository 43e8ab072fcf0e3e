import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Sandbox from "sallyport/sandbox"
import { environmentOf, file, lines, run } from "../support/example.ts"
import * as Requests from "../support/requests.ts"

const script = "examples/import-hosts.ts"

const calling =
  (command: ReadonlyArray<string>) =>
  (sandbox: Sandbox.Sandbox, csv: string, domain = "Global") =>
    Effect.flatMap(file("hosts.csv", csv), (path) =>
      run(script, {
        args: [...command, "--host", `@${path}`, "--domain", domain],
        env: environmentOf(sandbox, "FMC")
      })
    )

const importing = calling(["run", "--yes", "--quiet"])
const planning = calling(["plan"])

/** What its report counts. */
const counted = (stdout: string) => /^.*? as wanted already/.exec(lines(stdout)[1] ?? "")?.[0]

const csv = (...rows: ReadonlyArray<string>) => ["name,address,description", ...rows, ""].join("\r\n")

const writes = (sandbox: Sandbox.Sandbox) =>
  sandbox.ledger.requests.filter(({ kind, method }) => kind === "call" && method !== "GET")

// Each test starts several processes one after the other, on a machine that may be busy.
describe("import-hosts.ts", { timeout: 90_000 }, () => {
  it.scopedLive("imports 1,200 hosts in 2 writes, and in 0 the second time", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const address = (at: number) => `198.18.${Math.floor(at / 250)}.${(at % 250) + 1}`
      const row = (at: number) => `web-${at},${address(at)},"shelf ${at}, ""left"""`
      const hosts = csv(...Array.from({ length: 1200 }, (_, at) => row(at)))

      const first = yield* importing(sandbox, hosts)
      expect(first).toMatchObject({ code: 0, stderr: "" })
      expect(counted(first.stdout)).toBe("1200 done; 0 as wanted already")
      // What is there is one page of a list; a request takes 1000 new hosts.
      Requests.account("import-hosts", sandbox)

      const mark = sandbox.ledger.requests.length
      const second = yield* importing(sandbox, hosts)
      expect(second).toMatchObject({ code: 0, stderr: "" })
      expect(counted(second.stdout)).toBe("Nothing was changed; 1200 as wanted already")
      // By now it is more than the thousand of a page.
      Requests.account("import-hosts, again", sandbox, mark)
    })
  )

  it.scopedLive("changes what differs, and says row by row what was not done", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const before = csv("web,192.0.2.1,", "mail,192.0.2.2,")
      expect((yield* importing(sandbox, before, "Global/Branch")).code).toBe(0)

      const bad = csv("web,192.0.2.9,moved", "", "dns,192.0.2.3,", "odd,192.0.2.300,", "mail,192.0.2.2,")
      const { code, stderr, stdout } = yield* importing(sandbox, bad, "Global/Branch")
      expect({ code, stderr }).toEqual({ code: 1, stderr: "" })
      expect(counted(stdout)).toBe("2 done; 1 as wanted already")
      expect(stdout).toMatch(/^The workflow says:\n {2}odd: .*"192.0.2.300".*give an address/m)
      expect(sandbox.ledger).toMatchObject({ opened: 4, open: 0 })
    })
  )

  it.scopedLive("takes a file as a spreadsheet writes it, and says which columns it lacks", () =>
    Effect.gen(function* () {
      const [semicolons, tabs, german] = [yield* Sandbox.make(), yield* Sandbox.make(), yield* Sandbox.make()]
      const ended = yield* Effect.all(
        [
          importing(semicolons, '\uFEFFsep=;\r\nName;ADDRESS;rack\r\n"web; 1";192.0.2.1;a,b\r\n'),
          importing(tabs, '\r\nDescription\taddress\tname\r\n"a, b; c"\t192.0.2.1\tweb\r\n'),
          importing(german, "Name;Adresse\nweb;192.0.2.1\n")
        ],
        { concurrency: 2 }
      )
      expect(ended).toMatchObject([
        {
          code: 1,
          // Semicolons are not for names: it is the value that tells that the columns were parted.
          stdout: expect.stringMatching(/^ {2}web; 1: /m),
          stderr: expect.stringMatching(
            /^\S*hosts\.csv: no field is called "rack"; its column is not used\.$/m
          )
        },
        { code: 0, stderr: "", stdout: expect.stringMatching(/^1 done; 0 as wanted already\./m) },
        {
          code: 64,
          stdout: "",
          stderr: expect.stringMatching(/columns "Name", "Adresse", and address is needed/)
        }
      ])
      expect(writes(german)).toEqual([])
    })
  )

  it.scopedLive("shows what it would do, and writes nothing", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const { code, stderr, stdout } = yield* planning(sandbox, csv("web,192.0.2.1,"))
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      expect(stdout).toMatch(
        /^import-hosts: plan\n[\s\S]* \+ Host web\n[\s\S]*1 to create; 0 as wanted already/
      )
      expect(writes(sandbox)).toEqual([])
      expect(sandbox.ledger).toMatchObject({ opened: 1, open: 0 })
    })
  )

  it.scopedLive("writes nothing of a file with a mistake that shows before", () =>
    Effect.gen(function* () {
      const sandbox = yield* Sandbox.make()
      const [lacking, twice] = yield* Effect.all(
        [
          importing(sandbox, csv("web,192.0.2.1,", "mail,,")),
          importing(sandbox, csv("web,192.0.2.1,", "Web,192.0.2.2,"))
        ],
        { concurrency: 2 }
      )
      expect(lacking).toMatchObject({
        code: 64,
        stderr: expect.stringMatching(/hosts\.csv:3: host\.1\.address: it is missing/)
      })
      expect(twice).toMatchObject({ code: 1 })
      expect(twice.stdout).toMatch(/name: "Web" is given twice/)
      expect(writes(sandbox)).toEqual([])
      expect(sandbox.ledger.open).toBe(0)
    })
  )
})
