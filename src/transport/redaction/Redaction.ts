import * as Redacted from "effect/Redacted"
import * as Needed from "../../validation/Needed.ts"
import * as SecretMatches from "./SecretMatches.ts"

const maxLength = 300

// So much is searched: more is never shown.
const maxSearched = 4096

/**
 * `redact` makes a device's words safe for an error or a terminal: known secrets of at least three letters masked in
 * whatever spelling (`SecretMatches.findSecrets`), control characters stripped, cut to 300 characters.
 */
export const redact = (text: string, secrets: ReadonlyArray<Redacted.Redacted> = []): string => {
  Needed.text("text", text)
  Needed.list("secrets", secrets)
  const isCut = text.length > maxSearched
  const masked = mask(text.slice(0, maxSearched), secrets.map(Redacted.value), isCut)
  // C0, C1, the separators of lines and paragraphs, and the marks that turn the direction of text.
  const plain = `${masked}${isCut ? "…" : ""}`
    .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, " ")
    .trim()
  return plain.length > maxLength ? `${plain.slice(0, maxLength - 1)}…` : plain
}

/** `joinMessages` gives a device's messages as the end of a sentence of ours: the full stop is ours. */
export const joinMessages = (messages: ReadonlyArray<string>): string => {
  Needed.list("messages", messages)
  return withoutFinalPunctuation(messages.join(" · "))
}

/** `withoutFinalPunctuation` gives words without the punctuation at their end. */
export const withoutFinalPunctuation = (text: string): string => {
  Needed.text("text", text)
  return text.replace(/[\s.,;:]+$/u, "")
}

const mask = (text: string, secrets: ReadonlyArray<string>, isCut: boolean): string => {
  const ranges = [...SecretMatches.findSecrets(text, secrets, isCut)].sort(([one], [other]) => one - other)
  let redacted = ""
  let offset = 0
  for (const [from, to] of ranges) {
    if (from >= offset) redacted += `${text.slice(offset, from)}***`
    offset = Math.max(offset, to)
  }
  return redacted + text.slice(offset)
}
