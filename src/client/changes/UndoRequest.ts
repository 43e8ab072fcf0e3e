import type { Fields } from "../fields/ListEntry.ts"
import type { Recreation } from "./Recreation.ts"

/** `Undo` is the requests that take a change back, the first to send first, or why nothing does. */
export type Undo = ReadonlyArray<UndoRequest> | { readonly cannot: string }

/**
 * `UndoRequest` is one request of an undo: data, so that it can be sent by whoever reads it, without the script. What it
 * is about is read before, as the change's list and `lookup` say.
 */
export interface UndoRequest extends Omit<Recreation, "index"> {
  readonly method: "POST" | "PUT" | "DELETE"
  /** `path` is that of the list to which it is sent, from the device's root, or of what has no list. */
  readonly path: string
  /** `id` says which of the list it is. */
  readonly id?: string | undefined
  /** `find` is the name of the one that it is, or that must not be there, where no id is known. */
  readonly find?: string | undefined
  readonly body?: Fields | undefined
  /**
   * `expect` are the fields that it must still have: else somebody has changed it since. `undefined` where it must not
   * be there.
   */
  readonly expect: Fields | undefined
  /**
   * `formerId` is the id that the object had which it creates anew: it gets another one, and references to the old one
   * stay broken.
   */
  readonly formerId?: string | undefined
  /** `follows` says that it stood directly behind what the request before it creates anew. @default false */
  readonly follows?: boolean | undefined
  /**
   * `isWhole` says that `body` and `expect` are all that is known of the object: a list within it that has members since,
   * and none in them, somebody has filled. @default false
   */
  readonly isWhole?: boolean | undefined
  /**
   * `settings` are what the device had put into lists below it, by their names, when it was created: whoever has changed
   * that since has changed it. @default nobody knows
   */
  readonly settings?: Readonly<Record<string, ReadonlyArray<Fields>>> | undefined
}
