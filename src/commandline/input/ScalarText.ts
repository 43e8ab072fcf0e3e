import type { Scalar } from "./InputField.ts"

/**
 * `valueOf` gives what a text means in a field of a form. What means nothing there stays the text that it is: the
 * workflow's Schema refuses it.
 */
export const valueOf = (form: Scalar, text: string): unknown => {
  switch (form._tag) {
    case "Text":
      return text
    case "Number":
      return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : text
    case "Boolean":
      return booleans.get(text.toLowerCase()) ?? text
    case "Choice": {
      const choice = form.choices.find((one) => String(one) === text)
      return choice === undefined ? text : choice
    }
  }
}

/** `booleans` are as spreadsheets write them. */
const booleans: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["yes", true],
  ["1", true],
  ["false", false],
  ["no", false],
  ["0", false]
])

/** `describe` says what to give there. */
export const describe = (form: Scalar): string => {
  switch (form._tag) {
    case "Text":
      return "a text"
    case "Number":
      return "a number"
    case "Boolean":
      return "true or false"
    case "Choice":
      return oneOf(form.choices.map(String))
  }
}

/** `oneOf` names what to choose from: `a, b or c`. */
export const oneOf = (all: ReadonlyArray<string>): string =>
  all.length < 2 ? (all[0] ?? "nothing") : `${all.slice(0, -1).join(", ")} or ${all.at(-1)}`
