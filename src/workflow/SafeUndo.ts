import { isDeepStrictEqual } from "node:util"
import * as Record from "effect/Record"
import type { Description, Undo } from "../client/changes/Change.ts"
import * as Secrets from "../client/fields/Secrets.ts"

/**
 * `safe` is an undo of a change as it may be kept: one that would need a secret cannot be. What an object must still
 * have is compared without secrets, which no device shows.
 */
export const safe = (undo: Undo, change: Pick<Description, "objects" | "secrets">): Undo => {
  if ("cannot" in undo) return undo
  const secrets = Secrets.declared(change.secrets)
  const texts = Secrets.textsOf(change)
  const bodies = undo.map(({ body }) => body)
  const words = undo.map(({ body, place, query }) => [body, place, query])
  if (!isDeepStrictEqual(Secrets.masked(bodies, secrets), bodies) || Secrets.holds(words, texts))
    return needsSecret
  return undo.map((request) => ({
    ...request,
    expect: request.expect && Secrets.maskedFields(request.expect, secrets, texts),
    ...(request.settings && {
      settings: Record.map(request.settings, (items) =>
        items.map((item) => Secrets.maskedFields(item, secrets, texts))
      )
    })
  }))
}

/** `needsSecret` is what an undo is that would need one. */
export const needsSecret: Undo = { cannot: "it holds secrets, which no journal keeps" }
