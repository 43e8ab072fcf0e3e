import type { Node } from "yaml"
import * as Places from "./Places.ts"

/** `YamlLines` is where the parts of a document stand, by `Places.keyOf` their paths, and what of it makes no data. */
export interface YamlLines {
  readonly lines: Places.Lines
  readonly faults: ReadonlyArray<{
    readonly path: Places.Path
    readonly sentence: string
    readonly line: number
  }>
}

type Yaml = Pick<typeof import("yaml"), "isAlias" | "isMap" | "isScalar" | "isSeq">

/** `read` finds them. What an alias stands for is told at the alias. */
export const read = (yaml: Yaml, root: Node | null, lineOf: (at: number) => number): YamlLines => {
  const lines = new Map<string, number>()
  const faults: Array<YamlLines["faults"][number]> = []
  const anchors = new Set<string>()
  const lineAt = (node: Node) => lineOf(node.range?.[0] ?? 0)

  /** `visit` goes through the document in its order. `around` are the anchors in which a node lies. */
  const visit = (node: Node | null, path: Places.Path, around: ReadonlyArray<string>): void => {
    if (node === null) return
    const tell = (at: Node, sentence: string) => void faults.push({ path, sentence, line: lineAt(at) })
    if (yaml.isAlias(node)) {
      if (around.includes(node.source)) tell(node, "this alias stands for what it lies in.")
      else if (!anchors.has(node.source)) tell(node, "no anchor of this name stands before this alias.")
      return
    }
    const anchor = yaml.isScalar(node) || yaml.isMap(node) || yaml.isSeq(node) ? node.anchor : undefined
    const within = anchor === undefined ? around : [...around, anchor]
    if (anchor !== undefined) anchors.add(anchor)
    if (yaml.isSeq<Node>(node))
      for (const [index, item] of node.items.entries()) {
        const inside = [...path, String(index)]
        if (item !== null) lines.set(Places.keyOf(inside), lineAt(item))
        visit(item, inside, within)
      }
    if (!yaml.isMap<Node, Node | null>(node)) return
    const own = new Set<string>()
    for (const { key, value } of node.items) {
      if (!yaml.isScalar(key)) {
        tell(key, "a name has to be text.")
        continue
      }
      // A merge's is a symbol.
      const name = typeof key.value === "symbol" ? "<<" : String(key.value)
      const inside = [...path, name]
      if (own.has(name)) {
        const sentence = `this name stands in line ${lines.get(Places.keyOf(inside))}, too; leave one of the two out.`
        faults.push({ path: inside, sentence, line: lineAt(key) })
      } else lines.set(Places.keyOf(inside), lineAt(key))
      own.add(name)
      visit(value, inside, within)
    }
  }
  visit(root, [], [])
  return { lines, faults }
}
