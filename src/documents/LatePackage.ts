import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { InvalidInput } from "../transport/DeviceError.ts"

/** `LatePackage` is a package that only some scripts need, and that is loaded where they do. */
export interface LatePackage<A> {
  /** `load` loads it for a file. Fails with `InvalidInput`, which says how to install it. */
  readonly load: (file: string) => Effect.Effect<A, InvalidInput>
  /** `loaded` is it, where it is installed. */
  readonly loaded: Effect.Effect<Option.Option<A>>
}

/** `missing` is caught at the `import` itself: by that a bundler knows that the package may be missing. */
const missing = (error: unknown): Promise<never> => Promise.reject(error)

const make = <A>(name: string, version: string, reads: string, load: () => Promise<A>): LatePackage<A> => {
  const loaded = Effect.option(Effect.tryPromise(load))
  return {
    loaded,
    load: (file) =>
      Effect.flatMap(loaded, (found) =>
        Option.isSome(found)
          ? Effect.succeed(found.value)
          : new InvalidInput({
              field: name,
              message: `${file}: ${reads} is read by the package ${name}, which is missing: npm i ${name}@${version}`
            })
      )
  }
}

// With their types written out: a declaration cannot name what they are inferred from.
export const yamlPackage: LatePackage<typeof import("yaml")> = make("yaml", "^2.9", "YAML", () =>
  import("yaml").catch(missing)
)

export const csvPackage: LatePackage<typeof import("csv-parse/sync")> = make("csv-parse", "^7", "CSV", () =>
  import("csv-parse/sync").catch(missing)
)
