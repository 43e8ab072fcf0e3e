import { htmlEntities } from "./HtmlEntities.ts"

/** `Escape` is a letter that stands in a text by an escape: what it is, and where the text goes on. */
export interface Escape {
  readonly letter: string
  readonly next: number
}

/**
 * `decodeAt` gives the escape that begins at a place of a text, if one does: of a URL (`%70`, `%u0070`), of JSON and
 * programs (`\u0070`, `\x70`, `\160`, `\/`), of HTML and XML (`&amp;`, `&#112;`, `&#x70;`).
 */
export const decodeAt = (text: string, place: number): Escape | undefined => {
  const first = text[place]
  if (first === "%" || first === "\\") return byte(text, place) ?? unit(text, place) ?? quoted(text, place)
  return first === "&" ? entity(text, place) : undefined
}

/**
 * `quotedPrintable` does the same for mail's `=70`, which only means something where it is looked for: any `=` may
 * stand before digits.
 */
export const quotedPrintable = (text: string, place: number): Escape | undefined => byte(text, place, "=")

// One byte, or the bytes of one letter in UTF-8; what is no UTF-8 is Latin-1.
const byte = (text: string, place: number, mark = text[place]): Escape | undefined => {
  const width = mark === "\\" ? 4 : 3
  const read = (from: number): number | undefined => {
    if (text[from] !== mark) return undefined
    const octal = width === 4 ? /^[0-3][0-7]{2}$/.exec(text.slice(from + 1, from + width)) : null
    if (octal !== null) return Number.parseInt(octal[0], 8)
    if (width === 4 && text[from + 1] !== "x") return undefined
    const digits = text.slice(from + width - 2, from + width)
    return /^[0-9a-f]{2}$/i.test(digits) ? Number.parseInt(digits, 16) : undefined
  }
  const lead = read(place)
  if (lead === undefined) return undefined
  const more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc2 ? 1 : 0
  let code = more === 0 ? lead : lead & (0x3f >> more)
  for (let index = 1; index <= more; index++) {
    const next = read(place + index * width)
    if (next === undefined || next >> 6 !== 2) return one(lead, place + width)
    code = (code << 6) | (next & 0x3f)
  }
  return one(code, place + (more + 1) * width)
}

const unit = (text: string, place: number): Escape | undefined => {
  const [whole = "", short, long] =
    /^[%\\]u(?:([0-9a-f]{4})|\{([0-9a-f]{1,6})\})/i.exec(text.slice(place, place + 10)) ?? []
  const digits = short ?? long
  return digits === undefined ? undefined : one(Number.parseInt(digits, 16), place + whole.length)
}

const controls = new Map(Object.entries({ n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", "0": "\0" }))

const quoted = (text: string, place: number): Escape | undefined => {
  const next = text[place + 1]
  if (text[place] !== "\\" || next === undefined) return undefined
  const letter = controls.get(next) ?? (/[\\/"'`]/.test(next) ? next : undefined)
  return letter === undefined ? undefined : { letter, next: place + 2 }
}

const entity = (text: string, place: number): Escape | undefined => {
  const found = /^&(?:#(\d{1,8});?|#x([0-9a-f]{1,8});?|([a-z]\w{1,20});|(amp|lt|gt|quot))/i.exec(
    text.slice(place, place + 24)
  )
  if (found === null) return undefined
  const [whole, decimal, hex, name, bare] = found
  const next = place + whole.length
  if (decimal !== undefined) return one(Number.parseInt(decimal, 10), next)
  if (hex !== undefined) return one(Number.parseInt(hex, 16), next)
  const letter = htmlEntities.get(name ?? "") ?? htmlEntities.get((bare ?? "").toLowerCase())
  return letter === undefined ? undefined : { letter, next }
}

const one = (code: number, next: number): Escape | undefined =>
  code > 0x10ffff ? undefined : { letter: String.fromCodePoint(code), next }
