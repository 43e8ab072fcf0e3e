// An inventory from YAML, JSON, CSV and code.
//
// Invariants: the formats mean the same · what is wrong is told by file, line and field, all of it together, with what
// would be right · nothing that stands in the file is in an error but names.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Credentials, Inventory } from "sallyport"
import * as Fdm from "sallyport/fdm"
import { faultsInCode, faultsOf, plugins, read, shown } from "../support/inventories.ts"

const yaml = `# Two sites.
defaults:
  credentials: { env: FDM }
  tags: [prod]
kinds:
  fmc:
    credentials: { username: night, command: [op, read, "op://net/fmc/password"] }
groups:
  emea:
    proxy: http://proxy.example:3128
devices:
  hq:
    kind: fmc
    url: https://fmc.example
    tokenLifetime: 20 minutes
  branch-1:
    kind: fdm
    url: https://branch-1.example
    trust: { pin: "${"AB:".repeat(31)}CD" }
    groups: [emea]
    tags: canary branch
`

const data = {
  defaults: { credentials: { env: "FDM" }, tags: ["prod"] },
  kinds: { fmc: { credentials: { username: "night", command: ["op", "read", "op://net/fmc/password"] } } },
  groups: { emea: { proxy: "http://proxy.example:3128" } },
  devices: {
    hq: { kind: "fmc", url: "https://fmc.example", tokenLifetime: "20 minutes" },
    "branch-1": {
      kind: "fdm",
      url: "https://branch-1.example",
      trust: { pin: `${"AB:".repeat(31)}CD` },
      groups: ["emea"],
      tags: ["canary", "branch"]
    }
  }
} as const

const csv = `name,kind,url,tokenLifetime,trust.pin,groups,tags
hq,fmc,https://fmc.example,20 minutes,,,
branch-1,fdm,https://branch-1.example,,${"AB:".repeat(31)}CD,emea,"canary, branch"
`
const beside = { defaults: data.defaults, kinds: data.kinds, groups: data.groups }

const summary = (inventory: Inventory.Inventory) =>
  Effect.forEach(inventory.entries, ({ groups, kind, name, options, tags }) =>
    Effect.map(options, ({ credentials: _, target, ...settings }) => {
      const { origin, proxy, trust } = target
      return { name, kind, tags, groups, origin, proxy, trust, targetName: target.name, settings }
    })
  )

describe("an inventory", () => {
  it.effect("means the same in YAML, JSON, CSV and code", () =>
    Effect.gen(function* () {
      const inventories: ReadonlyArray<Inventory.Inventory> = [
        yield* read("inventory.yaml", yaml),
        yield* read("inventory.yml", yaml.replaceAll("\n", "\r\n")),
        yield* read("inventory.json", JSON.stringify(data, null, 2)),
        yield* read("inventory.JSON", `\ufeff${JSON.stringify(data)}`),
        yield* read("inventory.csv", csv, beside),
        yield* read("inventory.csv", `\ufeff${csv.replaceAll("\n", "\r\n")}`, beside),
        yield* read(
          "inventory.csv",
          csv.replace('"canary, branch"', "canary branch").replaceAll(",", ";"),
          beside
        ),
        yield* Inventory.make(data, { plugins })
      ]
      const [first, ...others] = yield* Effect.forEach(inventories, summary)
      expect(first).toMatchObject([
        { name: "hq", kind: "fmc", tags: ["prod"], groups: [], origin: "https://fmc.example" },
        {
          name: "branch-1",
          kind: "fdm",
          tags: ["canary", "branch", "prod"],
          groups: ["emea"],
          targetName: "branch-1",
          trust: { _tag: "Pin" }
        }
      ])
      expect(first?.[0]?.settings).toEqual({ tokenLifetime: "20 minutes" })
      for (const other of others) expect(other).toEqual(first)
    })
  )

  it.effect("takes numbers of a table where a field has them, and text where it has that", () =>
    Effect.gen(function* () {
      const table =
        "name,kind,url,credentials.env,requestsPerMinute,connectTimeout\n007,fdm,https://x.example,FDM,90,5 seconds\n"
      const [entry] = (yield* read("inventory.csv", table)).entries
      expect(entry?.name).toBe("007")
      expect((yield* entry?.options ?? Effect.die("none")).target).toMatchObject({ requestsPerMinute: 90 })
    })
  )

  it.effect("has credentials of any kind in code, and no secret in what it shows", () =>
    Effect.gen(function* () {
      const secret = Redacted.make("hunter2")
      const inventory = yield* Inventory.make(
        {
          devices: {
            a: {
              kind: "fdm",
              url: "https://a.example",
              credentials: Credentials.password({ username: "a", password: secret })
            },
            b: { kind: "fdm", url: "https://b.example", credentials: { username: "b", password: secret } }
          }
        },
        { plugins: [Fdm.plugin] }
      )
      for (const entry of inventory.entries) {
        const { credentials } = yield* entry.options
        expect(Redacted.value((yield* credentials).password)).toBe("hunter2")
        expect(JSON.stringify(yield* inventory.show(entry.name))).not.toContain("hunter2")
      }
    })
  )

  it.effect("in YAML has anchors, aliases and merged objects, of which the own fields stay", () =>
    Effect.gen(function* () {
      const inventory = yield* read(
        "inventory.yaml",
        `devices:
  a: &a
    kind: fdm
    url: https://a.example
    credentials: &account { env: FDM }
  b:
    <<: *a
    url: https://b.example
  c: { kind: fdm, url: "https://c.example", credentials: *account }
`
      )
      expect((yield* summary(inventory)).map(({ origin }) => origin)).toEqual([
        "https://a.example",
        "https://b.example",
        "https://c.example"
      ])
      expect(yield* shown(inventory, "b")).toContainEqual([
        "credentials",
        '{"env":"FDM"}',
        "device",
        "inventory.yaml:6"
      ])
    })
  )
})

describe("what is wrong with an inventory is told by file, line and field:", () => {
  const device = "    kind: fdm\n    url: https://a.example\n    credentials: { env: FDM }\n"
  it.effect.each([
    [
      "a field that there is not",
      `devices:\n  a:\n${device}    ulr: x\n`,
      /^i\.yaml:6: devices\.a\.ulr: nothing here has such a field; did you mean "url"\?$/
    ],
    [
      "a field of another kind",
      `devices:\n  a:\n${device}    tokenLifetime: 5 minutes\n`,
      /^i\.yaml:6: devices\.a\.tokenLifetime: nothing here has such a field; there are kind, tags, groups, url, /
    ],
    [
      "a field deeper down",
      `devices:\n  a:\n${device}    trust: { pinn: AB }\n`,
      /^i\.yaml:6: devices\.a\.trust\.pinn: there is no such field here; give "system"/
    ],
    [
      "a value that cannot be",
      `devices:\n  a:\n${device}    responseTimeout: soonish\n`,
      /^i\.yaml:6: devices\.a\.responseTimeout: what stands there cannot be used; give a duration/
    ],
    [
      "a value from the defaults",
      `defaults:\n  url: ftp://x\ndevices:\n  a: { kind: fdm, credentials: { env: FDM } }\n`,
      /^i\.yaml:2: defaults\.url: /
    ],
    [
      "what is missing",
      "devices:\n  a:\n    kind: fdm\n    url: https://a.example\n",
      /^i\.yaml:2: devices\.a\.credentials: it is missing, and a device needs it; give an object with env/
    ],
    [
      "a kind that there is not",
      `devices:\n  a: { kind: fdn }\n`,
      /^i\.yaml:2: devices\.a\.kind: there is no such kind of device among the plugins that are given; did you mean "fdm"\? .*plugins: \[Fdm\.plugin\] of Main\.workflow/
    ],
    [
      "no kind",
      "devices:\n  a: { url: https://a.example }\n",
      /^i\.yaml:2: devices\.a\.kind: it is missing; give the kind of the device: fmc, fdm, cdfmc\.$/
    ],
    [
      "a group that there is not",
      `groups: { emea: {} }\ndevices:\n  a:\n    groups: [emae]\n${device}`,
      /^i\.yaml:4: devices\.a\.groups: there is no group "emae"; did you mean "emea"\?$/
    ],
    [
      "a part that there is not",
      "device: {}\ndevices: {}\n",
      /^i\.yaml:1: device: an inventory has no such part; did you mean "devices"\?$/
    ],
    [
      "a device that is there twice",
      `devices:\n  a:\n${device}  a:\n${device}`,
      /^i\.yaml:6: devices\.a: this name stands in line 2, too; leave one of the two out\.$/
    ],
    [
      "a device that a disk cannot tell apart",
      `devices:\n  Ab:\n${device}  aB:\n${device}`,
      /^i\.yaml:6: devices\.aB: "Ab" is there, too, and files on many disks/
    ],
    [
      "a name that cannot be one",
      `devices:\n  ../a:\n${device}`,
      /^i\.yaml:2: devices\.\.\.\/a: this cannot be a name; give up to 100 letters/
    ],
    [
      "a tag that cannot be one",
      `devices:\n  a:\n${device}    tags: ["a b"]\n`,
      /^i\.yaml:6: devices\.a\.tags: this cannot be a name/
    ],
    [
      "a device by its own name",
      `devices:\n  a:\n${device}    name: b\n`,
      /^i\.yaml:6: devices\.a\.name: a device is called by what stands before/
    ],
    [
      "a tab",
      "devices:\n\ta: {}\n",
      /^i\.yaml:2: (a tab indents this line; YAML takes spaces only|this is no YAML)/
    ],
    ["a bracket too few", "devices: { a: }}\n", /^i\.yaml:\d: this is no YAML; look for a bracket/],
    ["two documents", "devices: {}\n---\ndevices: {}\n", /^i\.yaml:2: a second document begins here/],
    ["a tag of YAML", "devices: !!js/function 'x'\n", /^i\.yaml:1: the tag of this value means nothing here/],
    [
      "an alias of nothing",
      "devices: *hunter2\n",
      /^i\.yaml:1: devices: no anchor of this name stands before this alias\.$/
    ],
    ["no devices", "defaults: {}\n", /^i\.yaml: there are no devices; give/],
    ["a list", "- a\n", /^i\.yaml: this is no inventory; give an object with devices/],
    ["nothing", "", /^i\.yaml: this is no inventory; give an object with devices/]
  ] as const)("%s", ([, text, told]) =>
    Effect.gen(function* () {
      const faults = yield* faultsOf("i.yaml", text)
      expect(faults).toHaveLength(1)
      expect(faults[0]).toMatch(told)
      expect(faults[0]).not.toMatch(/soonish|hunter2/)
    })
  )

  it.effect("in JSON and CSV, too", () =>
    Effect.gen(function* () {
      expect(yield* faultsOf("i.json", '{\n  "devices": {\n    "a": {},\n    "a": {}\n  }\n}')).toEqual([
        "i.json:4: devices.a: this name stands in line 3, too; leave one of the two out."
      ])
      expect(yield* faultsOf("i.json", '{ "devices": {}, }')).toEqual([
        "i.json: this is no JSON; comments, single quotes, and commas before a closing bracket, are not in it."
      ])
      expect(yield* faultsOf("i.csv", "name,kind,ulr\na,fdm,x\n")).toEqual([
        'i.csv:2: devices.a.ulr: nothing here has such a field; did you mean "url"?'
      ])
      expect(yield* faultsOf("i.csv", "name,kind\na,fdm\n\na,fdm\nb\n,fdm\n")).toEqual([
        "i.csv:4: devices.a: this name stands in line 2, too.",
        "i.csv:5: this line has 1 cell, and the first one 2.",
        "i.csv:6: name: this device has no name."
      ])
      expect(yield* faultsOf("i.csv", "kind,kind\n")).toEqual([
        "i.csv:1: the first line has no column name; it names the columns: name,kind,url,tags.",
        "i.csv:1: kind: this column is there twice; leave one of the two out."
      ])
      expect(yield* faultsOf("i.csv", 'name,kind\n"a,fdm\n')).toEqual([
        expect.stringMatching(/^i\.csv:\d: this is no CSV; look for a quotation mark/)
      ])
    })
  )

  it.effect("all of it together, in code by its path", () =>
    Effect.gen(function* () {
      const faults = yield* faultsInCode({
        groups: { emea: { ulr: "x" } },
        devices: { a: { kind: "fdm", groups: ["emae"] }, b: { kind: "asa" }, c: null, d: [] }
      })
      expect(faults).toEqual([
        'groups.emea.ulr: nothing here has such a field; did you mean "url"?',
        "devices.d: this is no object; give its fields.",
        'devices.a.groups: there is no group "emae"; did you mean "emea"?',
        "devices.b.kind: there is no such kind of device among the plugins that are given; there are fmc, fdm, cdfmc. Devices of other kinds than the script's may be in an inventory whose plugins are given, too: plugins: [Fdm.plugin] of Main.workflow, or of Inventory.fromFile.",
        "devices.c.kind: it is missing; give the kind of the device: fmc, fdm, cdfmc.",
        "devices.d.kind: it is missing; give the kind of the device: fmc, fdm, cdfmc."
      ])
      // What the other devices say is told, too; but not what groups and defaults should have said.
      const b = { kind: "fdm", url: "https://b.example" }
      expect(yield* faultsInCode({ devices: { a: { ulr: "x", kind: "fdm" }, b } })).toEqual([
        'devices.a.ulr: nothing here has such a field; did you mean "url"?',
        expect.stringMatching(/^devices\.b\.credentials: /)
      ])
      expect(yield* faultsInCode({ defaults: { credentals: { env: "B" } }, devices: { b } })).toEqual([
        'defaults.credentals: nothing here has such a field; did you mean "credentials"?'
      ])
      const many = Object.fromEntries(
        Array.from({ length: 50 }, (_, index) => [`d${index}`, { kind: "asa" }])
      )
      const told = yield* faultsInCode({ devices: many })
      expect(told).toHaveLength(11)
      expect(told.at(-1)).toBe("… and 40 more like these.")
      for (const given of [undefined, null, 1, "devices", [], new Map()])
        expect((yield* faultsInCode(given))[0]).toMatch(/^this is no inventory; give an object with devices/)
    })
  )

  it.effect("a file that cannot be read", () =>
    Effect.gen(function* () {
      const at = (path: unknown) =>
        Effect.map(Effect.flip(Inventory.fromFile(path as string, { plugins })), ({ message }) => message)
      expect(yield* at("missing/inventory.yaml")).toMatch(/^missing\/inventory\.yaml: there is no such file/)
      expect(yield* at("inventory.txt")).toMatch(/^inventory\.txt: its name has to end in \.yaml/)
      for (const path of ["", "a\0.yaml", undefined, 1])
        expect(yield* at(path)).toMatch(/^path: this is no path/)
      expect(yield* faultsOf("i.yaml", Uint8Array.from([0x61, 0xff]))).toEqual([
        "i.yaml: the file is no text in UTF-8; save it as UTF-8."
      ])
      expect(yield* faultsOf("i.yaml", new Uint8Array(9 * 1024 * 1024))).toEqual([
        "i.yaml: the file has more than 8 MiB; part it into several inventories."
      ])
    })
  )

  it.effect("plugins that are none, or given twice", () =>
    Effect.gen(function* () {
      const made = (given: unknown) => Effect.flip(Inventory.make(data, { plugins: given as typeof plugins }))
      expect(yield* made(undefined)).toMatchObject({ field: "plugins" })
      expect(yield* made([Fdm.plugin, Fdm.plugin])).toMatchObject({ field: "plugins" })
    })
  )
})
