// An inventory has some four levels, and the input of a workflow not many more.
const maxNesting = 30

/**
 * `isNestedTooDeep` says whether a text has brackets in brackets, lists in lists or indentation by which a parser may
 * run out of stack: that ends a process, and nothing can catch it.
 */
export const isNestedTooDeep = (text: string): boolean => {
  let open = 0
  for (const line of text.split(/\r?\n|\r/)) {
    if (/^[ \t]{200}/.test(line) || compactNesting(line) > maxNesting) return true
    for (const letter of line) {
      if (letter === "[" || letter === "{") open += 1
      else if ((letter === "]" || letter === "}") && open > 0) open -= 1
      // Brackets in comments and texts are counted too, so that there have to be many.
      if (open > 10 * maxNesting) return true
    }
  }
  return false
}

/** `compactNesting` counts the lists and keys that begin in one line: `- - - a`. */
const compactNesting = (line: string): number => {
  let count = 0
  let at = 0
  while (count <= maxNesting) {
    while (line[at] === " " || line[at] === "\t") at += 1
    const next = line[at + 1]
    if (!"-?:".includes(line[at] ?? "x") || !(next === " " || next === "\t")) return count
    count += 1
    at += 1
  }
  return count
}
