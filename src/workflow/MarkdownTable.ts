/** `escaped` keeps a text of a device or a script a text, within its cell. */
export const escaped = (text: string): string => text.replace(/[\\|`*_<>[\]#~]/g, "\\$&")

/** `table` gives a table, without its head where it has no row. Its cells are Markdown, on one line each. */
export const table = (
  head: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>
): ReadonlyArray<string> =>
  rows.length === 0 ? [] : [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`)

/** `sections` puts an empty line between what stands apart. */
export const sections = (all: ReadonlyArray<ReadonlyArray<string>>): string =>
  all
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")
