/** `Html` is text that is HTML already: made by `html`, which escapes all that comes into it, or what a page has of its own. */
export interface Html {
  readonly [markup]: string
}

// No JSON has a symbol.
const markup: unique symbol = Symbol("markup")

/** `trusted` is what a page has of its own: a style, a script. */
export const trusted = (text: string): Html => ({ [markup]: text })

/** `Content` is what may stand in HTML. Text is escaped; a list stands one behind the other; `undefined` is nothing. */
export type Content = Html | string | number | undefined | ReadonlyArray<Content>

/**
 * `html` gives HTML, in which whatever is put into it stands as text: in an element as well as between the quotes of an
 * attribute.
 */
export const html = (parts: TemplateStringsArray, ...contents: ReadonlyArray<Content>): Html =>
  trusted(parts.reduce((all, part, at) => all + textOf(contents[at - 1]) + part))

/** `textOf` is what stands in a page. */
export const textOf = (content: Content): string => {
  if (content === undefined) return ""
  if (isList(content)) return content.map(textOf).join("")
  return typeof content === "object" ? content[markup] : escaped(String(content))
}

// Array.isArray knows no list that is only read.
const isList = (content: Content): content is ReadonlyArray<Content> => Array.isArray(content)

/** `escaped` shows besides what would turn the text around or hide it: devices give names to objects. */
const escaped = (text: string): string =>
  text
    .replace(/[^\P{Cc}\t\n\r]|[\p{Cf}\p{Cs}]/gu, "�")
    .replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`)
