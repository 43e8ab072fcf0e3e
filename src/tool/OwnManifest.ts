import { createRequire } from "node:module"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const Manifest = Schema.Struct({
  version: Schema.String,
  peerDependencies: Schema.Record({ key: Schema.String, value: Schema.String })
})

/** `ownManifest` is the package's own: by it the versions go that fit. */
export const ownManifest = Effect.sync(() =>
  Schema.decodeUnknownSync(Manifest)(createRequire(import.meta.url)("sallyport/package.json"))
)
