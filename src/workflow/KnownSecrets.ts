import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import { mask, minLength } from "../client/fields/Secrets.ts"
import { withTexts } from "./Texts.ts"

/** `secretsOf` are the texts that a workflow's input has redacted, at any depth. */
export const secretsOf = (value: unknown): ReadonlyArray<string> => {
  if (Redacted.isRedacted(value)) {
    const secret = Redacted.value(value)
    return typeof secret === "string" && secret !== "" ? [secret] : secretsOf(secret)
  }
  if (Array.isArray(value)) return value.flatMap(secretsOf)
  return Predicate.isRecord(value) ? Object.values(value).flatMap(secretsOf) : []
}

/** `withoutSecrets` masks these texts wherever they stand, in fields of whatever name. */
export const withoutSecrets = <A>(value: A, secrets: ReadonlyArray<string>): A =>
  secrets.length === 0 ? value : withTexts(value, (text) => secrets.reduce(masked, text))

const masked = (text: string, secret: string): string => {
  if (text === secret) return mask
  // A short one stands in many words.
  return secret.length < minLength ? text : text.replaceAll(secret, mask)
}
