import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Schema from "effect/Schema"
import type { SessionError } from "../../auth/AuthError.ts"
import type { Entry, Fields } from "../fields/ListEntry.ts"
import type { InBulk } from "../writes/InBulk.ts"
import type { Place } from "./Placement.ts"
import type { Undo, UndoRequest } from "./UndoRequest.ts"

/** `ObjectChange` is what a change does to one object. What is not there before or after is `undefined`. */
export interface ObjectChange {
  readonly name: string | undefined
  /** `id` is its id; one that is created has none yet. */
  readonly id?: string | undefined
  readonly before?: Fields | undefined
  readonly after?: Fields | undefined
  /** `others` are the ids of what had its name before it was created: none of them is it, however alike. */
  readonly others?: ReadonlyArray<string> | undefined
}

/** `List` is where objects are kept. */
export interface List {
  readonly targetName: string
  /** `path` begins at the device's root. */
  readonly path: string
  /** `query` is put behind the path to read the list with all fields of its objects. @default none */
  readonly query?: Readonly<Record<string, string>> | undefined
  /**
   * `alsoIn` are the paths of lists that show its objects, too: those of the domains below, say.
   *
   * @default none
   */
  readonly alsoIn?: ReadonlyArray<string> | undefined
  /** `inBulk` says which requests write many of its objects at once. @default none does */
  readonly inBulk?: InBulk | undefined
  /**
   * `holds` are the lists below each of its objects that go with it when it is removed, by their last segments, such as
   * `accessrules`: an undo does not remove what was created where somebody has put something there since.
   *
   * @default none is known
   */
  readonly holds?: ReadonlyArray<string> | undefined
  /**
   * `settings` are the lists below each of its objects in which the device puts something by itself, such as
   * `loggingsettings`: an undo does not remove what was created where somebody has changed that since, or nobody knows how
   * it was. `left` of a change reads how it was.
   *
   * @default none is known
   */
  readonly settings?: ReadonlyArray<string> | undefined
}

/** `Description` is what a change does, and where. */
export interface Description extends List {
  /** `kind` is what the objects are: their type, or else the last segment of the path. */
  readonly kind: string
  /** `action` is `create`, `update`, `remove`, or a word of the plugin's own, such as `deploy`. */
  readonly action: string
  /** `objects` are what becomes of each; none where all is as it is wanted. */
  readonly objects: ReadonlyArray<ObjectChange>
  /**
   * `place` is where in a list with an order it puts them, in the device's own words, such as `section: mandatory`.
   *
   * @default where the device puts them by itself
   */
  readonly place?: Place | undefined
  /** `lookup` says how they are looked for, where that is not in the list by their ids and names. */
  readonly lookup?: Lookup | undefined
  /** `secrets` are the fields to mask, by their paths, such as `keys[].psk`. @default those of names as `password` */
  readonly secrets?: ReadonlyArray<string> | undefined
}

/** `Lookup` says how the objects of a change are looked for: data, as the change is. */
export interface Lookup {
  /** `where` are the fields that tell the object from others in the list, where its id and its name do not. */
  readonly where?: Fields | undefined
  /** `values` says that the list is that of the values of one field: which, and what they are called there. */
  readonly values?: { readonly field: string; readonly from: string } | undefined
  /**
   * `members` says that the change puts something into lists of the object, or takes it out: whatever else is in them,
   * and whatever else the object has, is no matter of it.
   */
  readonly members?: boolean | undefined
}

/**
 * `Change` is what a verb is about to do to a device, said before it is done: so that a plan can show it, and its undo
 * is known from the outset.
 *
 * `A` is what the verb answers with.
 */
export interface Change<A> extends Description {
  /**
   * `planned` is what the verb answers in a plan. `ids` stand for those that the device will give, in the order of
   * `objects`. `undefined`: nobody can know, and the plan ends here.
   */
  readonly planned: ((ids: ReadonlyArray<string>) => A) | undefined
  /** `undo` says how it is taken back: before its answer is known, and then once more; `others` are as they were found. */
  readonly undo: (answer: Option.Option<A>, others?: ReadonlyArray<ObjectChange["others"]>) => Undo
  /** `others` finds, before it is sent, those of each of `objects`: what is there by then was not made by it. @default none */
  readonly others?: Effect.Effect<ReadonlyArray<ObjectChange["others"]>, SessionError> | undefined
  /**
   * `wanted` is what the script asks for, by which a resumed run knows the change.
   *
   * @default `objects`, as they are to be afterwards
   */
  readonly wanted?: unknown
  /** `became` says of an answer what became of each of `objects`. @default all of it is done */
  readonly became?: ((answer: A) => ReadonlyArray<Became>) | undefined
  /**
   * `again` answers where an earlier run has done it, or a part of it: it is handed what there is of each of `objects`,
   * and does what is missing.
   *
   * @default the answer that the earlier run got, as JSON
   */
  readonly again?: ((there: ReadonlyArray<Entry | undefined>) => Effect.Effect<A, SessionError>) | undefined
  /** `answer` is how its answer is kept for a resumed run. @default as JSON, where it is that and holds no secret */
  // biome-ignore lint/suspicious/noExplicitAny: what is kept has any form.
  readonly answer?: Schema.Schema<A, any> | undefined
  /**
   * `look` says whether it has happened, where `objects` do not show it or its answer is not kept: `Some` is what came.
   *
   * @default its objects are looked for
   */
  readonly look?: Effect.Effect<Option.Option<A>, SessionError> | undefined
  /** `left` reads, once an object of this id is created, how the device has left it. @default nobody knows */
  readonly left?: ((id: string) => Effect.Effect<Left, SessionError>) | undefined
  /**
   * `isRepeatable` says that it does no harm to send it once more where nobody can tell whether it has happened, since
   * it looks by itself what is still to be done.
   *
   * @default false
   */
  readonly isRepeatable?: boolean | undefined
  /**
   * `isIdle` says that it does nothing as things are now: a plan has it only where something else is changed on the
   * device before it, as a deployment is where nothing is pending.
   *
   * @default false
   */
  readonly isIdle?: boolean | undefined
}

/** `Left` is how a device has left what was created. */
export interface Left {
  /** `settings` are the lists of its `settings`, by their names. Of one that is not among them nobody knows. */
  readonly settings: Exclude<UndoRequest["settings"], undefined>
  /** `item` is the object itself: the answer to its creation may show less of it. @default no more is known */
  readonly item?: Fields | undefined
}

/** `Became` is what became of an object: itself as the device answered it, `unknown` where it may have happened, or `none`. */
export type Became = Entry | "unknown" | "none"
