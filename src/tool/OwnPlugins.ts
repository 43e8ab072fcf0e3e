import * as Effect from "effect/Effect"
import type { AnyPlugin } from "../plugin/Plugin.ts"

/** `kinds` are those of devices whose plugins come with the package. */
export const kinds = ["fmc", "fdm", "cdfmc"] as const

type Kind = (typeof kinds)[number]

/** `loadPlugin` loads one by the name under which it is published: nothing here is built on a plugin. */
export const loadPlugin = (kind: Kind): Effect.Effect<AnyPlugin> =>
  Effect.map(published<{ readonly plugin: AnyPlugin }>(kind), ({ plugin }) => plugin)

/** `loadSandbox` loads the sandbox. */
export const loadSandbox: Effect.Effect<{
  readonly command: (words: ReadonlyArray<string>) => Effect.Effect<void, unknown>
}> = Effect.suspend(() => published("sandbox"))

const published = <Module>(subpath: Kind | "sandbox"): Effect.Effect<Module> =>
  // By what the subpath exports. A bundler is not to look for it.
  Effect.promise((): Promise<Module> => import(["sallyport", subpath].join("/")))
