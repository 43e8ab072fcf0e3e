import * as Redacted from "effect/Redacted"

/**
 * `secretsIn` finds what must not be told of parameters: what is `Redacted`, and text under a name that speaks of a
 * secret.
 */
export const secretsIn = (parameters: unknown): ReadonlyArray<Redacted.Redacted> => {
  const found: Array<Redacted.Redacted> = []
  const seen = new Set<object>()
  // No recursion: how deep a body is nested is not bounded.
  const open: Array<{ readonly value: unknown; readonly isSecret: boolean }> = [
    { value: parameters, isSecret: false }
  ]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { isSecret, value } = next
    if (Redacted.isRedacted(value)) {
      const held = Redacted.value(value)
      if (typeof held === "string") found.push(Redacted.make(held))
    } else if (typeof value === "string") {
      if (isSecret) found.push(Redacted.make(value))
    } else if (
      typeof value === "object" &&
      value !== null &&
      !ArrayBuffer.isView(value) &&
      !seen.has(value)
    ) {
      seen.add(value)
      for (const [name, inner] of Object.entries(value)) {
        open.push({ value: inner, isSecret: isSecret || secretName.test(name) })
      }
    }
  }
  return found
}

const secretName = /pass|pwd|secret|token|key|community|credential/i
