// What a command line makes of an input: flags, words between them, files and secrets.
//
// States of a field: left out, with a default or without one; given by a flag, in a file of its own or in that of the
// whole input; a secret, in a variable, in a file, typed.
//
// Invariants: the workflow gets what was meant, or nothing is begun · all that is wrong is told at once, each with its
// flag, or with its file and line · no secret is taken from an argument, and none is shown · what stands in a file is
// not shown either, since nobody knows what it is.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import { type CallOptions, call } from "../support/commandLine.ts"
import { file } from "../support/example.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"

/** What a workflow without devices gets, or what is said in place of it. */
const given = <I, Encoded>(
  input: Schema.Schema<I, Encoded>,
  words: ReadonlyArray<string>,
  how?: CallOptions
) => {
  let got: I | undefined
  const workflow = Workflow.make({
    name: "take-it",
    input,
    devices: {},
    run: (_, taken) => Effect.sync(() => (got = taken))
  })
  return Effect.map(call(workflow, {}, ["plan", ...words], how), ({ code, stderr }) => ({
    got,
    code,
    said: stderr.split("\n\n")[0]?.split("\n") ?? []
  }))
}

const Host = Schema.Struct({
  name: Schema.NonEmptyString,
  value: Schema.String,
  description: Schema.optional(Schema.String),
  port: Schema.optional(Schema.Int.pipe(Schema.between(1, 65_535))),
  isOn: Schema.optional(Schema.Boolean),
  tags: Schema.optional(Schema.Array(Schema.String)),
  rack: Schema.optional(Schema.Struct({ row: Schema.Number }))
})
const Hosts = Schema.Struct({ hosts: Schema.Array(Host) })

describe("a flag", () => {
  const Everything = Schema.Struct({
    domain: Schema.optionalWith(Schema.String, { default: () => "Global" }),
    maxHosts: Schema.optional(Schema.Number),
    isDry: Schema.optionalWith(Schema.Boolean, { default: () => true }),
    mode: Schema.optional(Schema.Literal("fast", "slow", 3)),
    names: Schema.optional(Schema.Array(Schema.String)),
    ports: Schema.optional(Schema.NonEmptyArray(Schema.Int)),
    server: Schema.optional(Schema.Struct({ hostName: Schema.String, port: Schema.NumberFromString })),
    since: Schema.optional(Schema.Date),
    limit: Schema.optional(Schema.NullOr(Schema.Number))
  })

  it.live.each<[ReadonlyArray<string>, object]>([
    [[], { domain: "Global", isDry: true }],
    [
      ["--domain", "Global/Branch", "--max-hosts", "3"],
      { domain: "Global/Branch", maxHosts: 3, isDry: true }
    ],
    [["--domain=-x", "--max-hosts", "-1.5e2"], { domain: "-x", maxHosts: -150, isDry: true }],
    [["--no-is-dry", "--mode", "slow"], { domain: "Global", isDry: false, mode: "slow" }],
    [["--is-dry", "--mode", "3"], { domain: "Global", isDry: true, mode: 3 }],
    [
      ["--names", "a", "--names", "@@b", "--ports=1", "--ports=2"],
      { domain: "Global", isDry: true, names: ["a", "@b"], ports: [1, 2] }
    ],
    [
      ["--server.host-name", "x", "--server.port", "443"],
      { domain: "Global", isDry: true, server: { hostName: "x", port: 443 } }
    ],
    [
      ["--since", "2026-03-29", "--input.limit", "5"],
      { domain: "Global", isDry: true, since: new Date("2026-03-29"), limit: 5 }
    ]
  ])("is what it is by the Schema: %j", ([words, expected]) =>
    Effect.gen(function* () {
      expect(yield* given(Everything, words)).toEqual({ got: expected, code: 0, said: [""] })
    })
  )

  it.live.each<[ReadonlyArray<string>, ReadonlyArray<string>]>([
    [["--doman", "x"], ["--doman: plan has no such flag; did you mean --domain?"]],
    [["--yes"], ["--yes: plan has no such flag; plan --help lists those that it has."]],
    [["-x"], ["-x: plan has no such flag; plan --help lists those that it has."]],
    [["--domain"], ["--domain: a value has to stand behind it."]],
    [["--domain", "a", "--domain", "b"], ["--domain: it is given more than once; give it once."]],
    [
      ["--domain", "--json"],
      ["--domain: --json looks like a flag; give --domain=--json where it is meant as its value."]
    ],
    [["--is-dry=no"], ["--is-dry: it takes no value; give it alone."]],
    [["--is-dry", "--no-is-dry"], ["--is-dry: it is given with and without no-; give one of the two."]],
    [["word"], ["word: nobody knows what it is for; values stand behind their flags."]],
    [
      ["--max-hosts", "many", "--mode", "odd", "--server.port", "1"],
      [
        "--max-hosts: what stands there cannot be used; give a number.",
        '--mode: what stands there cannot be used; give "fast", "slow" or 3.',
        "--server.host-name: it is missing; give a text."
      ]
    ]
  ])("that is wrong is told with what to give: %j", ([words, said]) =>
    Effect.gen(function* () {
      expect(yield* given(Everything, words)).toEqual({ got: undefined, code: 64, said })
    })
  )
})

describe("a list", () => {
  const Names = Schema.Struct({ names: Schema.Array(Schema.String) })

  it.scopedLive("is in a file with a value in each line, or in JSON, or on standard input", () =>
    Effect.gen(function* () {
      const names = ["192.0.2.1", "192.0.2.2"]
      const text = "192.0.2.1\n# none\n\n192.0.2.2 # two\n"
      const list = yield* file("list.txt", text)
      expect((yield* given(Names, ["--names", `@${list}`])).got).toEqual({ names })
      for (const stdin of [text, JSON.stringify(names)])
        expect((yield* given(Names, ["--names", "-"], { stdin })).got).toEqual({ names })
      expect((yield* given(Names, ["--names", `@${list}`, "--names", "x"])).said).toEqual([
        "--names: give one file, or values, and not both."
      ])
    })
  )
})

describe("a file of a table", () => {
  const read = (name: string, content: string, how?: CallOptions) =>
    Effect.flatMap(file(name, content), (path) =>
      Effect.map(given(Hosts, ["--hosts", `@${path}`], how), ({ said, ...rest }) => ({
        ...rest,
        said: said.map((line) => line.replace(path, name))
      }))
    )

  it.scopedLive("is read as a spreadsheet writes it, whose columns are the fields", () =>
    Effect.gen(function* () {
      const semicolons =
        '\uFEFFsep=;\r\nName;VALUE;Is on;Port;tags;rack.row\r\n"web; 1";192.0.2.1;yes;443;a,b;7\r\n\r\nmail;192.0.2.2;;;;\r\n'
      expect((yield* read("hosts.csv", semicolons)).got).toEqual({
        hosts: [
          { name: "web; 1", value: "192.0.2.1", isOn: true, port: 443, tags: ["a", "b"], rack: { row: 7 } },
          { name: "mail", value: "192.0.2.2" }
        ]
      })
      expect((yield* read("hosts.tsv", "value\tname\n192.0.2.1\tweb\n")).got).toEqual({
        hosts: [{ name: "web", value: "192.0.2.1" }]
      })
      const unused = yield* read("hosts.csv", "name,value,desciption\nweb,192.0.2.1,x\n")
      expect(unused).toMatchObject({
        code: 0,
        said: ['hosts.csv: no field is called "desciption"; its column is not used.', ""]
      })
    })
  )

  it.scopedLive("may be JSON, YAML, or standard input", () =>
    Effect.gen(function* () {
      const hosts = [{ name: "web", value: "192.0.2.1" }]
      const json = JSON.stringify(hosts)
      expect((yield* read("hosts.json", json)).got).toEqual({ hosts })
      expect((yield* read("hosts.yaml", "- name: web\n  value: 192.0.2.1\n")).got).toEqual({ hosts })
      const csv = "name,value\nweb,192.0.2.1\n"
      for (const stdin of [json, csv, "- name: web\n  value: 192.0.2.1\n"])
        expect((yield* given(Hosts, ["--hosts", "@-"], { stdin })).got).toEqual({ hosts })
      expect((yield* given(Hosts, ["--hosts", "-"], { stdin: "name: web\n" })).said).toEqual([
        "standard input: hosts: what stands there cannot be used; give a list."
      ])
    })
  )

  it.scopedLive.each<[string, string, ReadonlyArray<string>]>([
    [
      "hosts.csv",
      "name,value,port\nweb,192.0.2.1,80\n\nmail,,x\n,192.0.2.3,70000\n",
      [
        "hosts.csv:4: hosts.1.value: it is missing; give a text.",
        "hosts.csv:4: hosts.1.port: what stands there cannot be used; give a number between 1 and 65535.",
        "hosts.csv:5: hosts.2.name: it is missing; give a non empty string.",
        "hosts.csv:5: hosts.2.port: what stands there cannot be used; give a number between 1 and 65535."
      ]
    ],
    [
      "hosts.json",
      '[\n  { "name": "web", "value": "192.0.2.1" },\n  { "name": "mail",\n    "value": 7 }\n]',
      ["hosts.json:4: hosts.1.value: what stands there cannot be used; give a text."]
    ],
    [
      "hosts.yaml",
      "- name: web\n  value: 192.0.2.1\n- name: mail\n  vallue: 192.0.2.2\n  value: x\n",
      [
        "hosts.yaml:4: hosts.1.vallue: there is no such field; leave it out, or check its spelling: did you mean value?"
      ]
    ],
    [
      "hosts.csv",
      "Name;Adresse\nweb;1\n",
      ['hosts.csv:1: the first line names the columns "Name", "Adresse", and value is needed.']
    ],
    ["hosts.csv", "", ["hosts.csv: it is empty; its first line names the columns."]],
    [
      "hosts.csv",
      "name,value,Name\nweb,1,x\n",
      ["hosts.csv:1: name: this column is there twice; leave one of the two out."]
    ],
    [
      "hosts.csv",
      'name,value\nweb,1\nhunter2,"2\n',
      [
        "hosts.csv:3: this is no CSV; look for a quotation mark that is missing or too much, here or in a line before."
      ]
    ],
    [
      "hosts.csv",
      "name,value\nweb,1,hunter2\n",
      ["hosts.csv:2: this line has 3 cells, and the first one 2."]
    ],
    [
      "hosts.json",
      '[\n{ "name": hunter2 }]',
      [
        "hosts.json:2: this is no JSON; look for a bracket, a quotation mark or a colon that is missing or too much, here or in the line before."
      ]
    ],
    ["hosts.yaml", "- ? hunter2: 1\n  : 2\n", ["hosts.yaml:1: 0: a name has to be text."]],
    [
      "hosts.yaml",
      "- name: 'hunter2\n",
      [
        "hosts.yaml:2: this is no YAML; look for a bracket, a quotation mark or a colon that is missing or too much, here or in the line before."
      ]
    ],
    // Either ends a process that parses it.
    [
      "hosts.yaml",
      "- ".repeat(50_000),
      ["hosts.yaml: this is nested too deep to be read; a few levels are."]
    ],
    ["hosts.json", "[".repeat(50_000), ["hosts.json: this is nested too deep to be read; a few levels are."]]
  ])("that is wrong is told with its line, and not shown: %s %j", ([name, content, said]) =>
    Effect.gen(function* () {
      expect(yield* read(name, content)).toEqual({ got: undefined, code: 64, said })
    })
  )

  it.scopedLive("that is not there, is asked for twice or stands where no file can", () =>
    Effect.gen(function* () {
      const path = `${yield* temporaryFolder}/none.csv`
      expect((yield* given(Hosts, ["--hosts", `@${path}`])).said).toEqual([
        `${path}: there is no such file; give the path of one, from the folder in which the script runs or from the root.`
      ])
      expect((yield* given(Hosts, ["--hosts", "web"])).said).toEqual([
        "--hosts: what stands there has to be read from a file; give @FILE, or @- for standard input."
      ])
      expect((yield* given(Hosts, ["--hosts", "@-", "--input", "-"], { stdin: "{}" })).said).toEqual([
        "Standard input is asked for more than once; give a file for one of them."
      ])
    })
  )

  it.scopedLive("of many faults tells the first ten, and how many there are", () =>
    Effect.gen(function* () {
      const { said } = yield* read("hosts.csv", `name,value\n${"web,\n".repeat(30)}`)
      expect(said).toHaveLength(11)
      expect(said.at(-1)).toBe("And 20 more.")
    })
  )
})

describe("the whole input", () => {
  it.scopedLive("is read from a file, before which flags go", () =>
    Effect.gen(function* () {
      const Both = Schema.Struct({ domain: Schema.String, ...Hosts.fields })
      const path = yield* file("input.yaml", "domain: Global\nhosts:\n  - name: web\n")
      expect((yield* given(Both, ["--input", path, "--domain", "x"])).said).toEqual([
        `${path}:3: hosts.0.value: it is missing; give a text.`
      ])
      const hosts = yield* file("hosts.json", '[{"name":"a","value":"b"}]')
      expect((yield* given(Both, ["--input", path, "--hosts", `@${hosts}`])).got).toEqual({
        domain: "Global",
        hosts: [{ name: "a", value: "b" }]
      })
      expect((yield* given(Both, ["--input", hosts])).said).toEqual([
        `--input: ${hosts} holds no object; give one with the fields of the input.`
      ])
    })
  )
})

describe("a secret", () => {
  const Secrets = Schema.Struct({
    token: Schema.Redacted(Schema.String),
    passPhrase: Schema.optional(Schema.RedactedFromSelf(Schema.String)),
    // What a journal masks by its name is one, too.
    sharedKey: Schema.optional(Schema.String)
  })
  const shown = ({ got }: { readonly got: typeof Secrets.Type | undefined }) =>
    got && [Redacted.value(got.token), got.passPhrase && Redacted.value(got.passPhrase), got.sharedKey]

  it.scopedLive("is in a variable, in a file, or in the file of the input", () =>
    Effect.gen(function* () {
      const env = { ONE: "e-1", TWO: "e-2" }
      const path = yield* file("token", "f-1\n")
      const words = ["--token", "env:ONE", "--pass-phrase", `file:${path}`, "--shared-key", "env:TWO"]
      expect(shown(yield* given(Secrets, words, { env }))).toEqual(["e-1", "f-1", "e-2"])
      const whole = yield* file("input.json", '{"token":"j-1","passPhrase":"j-2"}')
      expect(shown(yield* given(Secrets, ["--input", whole]))).toEqual(["j-1", "j-2", undefined])
    })
  )

  it.live("is asked for where it is needed or its flag says so, once all the rest could be read", () =>
    Effect.gen(function* () {
      const how = { isAtTerminal: true, stdin: "typed\r" }
      const asked = yield* given(Secrets, [], how)
      expect(shown(asked)).toEqual(["typed", undefined, undefined])
      expect(asked.said).toEqual(["token: ", ""])
      expect(shown(yield* given(Secrets, ["--pass-phrase", "prompt"], how))).toEqual([
        "typed",
        "typed",
        undefined
      ])
      expect((yield* given(Secrets, [], { ...how, stdin: "\r" })).said).toEqual([
        "token: ",
        "--token: nothing was typed, and it is needed."
      ])
      expect((yield* given(Secrets, ["--input", "nowhere.json"], how)).said).toEqual([
        expect.stringContaining("there is no such file")
      ])
    })
  )

  it.live.each<[ReadonlyArray<string>, RegExp]>([
    [
      ["--token", "hunter2"],
      /^--token: a secret is no argument.*env:NAME, --token file:PATH or --token prompt/
    ],
    [["--token", "env:T", "--shared-key=hunter2"], /^--shared-key: a secret is no argument/],
    [[], /^--token: .*nobody to ask.*Give --token env:NAME or --token file:PATH/],
    [["--token", "prompt"], /^--token: .*nobody to ask/],
    [["--token", "env:NONE"], /^--token: the environment has no variable of this name/],
    [["--token", "file:/nowhere"], /^\/nowhere: there is no such file/]
  ])("is in no argument, and never shown: %j", ([words, says]) =>
    Effect.gen(function* () {
      const { code, got, said } = yield* given(Secrets, words, { env: { T: "t" } })
      expect({ code, got }).toEqual({ code: 64, got: undefined })
      expect(said).toEqual([expect.stringMatching(says)])
      expect(said[0]).not.toContain("hunter2")
    })
  )
})
