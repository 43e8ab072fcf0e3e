// Files that mean no good: each is refused in bounded time, and nothing of it ends the process.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { faultsOf, read } from "../support/inventories.ts"

const laughs = [
  "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]",
  ...Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(", ")}]`)
].join("\n")

const merges = [
  "devices:",
  "  a0: &a0 { kind: fdm }",
  ...Array.from({ length: 40 }, (_, i) => `  a${i + 1}: &a${i + 1} { <<: [*a${i}, *a${i}, *a${i}] }`)
].join("\n")

describe("an inventory that means no good is refused:", () => {
  it.effect.each([
    ["aliases of aliases that make billions", laughs, /aliases in this file stand for too much/],
    ["objects merged of objects by the billion", merges, /./],
    [
      "an alias for what it lies in",
      "devices: &a\n  b: *a\n",
      /^i\.yaml:2: devices\.b: this alias stands for what it lies in/
    ],
    [
      "an object merged into itself",
      "devices: &a\n  <<: *a\n",
      /^i\.yaml:2: devices\.<<: this alias stands for what it lies in/
    ],
    ["text that is merged", "devices:\n  <<: hunter2\n", /what is merged into an object \(<<\) is none/],
    ["brackets in brackets", "[".repeat(100_000), /nested too deep/],
    ["lists in lists in a line", "- ".repeat(100_000), /nested too deep/],
    ["keys in keys in a line", "? ".repeat(100_000), /nested too deep/],
    [
      "indentation without end",
      Array.from({ length: 1000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
      /nested too deep/
    ],
    [
      "a name that would change all objects",
      "devices:\n  __proto__: { kind: fdm }\n",
      /devices\.__proto__: this cannot be a name/
    ],
    [
      "a field that would change all objects",
      "defaults: { __proto__: { kind: fdm } }\ndevices: { a: {} }\n",
      /defaults\.__proto__: nothing here has such a field/
    ],
    [
      "a thousand tags",
      `devices:\n  a: { kind: fdm, tags: [${"a,".repeat(1000)}] }\n`,
      /no list of up to 100 words/
    ]
  ] as const)("%s", ([, text, told]) =>
    Effect.gen(function* () {
      const faults = yield* faultsOf("i.yaml", text)
      expect(faults.join("\n")).toMatch(told)
      expect(faults.join("\n")).not.toContain("hunter2")
      expect(({} as { kind?: unknown }).kind).toBeUndefined()
    })
  )

  it.effect("also in a table: columns that would change all objects, and too many levels", () =>
    Effect.gen(function* () {
      for (const column of ["__proto__.kind", "a.__proto__", "a..b", "a.b.c.d.e"])
        expect(yield* faultsOf("i.csv", `name,${column}\na,x\n`)).toEqual([
          `i.csv:1: ${column}: nothing can have this name.`
        ])
      expect(yield* faultsOf("i.csv", "name,kind\n__proto__,fdm\n")).toEqual([
        expect.stringMatching(/^i\.csv:2: /)
      ])
    })
  )

  it.effect("and one anchor that all devices share is no such file", () =>
    Effect.gen(function* () {
      const devices = Array.from(
        { length: 500 },
        (_, i) => `  d${i}: { <<: *base, url: "https://d${i}.example", credentials: *account }`
      )
      const inventory = yield* read(
        "i.yaml",
        `devices:\n  base: &base { kind: fdm, url: "https://x.example", credentials: &account { env: FDM } }\n${devices.join("\n")}\n`
      )
      expect(inventory.entries).toHaveLength(501)
    })
  )
})
