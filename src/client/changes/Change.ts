import * as Effect from "effect/Effect"
import type { SessionError } from "../../auth/AuthError.ts"
import * as Needed from "../../validation/Needed.ts"
import * as OptionNames from "../../validation/OptionNames.ts"
import type { Fields } from "../fields/ListEntry.ts"
import type { Change, Description } from "./Description.ts"
import { Describes, inWorkflow } from "./Recorder.ts"

export type { Fields } from "../fields/ListEntry.ts"
export type * from "./Description.ts"
export type { PlannedEvent, PlannedObjects } from "./PlannedObjects.ts"
export * from "./Recorder.ts"
export type { Undo, UndoRequest } from "./UndoRequest.ts"

/**
 * `make` sends a change of a device, described, so that it takes part in workflows: it is planned as the verbs of a
 * collection are. Without a workflow it is sent at once, and `describe` is not run.
 *
 * Fails as `send` does, and in a workflow as `describe` does and with `PlanRefused`.
 *
 * @example
 * const setBanner = (text: string) =>
 *   Change.make(
 *     Effect.map(rest.get("/api/banner", Banner), (before) => ({
 *       targetName, path: "/api/banner", kind: "banner", action: "update",
 *       objects: [{ name: "banner", before, after: { text } }],
 *       planned: () => undefined,
 *       undo: () => [{ method: "PUT", path: "/api/banner", body: before, expect: { text } }]
 *     })),
 *     Effect.asVoid(rest.request("PUT", "/api/banner", { body: { text } }))
 *   )
 */
export const make = <A, E, R, E2, R2>(
  describe: Effect.Effect<Change<A>, E2, R2>,
  send: Effect.Effect<A, E, R>
): Effect.Effect<A, E | E2 | SessionError, R | R2> => {
  Needed.effect("describe", describe)
  Needed.effect("send", send)
  return inWorkflow(
    (recorder) =>
      Effect.flatMap(
        Effect.provideService(describe, Describes, true),
        (change) => OptionNames.faultOf("a change", change, fields) ?? recorder.record(change, send)
      ),
    send
  )
}

const fields = Object.keys({
  targetName: true,
  path: true,
  query: true,
  alsoIn: true,
  inBulk: true,
  holds: true,
  kind: true,
  action: true,
  objects: true,
  place: true,
  lookup: true,
  secrets: true,
  planned: true,
  undo: true,
  others: true,
  wanted: true,
  became: true,
  again: true,
  answer: true,
  look: true,
  isRepeatable: true,
  isIdle: true,
  left: true,
  settings: true
} satisfies Record<keyof Change<unknown>, true>)

/** `Irreversible` is what a change is that nothing takes back. */
export interface Irreversible<A>
  extends Pick<Description, "targetName" | "kind" | "action">,
    Pick<Change<A>, "secrets" | "wanted" | "answer" | "look" | "isRepeatable" | "isIdle"> {
  /** `at` is its path from the device's root. */
  readonly at: Effect.Effect<string, SessionError>
  readonly name?: string | undefined
  /** `fields` are what a plan shows of it. */
  readonly fields?: Fields | undefined
  /** `cannot` says why it cannot be undone, as the end of a sentence. */
  readonly cannot: string
  readonly planned: Change<A>["planned"]
}

/** `irreversible` describes a change that nothing takes back, such as a deployment. Fails as `at` does. */
export const irreversible = <A>(change: Irreversible<A>): Effect.Effect<Change<A>, SessionError> => {
  Needed.object("change", change)
  const { at, cannot, fields = {}, name, ...facts } = change
  Needed.effect("change.at", at)
  return Effect.map(at, (path) => ({
    ...facts,
    path,
    objects: [{ name, after: fields }],
    undo: () => ({ cannot })
  }))
}
