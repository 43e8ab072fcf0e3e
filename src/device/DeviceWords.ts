import { Buffer } from "node:buffer"
import * as Redacted from "effect/Redacted"

const longest = 300

/**
 * Makes a device's words safe for an error or a terminal: known secrets masked (plain, as Base64, and escaped as
 * in JSON or a URL), control characters stripped, cut to 300 characters.
 */
export const safe = (words: string, secrets: ReadonlyArray<Redacted.Redacted> = []): string => {
  const masked = secrets
    .flatMap((secret) => spellings(Redacted.value(secret)))
    .sort((a, b) => b.length - a.length)
    .reduce((text, secret) => text.split(secret).join("***"), words)
  // C0, C1, and the marks that turn the direction of text.
  const plain = masked
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, " ")
    .trim()
  return plain.length > longest ? `${plain.slice(0, longest - 1)}…` : plain
}

const spellings = (secret: string): ReadonlyArray<string> =>
  // Masking one or two letters would garble the words and hide nothing.
  secret.length < 3
    ? []
    : [
        secret,
        Buffer.from(secret, "utf8").toString("base64"),
        encodeURIComponent(secret),
        JSON.stringify(secret).slice(1, -1)
      ]
