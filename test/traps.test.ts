// The tables of mutants/README.md must not rot: each trap is there, each test that they name exists, and each change that is said
// to break one is one that mutants/run.ts can make.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { mutants } from "./mutants/mutants.ts"
import { root } from "./support/runtime.ts"

const read = (path: string): string => readFileSync(join(root, path), "utf8")

/** The cells of the table below a heading. */
const table = (heading: string): ReadonlyArray<ReadonlyArray<string>> =>
  (read("test/mutants/README.md").split(`## ${heading}\n`)[1] ?? "")
    .replace(/\n## .*/s, "")
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim()))

/** Where several stand in one cell, each has a line. */
const lines = (cell: string): ReadonlyArray<string> => cell.split("<br>")

const rows = table("The traps").map(([trap = "", test = "", breaks = ""]) => ({
  trap,
  tests: lines(test),
  breaks: lines(breaks)
}))

const found = table("What strangers broke").map(([number = "", test = "", breaks = ""]) => ({
  number,
  tests: lines(test),
  breaks: lines(breaks)
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

/** The changes of a row: each has to be one that can be made. */
const breakingOf = ({ breaks }: { readonly breaks: ReadonlyArray<string> }) => {
  const breaking = mutants.filter(({ name }) => breaks.includes(name))
  expect(breaking.map(({ name }) => name).sort()).toEqual([...breaks].sort())
  return breaking
}

describe("the table of what strangers broke", () => {
  it("has each number once, in their order", () => {
    const numbers = found.map(({ number }) => /^\d+[a-z]?/.exec(number)?.[0])
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
      ...[
        "16",
        "17",
        "18",
        "19",
        "19a",
        "20",
        "21",
        "22",
        "23",
        "24",
        "25",
        "26",
        "27",
        "27a",
        "27b",
        "27c",
        "28",
        "28a",
        "29",
        "30",
        "31",
        "31a",
        "32",
        "32a",
        "33",
        "34",
        "34a",
        "35",
        "36",
        "36a",
        "36b",
        "36c",
        "36d",
        "36e",
        "36f",
        "36g"
      ]
    ])
  })

  it.each(found.map(({ number, tests }) => [number, tests] as const))(
    "%s: names tests that exist",
    (_, tests) => {
      for (const test of tests) exists(test)
    }
  )

  it.each(found.map((row) => [row.number, row] as const))("%s: is broken by changes that fit", (_, row) => {
    const named = row.tests.map((test) => parted(test).join(": "))
    for (const test of breakingOf(row).flatMap(({ tests }) => tests)) {
      const [file = "", words = ""] = test.split(/: (.*)/s)
      if (!named.includes(`${file}: all of it`)) expect(named).toContain(test)
      exists(`\`${file}\`: ${words}`)
    }
  })
})

describe("the table of traps", () => {
  it("has each of them once, in their order", () => {
    const numbers = rows.flatMap(({ trap }) => /^\d+/.exec(trap)?.map(Number) ?? [])
    expect(numbers).toEqual(Array.from({ length: 45 }, (_, index) => index + 1))
  })

  it.each(rows.map(({ tests, trap }) => [trap, tests] as const))("%s: names tests that exist", (_, tests) => {
    for (const test of tests) exists(test)
  })

  it.each(rows.map((row) => [row.trap, row] as const))("%s: is broken by a change that fits", (_, row) => {
    const tests = new Set(breakingOf(row).flatMap(({ tests }) => tests))
    expect(row.tests.map((test) => parted(test).join(": ")).sort()).toEqual([...tests].sort())
  })
})

describe("the changes that break what they name", () => {
  it("are all in one of the tables", () => {
    const told = new Set([...found, ...rows].flatMap(({ breaks }) => breaks))
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
