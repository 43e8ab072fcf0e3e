// Each promise of SECURITY.md names tests that exist and are not skipped.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { root } from "./support/runtime.ts"

const read = (path: string): string => readFileSync(join(root, path), "utf8")

const promises = read("SECURITY.md")
  .split("\n")
  .filter((line) => /^\| (?!promise|-)/.test(line))
  .map((line) => {
    const [, promise = "", tests = ""] = line.split(/ *\| */)
    return [promise, tests.split("<br>")] as const
  })

describe("the promises of SECURITY.md", () => {
  it("are many", () => {
    expect(promises.length).toBeGreaterThan(20)
  })

  it.each(promises)("%s", (_, tests) => {
    for (const test of tests) {
      const [, file = "", words = ""] = /^`([^`]+)`: (.+)$/.exec(test) ?? []
      expect(words, test).not.toBe("")
      const source = read(join("test", file))
      // In a title, which may stand on a line of its own or in a list that the tests are made from.
      const title = source
        .split("\n")
        .find((line) => line.includes(words) && /\bit[.(]|\)\(["`]|^\s*(row: )?["`[]/.test(line))
      expect(title, test).toBeDefined()
      const before = source.slice(0, source.indexOf(title ?? ""))
      expect(`${before.slice(before.lastIndexOf("\n"))}${title}`, `${test} is skipped`).not.toMatch(
        /it\.[\w.]*skip/
      )
    }
  })
})
