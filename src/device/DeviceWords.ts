import { Buffer } from "node:buffer"
import * as Redacted from "effect/Redacted"

const longest = 300

/**
 * Makes a device's words safe for an error or a terminal: known secrets masked (plain, as Base64, and escaped as
 * in JSON, a URL or a form), control characters stripped, cut to 300 characters.
 */
export const safe = (words: string, secrets: ReadonlyArray<Redacted.Redacted> = []): string => {
  // Masking one or two letters would garble the words and hide nothing.
  const known = secrets.map(Redacted.value).filter((secret) => secret.length > 2)
  const masked = known
    .flatMap(spellings)
    .sort((a, b) => b.length - a.length)
    .reduce((text, secret) => text.split(secret).join("***"), words)
    .replace(/[\w+/-]{4,}={0,2}/g, (run) => (hides(run, known) ? "***" : run))
  // C0, C1, the separators of lines and paragraphs, and the marks that turn the direction of text.
  const plain = masked
    .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, " ")
    .trim()
  return plain.length > longest ? `${plain.slice(0, longest - 1)}…` : plain
}

/** A device's messages as the end of a sentence of ours: the full stop is ours. */
export const told = (messages: ReadonlyArray<string>): string => ended(messages.join(" · "))

/** Words without the punctuation at their end. */
export const ended = (words: string): string => words.replace(/[\s.,;:]+$/u, "")

const spellings = (secret: string): ReadonlyArray<string> => [
  secret,
  Buffer.from(secret, "utf8").toString("base64"),
  // Of half a surrogate pair, which JSON may hold, there is no URL.
  encodeURIComponent(Buffer.from(secret, "utf8").toString("utf8")),
  new URLSearchParams({ "": secret }).toString().slice(1),
  JSON.stringify(secret).slice(1, -1)
]

// Base64 of more than the secret alone, as of a user name and a password.
const hides = (run: string, secrets: ReadonlyArray<string>): boolean => {
  const bytes = Buffer.from(run, "base64")
  return secrets.some((secret) => bytes.includes(secret, 0, "utf8"))
}
