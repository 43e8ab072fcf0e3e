import * as Context from "effect/Context"
import type { Fields } from "../fields/ListEntry.ts"
import type { List } from "./Description.ts"

/**
 * `Removed` gives an object that a resumed run has removed already and its script has not come to removing yet, as it was
 * before: no device shows it any more. `undefined` is any other; without a resumed run there is nobody to ask.
 */
export class Removed extends Context.Reference<Removed>()("sallyport/Changes/Removed", {
  defaultValue: (): ((place: List) => Fields | undefined) | undefined => undefined
}) {}
