// What a command line tells of itself, and of what is wrong with it before an input is looked at.
//
// Invariants: help is told whatever stands beside it, and nothing is begun · a name that is nearly right is told the right
// one · where a device is missing, it is said how to name one.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { call } from "../support/commandLine.ts"

const Host = Schema.Struct({ name: Schema.String, value: Schema.optional(Schema.String) })

const workflow = Workflow.make({
  name: "import-hosts",
  input: Schema.Struct({
    domain: Schema.optionalWith(Schema.String, { default: () => "Global" }).annotations({
      description: "where the hosts are"
    }),
    hosts: Schema.Array(Host),
    mode: Schema.optional(Schema.Literal("fast", "slow")),
    deploy: Schema.optional(Schema.Boolean),
    password: Schema.Redacted(Schema.String)
  }),
  devices: { fmc: Fmc.plugin },
  run: () => Effect.void
})

const said = (words: ReadonlyArray<string>) =>
  call(workflow, { devices: { fmc: "FMC" }, description: "Imports hosts." }, words)

describe("help", () => {
  it.live("tells of the commands and of the input", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* said(["--help"])
      expect(code).toBe(0)
      expect(stdout).toBe(`Imports hosts.

Usage: script.ts COMMAND [FLAGS]

Commands:
  plan                    shows what it would do, and changes nothing
  drift                   shows what is not as it is wanted, once or on a schedule, and changes
                          nothing
  run                     makes the plan, shows it, asks, and carries it out
  resume RUN              goes on with a run that was killed, or left as it was; does nothing twice
  undo RUN                shows what a run has done, asks, and takes it back
  runs [list | show RUN]  lists the runs and fleets that have a journal, or shows the report of one
  completion SHELL        prints what completes this command line in bash, zsh or fish

Input:
  --domain VALUE    where the hosts are; default "Global"
  --hosts @FILE     CSV, JSON or YAML, @- is standard input; with name, [value]; needed
  --mode VALUE      fast or slow
  --[no-]deploy
  --password PLACE  where the secret is: env:NAME, file:PATH or prompt; without the flag it is asked
                    for

script.ts COMMAND --help tells of its flags.
`)
    })
  )

  it.live.each(["run --help", "run -h --nonsense", "--help run", "help run"])(
    "tells of a command: %s",
    (line) =>
      Effect.gen(function* () {
        const { code, stderr, stdout } = yield* said(line.split(" "))
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
        expect(stdout).toMatch(
          /Usage: script\.ts run \[FLAGS\]\n\nMakes the plan.*\n\nInput:\n[\s\S]*\n\nFlags:\n/
        )
        expect(stdout).toMatch(/--device .*\n.*parts: fmc/)
        expect(stdout).toMatch(/ {2}-y, --yes +carries it out without asking\n/)
        expect(stdout.split("\n").every((line) => line.length <= 100)).toBe(true)
      })
  )

  it.live("of a command without an input tells of none", () =>
    Effect.gen(function* () {
      const { stdout } = yield* said(["undo", "--help"])
      expect(stdout).toMatch(/Usage: script\.ts undo RUN \[FLAGS\]/)
      expect(stdout).not.toContain("--hosts")
    })
  )
})

describe("a command line that cannot be understood", () => {
  it.live.each<[ReadonlyArray<string>, string, string]>([
    [[], "A command is missing; give one of plan, drift, run, resume, undo, runs, completion.", "script.ts"],
    [["paln"], "paln: there is no such command; did you mean plan?", "script.ts"],
    [
      ["deploy"],
      "deploy: there is no such command; give one of plan, drift, run, resume, undo, runs, completion.",
      "script.ts"
    ],
    [
      ["--yes"],
      "--yes: the command comes first; give one of plan, drift, run, resume, undo, runs, completion.",
      "script.ts"
    ],
    [["run", "--limt", "3"], "--limt: run has no such flag; did you mean --limit?", "script.ts run"],
    [["run", "--yes", "--limit", "-3"], "--limit: -3 looks like a flag;", "script.ts run"],
    [["run", "--yes", "--limit", "many"], "--limit: many is no number of objects;", "script.ts run"],
    [["plan", "--device", "fmd=X"], "--device: the workflow has no part fmd; it has fmc.", "script.ts plan"],
    [["runs", "shwo", "x"], "runs: nobody knows what", "script.ts runs"]
  ])("is told what to give: %j", ([words, first, called]) =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* said(words)
      expect({ code, stdout }).toEqual({ code: 64, stdout: "" })
      expect(stderr.slice(0, first.length)).toBe(first)
      expect(stderr.endsWith(`\n\n${called} --help tells how it is called.\n`)).toBe(true)
    })
  )
})

describe("a device", () => {
  const two = Workflow.make({
    name: "two",
    input: Schema.Struct({}),
    devices: { fmc: Fmc.plugin, edge: Fdm.plugin },
    run: () => Effect.void
  })

  it.live("is named for each part that the script leaves open", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* call(two, {}, ["plan", "--device", "SITE"])
      expect(code).toBe(64)
      expect(stderr.split("\n").slice(0, 3)).toEqual([
        "--device: SITE does not say which part it plays; give fmc=PREFIX.",
        "fmc: no device plays this part; give --device fmc=PREFIX, the prefix of its variables: FMC for FMC_URL and its like.",
        "edge: no device plays this part; give --device edge=PREFIX, the prefix of its variables: EDGE for EDGE_URL and its like."
      ])
      expect((yield* call(two, {}, ["plan", "--device", "fmc=A", "--device", "fmc=B"])).stderr).toContain(
        "--device: fmc is given twice; give one device."
      )
    })
  )

  it.live("goes before that of the script, by its part or alone where there is one part", () =>
    Effect.gen(function* () {
      const one = Workflow.make({
        name: "one",
        input: Schema.Struct({}),
        devices: { fmc: Fmc.plugin },
        run: () => Effect.void
      })
      for (const device of ["fmc=NO_SUCH", "NO_SUCH"]) {
        const error = yield* Effect.flip(call(one, { devices: { fmc: "FMC" } }, ["plan", "--device", device]))
        expect(error).toMatchObject({ _tag: "InvalidInput", field: "NO_SUCH_URL" })
      }
    })
  )
})
