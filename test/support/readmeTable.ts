import { readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "./runtime.ts"

/** Of the README's table with this heading, by the names in its first column, what the second names. */
export const readmeTable = (heading: string): ReadonlyMap<string, ReadonlyArray<string>> => {
  const readme = readFileSync(join(root, "README.md"), "utf8")
  const lines = (readme.split(`| ${heading} `)[1] ?? "").split("\n\n")[0]?.split("\n") ?? []
  return new Map(
    lines.flatMap((line) => {
      const [, name, facts = ""] = /^\| `([\w.]+)` +\| (.*?) \|/.exec(line) ?? []
      return name === undefined
        ? []
        : [[name, [...facts.matchAll(/`(\w+)`/g)].map(([, fact]) => fact ?? "")] as const]
    })
  )
}
