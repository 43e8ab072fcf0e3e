import { rooms } from "./rooms.ts"

/** `roomTable` gives, of the table with this heading in some room, by the names in its first column what the second names. */
export const roomTable = (heading: string): ReadonlyMap<string, ReadonlyArray<string>> => {
  const text = rooms.map(({ text }) => text).find((text) => text.includes(`| ${heading} `)) ?? ""
  const lines = (text.split(`| ${heading} `)[1] ?? "").split("\n\n")[0]?.split("\n") ?? []
  return new Map(
    lines.flatMap((line) => {
      const [, name, facts = ""] = /^\| `([\w.]+)` +\| (.*?) \|/.exec(line) ?? []
      return name === undefined
        ? []
        : [[name, [...facts.matchAll(/`(\w+)`/g)].map(([, fact]) => fact ?? "")] as const]
    })
  )
}
