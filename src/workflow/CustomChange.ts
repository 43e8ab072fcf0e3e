import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { SessionError } from "../auth/AuthError.ts"
import type { Session } from "../auth/Session.ts"
import * as Change from "../client/changes/Change.ts"
import * as ReadBack from "../client/writes/ReadBack.ts"
import { lookingFor } from "./Looking.ts"
import { toolFault } from "./ToolFault.ts"

/** `CustomChange` is a change that no verb knows. All that a plan, an undo and a resumed run ask is asked here. */
export interface CustomChange<Before extends Change.Fields, A, E, R> {
  /** `on` is the client of the device that is changed. */
  readonly on: { readonly session: Pick<Session, "target"> }
  /** `path` is where it lies on the device, from its root: `/api/banner`. */
  readonly path: string
  /** `before` reads what is there now: in a plan, too. */
  readonly before: Effect.Effect<Before, E, R>
  /** `after` is what is to be there; `undefined` where it is so already, and nothing is done. */
  readonly after: (before: Before) => Change.Fields | undefined
  /** `secrets` are the fields that hold secrets, by their paths, such as `keys[].psk`. @default those of names such as `password` */
  readonly secrets?: Change.Description["secrets"]
  /** `planned` is what it gives in a plan. @default nobody knows, and the plan ends there */
  readonly planned?: ((before: Before) => A) | undefined
  readonly apply: (before: Before) => Effect.Effect<A, E, R>
  /**
   * `look` says whether it has happened, where its answer was lost, the run was killed, or what it gives is no journal's to
   * keep: `Some` is what came of it.
   */
  readonly look: (before: Before) => Effect.Effect<Option.Option<A>, E, R>
  /** `undo` takes it back by requests, which an undo can send without the script; or it says why nothing does. */
  readonly undo:
    | ((before: Before, result: Option.Option<A>) => ReadonlyArray<Change.UndoRequest>)
    | { readonly cannot: string }
}

/**
 * `change` makes a change that no verb knows, so that it is planned, written down, taken back and resumed as theirs are.
 * Gives what `apply` gives; `undefined` where all is as it is wanted.
 *
 * Fails as its parts do, and in a workflow with `PlanRefused` and `RunRefused`.
 *
 * @example
 * yield* Workflow.change("banner", {
 *   on: fmc,
 *   path: "/api/banner",
 *   before: fmc.rest.get("/api/banner", Banner),
 *   after: ({ text }) => (text === wanted ? undefined : { text: wanted }),
 *   planned: () => undefined,
 *   apply: () => Effect.asVoid(fmc.rest.send("PUT", "/api/banner", Schema.Unknown, { body: { text: wanted } })),
 *   look: () => Effect.map(fmc.rest.get("/api/banner", Banner), ({ text }) => text === wanted ? Option.some(undefined) : Option.none()),
 *   undo: ({ text }) => [{ method: "PUT", path: "/api/banner", body: { text }, expect: { text: wanted } }]
 * })
 */
export const change = <Before extends Change.Fields, A, E, R>(
  name: string,
  given: CustomChange<Before, A, E, R>
): Effect.Effect<A | undefined, E | SessionError, R> =>
  Effect.gen(function* () {
    const fault = toolFault("change", given, fields)
    if (fault !== undefined) return yield* Effect.fail(fault)
    const { after, apply, before, look, on, path, planned, secrets, undo } = given
    const { name: targetName } = on.session.target
    const list = { targetName, path }
    const there = yield* Effect.provideService(before, Change.Describes, true)
    const wanted = after(there)
    const seen = yield* lookingFor(look(there), targetName, name)
    if (wanted === undefined) {
      // A run that is resumed may have made it so, and its script is to get what it got.
      const became = yield* Change.noteUnchanged({ ...list, kind: name }, name)
      return became === "unchanged" ? undefined : Option.getOrUndefined(yield* seen)
    }
    const described: Change.Change<A> = {
      ...list,
      kind: name,
      secrets,
      action: "update",
      objects: [{ name, before: there, after: wanted }],
      planned: planned && (() => planned(there)),
      look: seen,
      undo: (result) => ("cannot" in undo ? undo : undo(there, result))
    }
    return yield* Change.make(Effect.succeed(described), ReadBack.readBack(apply(there), seen))
  })

const fields = Object.keys({
  on: true,
  path: true,
  before: true,
  after: true,
  secrets: true,
  planned: true,
  apply: true,
  look: true,
  undo: true
} satisfies Record<keyof CustomChange<Change.Fields, unknown, unknown, unknown>, true>)
