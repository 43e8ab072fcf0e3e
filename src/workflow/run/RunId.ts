import { randomBytes } from "node:crypto"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** `next` gives the id of a new run: by its time and its workflow's name, so that a list of them can be read. */
export const next = (workflow: string): Effect.Effect<string> =>
  Effect.map(Clock.currentTimeMillis, (millis) => {
    const time = new Date(millis).toISOString().replace(/[-:]|\.\d+/g, "")
    const name = workflow.replace(/[^A-Za-z0-9]+/g, "-").slice(0, 40)
    return `${time}-${name}-${randomBytes(3).toString("hex")}`
  })
