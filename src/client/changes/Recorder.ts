import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { SessionError } from "../../auth/AuthError.ts"
import * as Needed from "../../validation/Needed.ts"
import type { Entry, Fields, Known } from "../fields/ListEntry.ts"
import type { Change, List } from "./Description.ts"
import type { PlannedObjects } from "./PlannedObjects.ts"

/** `Recorder` takes the changes of a workflow. */
export interface Recorder {
  /** `isPlan` says that nothing is sent: what is recorded becomes a plan. */
  readonly isPlan: boolean
  /** `record` takes a change, and answers as its verb does: by sending it, or by what is planned. */
  readonly record: <A, E, R>(
    change: Change<A>,
    send: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E | SessionError, R>
  /**
   * `noteUnchanged` takes what a verb has looked at and found as it is wanted, and says what made it so: a resumed run
   * may have done it before it was killed.
   */
  readonly noteUnchanged: (
    list: List & { readonly kind?: string | undefined },
    name: string | undefined
  ) => Effect.Effect<"created" | "updated" | "unchanged">
  /**
   * `plannedObjects` are what reads of a list have to show beside what the device has. `selection` is what is asked for
   * of it, as text.
   */
  readonly plannedObjects: (list: List, selection?: string) => PlannedObjects | undefined
  /**
   * `written` is what the workflow itself has written to an object last, where it has: what the device has added to that
   * by itself, nobody has asked for.
   */
  readonly written: (list: List, id: string) => Fields | undefined
  /** `shows` begins to show a list, and is told the id of each that is shown, in the order in which that is done. */
  readonly shows: (list: List, selection: string) => (id: string) => void
  /** `unknowable` is told of a read that depends on what is only planned: a plan ends there. */
  readonly unknowable: (list: List, reason: string) => Effect.Effect<void, SessionError>
}

/** `Changes` takes the changes of all verbs. Without a workflow nothing does, and they send at once. */
export class Changes extends Context.Reference<Changes>()("sallyport/Changes", {
  defaultValue: (): Recorder | undefined => undefined
}) {}

/**
 * `ShowsPlanned` marks reads to which what is planned is added: any other read of a list for which something is planned
 * ends the plan, since it would show what will not be so.
 */
export class ShowsPlanned extends Context.Reference<ShowsPlanned>()("sallyport/Changes/ShowsPlanned", {
  defaultValue: () => false
}) {}

/**
 * `Describes` marks the reads by which a change is described, such as what there is to deploy: it is told of what is
 * there now.
 */
export class Describes extends Context.Reference<Describes>()("sallyport/Changes/Describes", {
  defaultValue: () => false
}) {}

/**
 * `inWorkflow` runs `described` where a workflow takes changes, and `plain` where there is none. Fails as they do.
 */
export const inWorkflow = <A, E, R, E2, R2>(
  described: (recorder: Recorder) => Effect.Effect<A, E, R>,
  plain: Effect.Effect<A, E2, R2>
): Effect.Effect<A, E | E2, R | R2> => {
  Needed.fn("described", described)
  Needed.effect("plain", plain)
  return Effect.flatMap(
    Changes,
    (recorder): Effect.Effect<A, E | E2, R | R2> => (recorder === undefined ? plain : described(recorder))
  )
}

/**
 * `noteUnchanged` tells a workflow of what is as it is wanted, and says what made it so: a resumed run may have done it
 * before it was killed.
 */
export const noteUnchanged = (
  list: List & { readonly kind?: string | undefined },
  name: string | undefined
): Effect.Effect<"created" | "updated" | "unchanged"> =>
  inWorkflow((recorder) => recorder.noteUnchanged(list, name), Effect.succeed("unchanged" as const))

/**
 * `latest` gives an object that was read as it is planned by now: other fibers plan while it is read. Where nothing is
 * planned for it, it is as it was read.
 */
export const latest = <A extends Known<Entry>>(list: List, read: A): Effect.Effect<A> =>
  // It was made of what this kind's verbs were given.
  Effect.map(Changes, (recorder) => (recorder?.plannedObjects(list)?.present.get(read.id) ?? read) as A)
