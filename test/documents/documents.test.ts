// What people write in YAML, JSON and CSV, for an inventory and for the input of a workflow alike.
//
// Invariants: the same file is refused by both, with the same words, by file and line · nothing of what stands in it is
// told · nothing in it ends the process or takes without end · JSON needs no package.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import { vi } from "vitest"
import { call } from "../support/commandLine.ts"
import { file } from "../support/example.ts"
import { faultsOf, read } from "../support/inventories.ts"

const Row = Schema.Struct({ name: Schema.String, kind: Schema.String })

/** What a command line says of a file with the rows of its input. */
const saidOf = (name: string, content: string | Uint8Array) =>
  Effect.gen(function* () {
    const path = yield* file(name, content)
    let got: unknown
    const workflow = Workflow.make({
      name: "take-it",
      input: Schema.Struct({ rows: Schema.Array(Row) }),
      devices: {},
      run: (_, { rows }) => Effect.sync(() => (got = rows))
    })
    const { stderr } = yield* call(workflow, {}, ["plan", "--rows", `@${path}`])
    const lines = stderr.split("\n\n")[0]?.split("\n") ?? []
    return { got, said: lines.map((line) => line.replace(path, name)) }
  })

const look =
  "look for a bracket, a quotation mark or a colon that is missing or too much, here or in the line before."
const nested = "this is nested too deep to be read; a few levels are."

describe("a file is refused alike, as an inventory and as an input:", () => {
  it.scopedLive.each<[string, string | Uint8Array, string]>([
    ["a.yaml", "a: 'hunter2\n", `a.yaml:2: this is no YAML; ${look}`],
    ["a.yaml", "a:\n\tb: hunter2\n", "a.yaml:2: a tab indents this line; YAML takes spaces only."],
    ["a.yaml", "a: 1\n---\nb: hunter2\n", "a.yaml:2: a second document begins here; a file holds one."],
    [
      "a.yaml",
      "a: !!js/function hunter2\n",
      "a.yaml:1: the tag of this value means nothing here; write the value alone."
    ],
    [
      "a.yaml",
      "a: 1\nhunter2: 2\na: 3\n",
      "a.yaml:3: a: this name stands in line 1, too; leave one of the two out."
    ],
    ["a.yaml", "a: *hunter2\n", "a.yaml:1: a: no anchor of this name stands before this alias."],
    ["a.yaml", "- ".repeat(50_000), `a.yaml: ${nested}`],
    ["a.yaml", "[".repeat(50_000), `a.yaml: ${nested}`],
    ["a.json", "[".repeat(50_000), `a.json: ${nested}`],
    ["a.json", '{\n  "a": hunter2 }', `a.json:2: this is no JSON; ${look}`],
    [
      "a.json",
      '{ "a": "hunter2", }',
      "a.json: this is no JSON; comments, single quotes, and commas before a closing bracket, are not in it."
    ],
    [
      "a.csv",
      'name,kind\nhunter2,"x\n',
      "a.csv:2: this is no CSV; look for a quotation mark that is missing or too much, here or in a line before."
    ],
    ["a.csv", "name,kind\nhunter2\n", "a.csv:2: this line has 1 cell, and the first one 2."],
    ["a.csv", "name,kind\nhunter2,x,y\n", "a.csv:2: this line has 3 cells, and the first one 2."],
    ["a.csv", "name,kind,kind\n", "a.csv:1: kind: this column is there twice; leave one of the two out."],
    ["a.csv", "", "a.csv: it is empty; its first line names the columns."],
    [
      "a.csv",
      Buffer.from("name,kind\nZürich,x\n", "latin1"),
      "a.csv: the file is no text in UTF-8; save it as UTF-8."
    ]
  ])("%s %j", ([name, content, told]) =>
    Effect.gen(function* () {
      expect(yield* faultsOf(name, content)).toEqual([told])
      expect(yield* saidOf(name, content)).toEqual({ got: undefined, said: [told] })
    })
  )
})

describe("a file is read alike", () => {
  const row = { name: "a", kind: "fdm" }

  it.scopedLive("in JSON without the package for YAML, though without lines then", () =>
    Effect.gen(function* () {
      vi.doMock("yaml", () => {
        throw new Error("it is missing")
      })
      yield* Effect.addFinalizer(() => Effect.sync(() => vi.doUnmock("yaml")))
      expect(yield* saidOf("a.json", JSON.stringify([row]))).toEqual({ got: [row], said: [""] })
      expect((yield* saidOf("a.json", '[{ "name": "a" }]')).said).toEqual([
        "a.json: rows.0.kind: it is missing; give a text."
      ])
      const device = '{ "kind": "fdm", "url": "https://a.example", "credentials": { "env": "FDM" } }'
      expect((yield* read("a.json", `{ "devices": { "a": ${device} } }`)).entries).toHaveLength(1)
      expect(yield* faultsOf("a.json", '{ "devices": { "a": { "kind": "x" } } }')).toEqual([
        expect.stringMatching(/^a\.json: devices\.a\.kind: there is no such kind/)
      ])
      const missing = "YAML is read by the package yaml, which is missing: npm i yaml@^2.9"
      expect(yield* faultsOf("a.yaml", "a: 1\n")).toEqual([`a.yaml: ${missing}`])
      expect((yield* saidOf("a.yaml", "a: 1\n")).said).toEqual([`a.yaml: ${missing}`])
    })
  )

  it.scopedLive("in CSV of a spreadsheet: its mark, its separators, and the line that names them", () =>
    Effect.gen(function* () {
      for (const csv of [
        "name,kind\na,fdm\n",
        "\uFEFFname;kind\r\na;fdm\r\n",
        "sep=|\nname|kind\n\na|fdm\n",
        "name\tkind\ra\tfdm"
      ]) {
        expect(yield* saidOf("a.csv", csv)).toEqual({ got: [row], said: [""] })
        const beside = { defaults: { url: "https://a.example", credentials: { env: "FDM" } } }
        expect((yield* read("a.csv", csv, beside)).entries).toMatchObject([row])
      }
    })
  )
})
