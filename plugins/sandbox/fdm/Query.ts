import type { Answer, Call } from "../appliance/Call.ts"
import type { Fields } from "./Entity.ts"
import * as Replies from "./Replies.ts"

/**
 * `chosen` is what `filter` lets through, in the order that `sort` asks for; `fields` are the names that both know,
 * without which they know each.
 */
export const chosen = (
  call: Call,
  fields: ReadonlyArray<string> | undefined,
  objects: ReadonlyArray<Fields>
): ReadonlyArray<Fields> => sorted(call, fields, objects.filter(filterOf(call, fields)))

/** `list` gives a list of which every field can be looked for. */
export const list = (call: Call, objects: ReadonlyArray<object>): Answer =>
  Replies.list(
    call,
    chosen(
      call,
      undefined,
      objects.map((object) => ({ ...object }))
    )
  )

/**
 * `filterOf` reads `{field}{operator}{value}`, joined by `;`: `:` equal, `!` not equal, `~` contains, `<` and `>` by
 * order, and `fts~text`, which looks into every field (read in public clients' code).
 */
const filterOf = (call: Call, fields: ReadonlyArray<string> | undefined): ((object: Fields) => boolean) => {
  const terms = (call.query.get("filter") ?? "").split(";").filter((term) => term !== "")
  const tests = terms.map((term) => {
    const [, field = "", operator = "", wanted = ""] = /^(\w+)([:!~<>])(.*)$/.exec(term) ?? []
    if (field === "fts" && operator === "~") {
      return (object: Fields) => JSON.stringify(object).toLowerCase().includes(wanted.toLowerCase())
    }
    const test = operators[operator]
    if (fields?.includes(field) === false || test === undefined) {
      throw Replies.invalid("The filter is not understood.", "invalidFilter", "filter")
    }
    return (object: Fields) => test(String(object[field]), wanted)
  })
  return (object) => tests.every((test) => test(object))
}

const operators: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  ":": (value, wanted) => value === wanted,
  "!": (value, wanted) => value !== wanted,
  "~": (value, wanted) => value.includes(wanted),
  "<": (value, wanted) => value < wanted,
  ">": (value, wanted) => value > wanted
}

/** `sorted` reads `sort=name`, or `sort=-name` for the other direction. */
const sorted = (
  call: Call,
  fields: ReadonlyArray<string> | undefined,
  objects: ReadonlyArray<Fields>
): ReadonlyArray<Fields> => {
  const [, sign, field = ""] = /^(-?)(.*)$/.exec(call.query.get("sort") ?? "") ?? []
  if (field === "") return objects
  if (fields?.includes(field) === false)
    throw Replies.invalid("The field to sort by is not known.", "invalidSort", "sort")
  const inOrder = [...objects].sort((a, b) => (String(a[field]) < String(b[field]) ? -1 : 1))
  return sign === "-" ? inOrder.reverse() : inOrder
}
