import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import { refuseInput } from "../validation/RefuseInput.ts"
import type { Service } from "./store/StoredToken.ts"

/** `memory` gives each session a login of its own, which nobody else sees and which ends when the session closes. */
export const memory: Service = { openSlot: undefined }

/** `TokenStore` is where the sessions of this program keep their tokens. @default `memory` */
export class TokenStore extends Context.Reference<TokenStore>()("sallyport/TokenStore", {
  defaultValue: () => memory
}) {}

/**
 * `layer` gives a program a store. Throws `InvalidInput` for what is none.
 *
 * @example
 * Main.run(script.pipe(Effect.provide(TokenStore.layer(TokenStore.disk()))))
 */
export const layer = (store: Service): Layer.Layer<never> => {
  if (!isStore(store))
    throw refuseInput("store", "this is no store; give TokenStore.disk() or TokenStore.memory.")
  return Layer.succeed(TokenStore, store)
}

const isStore = (given: unknown): boolean =>
  given === memory || (Predicate.hasProperty(given, "openSlot") && Predicate.isFunction(given.openSlot))

export { type DiskOptions, disk } from "./store/DiskStore.ts"
export type * from "./store/StoredToken.ts"
