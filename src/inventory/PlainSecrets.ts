import type * as Places from "../documents/Places.ts"
import * as Source from "./Source.ts"

const secretName =
  /^(pass(word|wd|phrase)?|secret|token|(api|access|refresh|private|client)[_-]?(key|token|secret))$/i

/** `isSecretName` says whether a field of this name holds a secret. */
export const isSecretName = (name: string): boolean => secretName.test(name)

/**
 * `findSecrets` finds secrets that stand in an inventory as text: what a password or a token is called by, and a URL or
 * a user name with one in it. It tells where they stand, and never what.
 */
export const findSecrets = (given: unknown): ReadonlyArray<Places.Fault> => {
  // What aliases have in common is looked at once.
  const seen = new Set<unknown>()
  const search = (value: unknown, path: Places.Path): ReadonlyArray<Places.Fault> => {
    if (typeof value === "string") return secretInText(value, path)
    if (seen.has(value)) return []
    if (Array.isArray(value)) {
      seen.add(value)
      return value.flatMap((one, index) => search(one, [...path, String(index)]))
    }
    if (!Source.isRecord(value)) return []
    seen.add(value)
    // A device may be called so.
    const isField = path.length !== 1 || path[0] === "defaults"
    return Object.entries(value).flatMap(([name, inner]) =>
      // In code a secret may be `Redacted`, which is no plain value.
      isField && isSecretName(name) && isPlain(inner)
        ? [{ path: [...path, name], sentence: noSecret }]
        : search(inner, [...path, name])
    )
  }
  return search(given, [])
}

const isPlain = (value: unknown): boolean =>
  value !== undefined && value !== null && (typeof value !== "object" || Array.isArray(value))

const secretInText = (text: string, path: Places.Path): ReadonlyArray<Places.Fault> => {
  if (/[a-z][a-z0-9+.-]*:[\\/]{2}.*@/is.test(text)) {
    const sentence =
      "a URL with an account before its @ has no place in an inventory; give the URL without, and the account as credentials."
    return [{ path, sentence }]
  }
  return path.at(-1) === "username" && text.includes(":") ? [{ path, sentence: noColon }] : []
}

const noSecret =
  "a secret has no place in an inventory; say where it is: credentials with env, with tokenEnv, or with username and one of passwordFile, command and prompt."

const noColon =
  "a user name has no colon, and what stands behind it may be a password, which has no place in an inventory; give the name alone."
