// The tables of README.md must not rot: each trap is there, each test that they name exists, and each change that is said
// to break one is one that mutants/run.ts can make.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { mutants } from "./mutants/mutants.ts"
import { root } from "./support/runtime.ts"

const read = (path: string): string => readFileSync(join(root, path), "utf8")

/** The cells of the table below a heading. */
const table = (heading: string): ReadonlyArray<ReadonlyArray<string>> =>
  (read("test/README.md").split(`## ${heading}\n`)[1] ?? "")
    .replace(/\n## .*/s, "")
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim()))

const rows = table("The traps").map(([trap = "", test = "", breaks = ""]) => ({
  trap,
  tests: test.split("<br>"),
  breaks: breaks.split("<br>")
}))

const found = table("What strangers broke").map(([number = "", test = ""]) => ({
  number,
  tests: test.split("<br>")
}))

/** The test's file and words of its name. */
const parted = (test: string): readonly [string, string] => {
  const [, file = "", words = ""] = /^`([^`]+)`: (.+)$/.exec(test) ?? []
  return [file, words]
}

const exists = (test: string): void => {
  const [file, words] = parted(test)
  expect(words, test).not.toBe("")
  const source = read(join("test", file))
  if (words === "all of it") return
  expect(source, test).toContain(words)
  const before = source.slice(0, source.indexOf(words))
  expect(before.slice(before.lastIndexOf("it.")), `${test} is skipped`).not.toMatch(/^it\.[\w.]*skip\b(?!If)/)
}

describe("the table of what strangers broke", () => {
  it("has each number once, in their order", () => {
    const numbers = found.map(({ number }) => /^\d+[a-d]?/.exec(number)?.[0])
    expect(numbers).toEqual([
      ...[
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "6a",
        "6b",
        "6c",
        "6d",
        "7",
        "8",
        "9",
        "10",
        "11",
        "12",
        "13",
        "14",
        "15"
      ],
      ...["16", "17", "18", "19", "19a", "20", "21", "22", "23", "24", "25", "26", "27", "28", "28a", "29"]
    ])
  })

  it.each(found.map(({ number, tests }) => [number, tests] as const))(
    "%s: names tests that exist",
    (_, tests) => {
      for (const test of tests) exists(test)
    }
  )
})

describe("the table of traps", () => {
  it("has each of them once, in their order", () => {
    const numbers = rows.flatMap(({ trap }) => /^\d+/.exec(trap)?.map(Number) ?? [])
    expect(numbers).toEqual(Array.from({ length: 38 }, (_, index) => index + 1))
  })

  it.each(rows.map(({ tests, trap }) => [trap, tests] as const))("%s: names tests that exist", (_, tests) => {
    for (const test of tests) exists(test)
  })

  it.each(rows.map((row) => [row.trap, row] as const))("%s: is broken by a change that fits", (_, row) => {
    const breaking = mutants.filter(({ name }) => row.breaks.includes(name))
    expect(breaking.map(({ name }) => name).sort()).toEqual([...row.breaks].sort())
    const tests = new Set(breaking.flatMap(({ tests }) => tests))
    expect(row.tests.map((test) => parted(test).join(": ")).sort()).toEqual([...tests].sort())
  })
})

describe("the changes that break what they name", () => {
  it("are all in the table", () => {
    const told = new Set(rows.flatMap(({ breaks }) => breaks))
    expect(mutants.map(({ name }) => name).filter((name) => !told.has(name))).toEqual([])
  })

  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
    "still fit the sources: %s",
    (_, mutant) => {
      expect(read(mutant.file).split(mutant.from).length - 1).toBe(1)
      expect(mutant.to).not.toBe(mutant.from)
    }
  )

  it("leave nothing of themselves in the sources", () => {
    const files = ["src", "plugins"].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .map((name) => join(folder, name))
    )
    expect(files.length).toBeGreaterThan(50)
    expect(files.filter((file) => /globalThis as any/.test(read(file)))).toEqual([])
  })
})
