import { printable } from "../workflow/plan/PlanWords.ts"

/** `tableText` sets rows below each other, each cell as wide as the widest of its column. */
export const tableText = (rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const shown = rows.map((row) => row.map((cell) => printable(cell)))
  const widths = shown.reduce<ReadonlyArray<number>>(
    (most, row) => row.map((cell, at) => Math.max(most[at] ?? 0, cell.length)),
    []
  )
  const line = (row: ReadonlyArray<string>) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd()
  return `${shown.map(line).join("\n")}\n`
}
