import * as Redacted from "effect/Redacted"
import * as Spellings from "./SecretMatches.ts"

const longest = 300

// So much is searched: more is never shown.
const searched = 4096

/**
 * Makes a device's words safe for an error or a terminal: known secrets of at least three letters masked in whatever
 * spelling (`Spellings.ranges`), control characters stripped, cut to 300 characters.
 */
export const safe = (words: string, secrets: ReadonlyArray<Redacted.Redacted> = []): string => {
  const isCut = words.length > searched
  const masked = mask(words.slice(0, searched), secrets.map(Redacted.value), isCut)
  // C0, C1, the separators of lines and paragraphs, and the marks that turn the direction of text.
  const plain = `${masked}${isCut ? "…" : ""}`
    .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, " ")
    .trim()
  return plain.length > longest ? `${plain.slice(0, longest - 1)}…` : plain
}

/** A device's messages as the end of a sentence of ours: the full stop is ours. */
export const told = (messages: ReadonlyArray<string>): string => ended(messages.join(" · "))

/** Words without the punctuation at their end. */
export const ended = (words: string): string => words.replace(/[\s.,;:]+$/u, "")

const mask = (words: string, secrets: ReadonlyArray<string>, isCut: boolean): string => {
  const ranges = [...Spellings.ranges(words, secrets, isCut)].sort(([one], [other]) => one - other)
  let shown = ""
  let place = 0
  for (const [from, to] of ranges) {
    if (from >= place) shown += `${words.slice(place, from)}***`
    place = Math.max(place, to)
  }
  return shown + words.slice(place)
}
