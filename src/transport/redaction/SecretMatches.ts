import { Buffer } from "node:buffer"
import * as Escapes from "./Escapes.ts"

/** `Range` is a part of a text, by where it begins and where it ends. */
export type Range = readonly [from: number, to: number]

/**
 * `findSecrets` finds where a text tells one of these secrets, in whatever spelling: each letter as it is, in the other
 * case, or by an escape of URLs, forms, HTML, JSON, programs or mail; as Base64, hex digits or a list of bytes, alone
 * or within more, of UTF-8, UTF-16 or Latin-1; and each of these once more within another, up to three deep.
 *
 * With `isCut`, a secret that the text's end cuts short is one too. The time grows with the text's length times the
 * secrets' length: bound the text.
 */
export const findSecrets = (
  text: string,
  secrets: ReadonlyArray<string>,
  isCut: boolean
): ReadonlyArray<Range> => {
  const needles = needlesOf(secrets)
  return needles.length === 0 ? [] : found(text, { needles, isCut, depth: 0 })
}

/** `Search` is what is looked for, and how deep within other spellings. */
interface Search {
  readonly needles: ReadonlyArray<string>
  readonly isCut: boolean
  readonly depth: number
}

const deepest = 3

// How a letter is compared: a form writes a space as a plus.
const folded = (text: string): string => {
  const lower = text.toLowerCase()
  return (lower.length === text.length ? lower : [...text].map(lowerLetter).join("")).replaceAll("+", " ")
}
const lowerLetter = (letter: string): string => {
  const lower = letter.toLowerCase()
  return lower.length === letter.length ? lower : letter
}

const needlesOf = (secrets: ReadonlyArray<string>): ReadonlyArray<string> => {
  const all = secrets.flatMap((secret) => [
    secret,
    secret.trim(),
    secret.toUpperCase(),
    withoutInvisible(secret),
    secret.normalize("NFC"),
    secret.normalize("NFD"),
    // UTF-8 that was read as Latin-1.
    Buffer.from(secret, "utf8").toString("latin1"),
    // What Latin-1 and ASCII cannot say is lost there, or becomes a question mark.
    Buffer.from(secret, "latin1").toString("latin1"),
    secret.replace(/[^\u0000-\u00ff]/g, "?"),
    secret.replace(/[^\u0000-\u007f]/g, "?"),
    // A secret may itself look like an escape, and be read with those round it: all of it, or what looks like one kind.
    ...["%\\&", "%", "\\", "&"].flatMap((marks) => {
      const once = read(whole(secret), marks)
      return [once.text, read(once, marks).text]
    })
  ])
  // Masking one or two letters would garble the words and hide nothing.
  return [...new Set(all.map(folded))].filter((needle) => needle.length > 2)
}

/** `DecodedText` is a text, and where each of its letters stands in the text that it was read from. */
interface DecodedText {
  readonly text: string
  readonly from: ReadonlyArray<number>
  readonly to: ReadonlyArray<number>
}

const found = (text: string, search: Search): ReadonlyArray<Range> => {
  const all: Array<Range> = []
  let reading = whole(text)
  for (let depth = search.depth; depth < deepest; depth++) {
    const { from, to } = reading
    const here = [
      ...matchesLetters(reading.text, search),
      ...matchesEncodedBytes(reading.text, { ...search, depth: depth + 1 })
    ]
    for (const [begin, end] of here) {
      all.push([from[begin] ?? 0, to[end - 1] ?? text.length])
    }
    const next = read(reading)
    if (next.text === reading.text) break
    reading = next
  }
  return all
}

const whole = (text: string): DecodedText => {
  const from = Array.from({ length: text.length }, (_, at) => at)
  return { text, from, to: from.map((at) => at + 1) }
}

/**
 * `read` gives the text without its escapes, those that begin with one of these marks, and without what cannot be seen.
 */
const read = ({ from, text, to }: DecodedText, marks = "%\\&"): DecodedText => {
  const letters: Array<string> = []
  const begins: Array<number> = []
  const ends: Array<number> = []
  for (let place = 0; place < text.length; ) {
    const escape = marks.includes(text[place] ?? " ") ? Escapes.decodeAt(text, place) : undefined
    const next = escape?.next ?? place + 1
    for (const unit of withoutInvisible(escape?.letter ?? text[place] ?? "").split("")) {
      letters.push(unit)
      begins.push(from[place] ?? 0)
      ends.push(to[next - 1] ?? 0)
    }
    place = next
  }
  return { text: letters.join(""), from: begins, to: ends }
}

const withoutInvisible = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]+/g, "")

/** `matchesLetters` finds where a secret stands letter by letter, each as it is or by an escape. */
const matchesLetters = (text: string, { isCut, needles }: Search): ReadonlyArray<Range> => {
  const lower = folded(text)
  const escapes = new Map<number, Escapes.Escape>()
  for (let place = 0; place < text.length; place++) {
    const escape = Escapes.decodeAt(text, place) ?? Escapes.quotedPrintable(text, place)
    if (escape !== undefined) escapes.set(place, { ...escape, letter: folded(escape.letter) })
  }
  return needles.flatMap((needle) => {
    const all: Array<Range> = []
    for (let begin = 0; begin < text.length; ) {
      const isPlain = escapes.size === 0 && !(isCut && begin + needle.length > text.length)
      if (isPlain) begin = nextOf(lower, needle, begin, isCut)
      const end = lower.startsWith(needle, begin)
        ? begin + needle.length
        : isPlain
          ? undefined
          : endOf(lower, escapes, needle, begin, isCut)
      if (end !== undefined) all.push([begin, end])
      begin = end ?? begin + 1
    }
    return all
  })
}

// Where the text is cut, its last letters are looked at one by one.
const nextOf = (text: string, needle: string, from: number, isCut: boolean): number => {
  const next = text.indexOf(needle, from)
  if (next >= 0) return next
  return isCut ? Math.max(from, text.length - needle.length) : text.length
}

const endOf = (
  text: string,
  escapes: ReadonlyMap<number, Escapes.Escape>,
  needle: string,
  begin: number,
  isCut: boolean
): number | undefined => {
  let place = begin
  for (let at = 0; at < needle.length; ) {
    const escape = escapes.get(place)
    if (escape !== undefined && needle.startsWith(escape.letter, at)) {
      at += escape.letter.length
      place = escape.next
    } else if (text[place] === needle[at]) {
      at += 1
      place += 1
    } else {
      return isCut && place >= text.length ? text.length : undefined
    }
  }
  return place
}

const base64 = /[\w+/-](?:[\r\n]*[\w+/-]){3,}={0,2}/g
const hex = /[0-9a-f]{2}(?:(?:[\s:,.-]|0x)*[0-9a-f]{2}){2,}/gi
const list = /\d{1,3}(?:\s*[,\s]\s*(?:\\?"\d+\\?":\s*)?\d{1,3}){2,}/g

/** `matchesEncodedBytes` finds the runs of a text that are bytes in which a secret stands. */
const matchesEncodedBytes = (text: string, search: Search): ReadonlyArray<Range> => [
  // A run may have something before it that is none of it.
  ...runs(text, base64, search, (run, within) => {
    const digits = run.replace(/[\r\n]+/g, "")
    return [0, 1, 2, 3].some((shift) => containsSecret(Buffer.from(digits.slice(shift), "base64"), within))
  }),
  ...runs(text, hex, search, (run, within) => {
    const digits = run.replace(/0x/gi, "").replace(/[^0-9a-f]+/gi, "")
    return [0, 1].some((shift) => containsSecret(Buffer.from(digits.slice(shift), "hex"), within))
  }),
  ...runs(text, list, search, (run, within) => {
    const numbers = run.replace(/\\?"\d+\\?":/g, "").match(/\d+/g) ?? []
    return containsSecret(Buffer.from(numbers.map(Number)), within)
  })
]

const runs = (
  text: string,
  pattern: RegExp,
  search: Search,
  isTelling: (run: string, within: Search) => boolean
): ReadonlyArray<Range> =>
  [...text.matchAll(pattern)]
    .map(({ 0: run, index }) => [index, index + run.length] as const)
    .filter(([from, to]) =>
      isTelling(text.slice(from, to), { ...search, isCut: search.isCut && to === text.length })
    )

const containsSecret = (bytes: Buffer, search: Search): boolean => {
  const texts = [bytes.toString("utf8"), bytes.toString("latin1")]
  // Of UTF-16 every other byte is nothing, as a rule.
  if (bytes.includes(0)) texts.push(bytes.toString("utf16le"), bytes.subarray(1).toString("utf16le"))
  const look = search.depth < deepest ? found : matchesLetters
  return [...new Set(texts)].some((text) => look(text, search).length > 0)
}
