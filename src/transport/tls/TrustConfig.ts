import { readFileSync } from "node:fs"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as EnvironmentVariable from "../../validation/EnvironmentVariable.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"
import { attemptInput } from "../AttemptInput.ts"
import type { InvalidInput } from "../DeviceError.ts"
import * as TrustPolicy from "./TrustPolicy.ts"

const Fingerprints = Schema.Union(Schema.NonEmptyString, Schema.NonEmptyArray(Schema.NonEmptyString))

/** `TrustConfig` is a `Trust`, or what a file says in its place. */
export const TrustConfig = Schema.Union(
  // First: whoever opens a fleet has one for each device, and of every form before it an error would be made.
  Schema.declare(TrustPolicy.isTrust),
  Schema.Literal("system", "insecure"),
  Schema.Struct({ pin: Fingerprints }),
  Schema.Struct({ ca: Schema.NonEmptyString }),
  Schema.Struct({ caFile: Schema.NonEmptyString })
).annotations({
  description:
    '"system", "insecure", or an object with one of pin, ca and caFile, as text; in code also a Trust'
})
export type TrustConfig = typeof TrustConfig.Type

/** `toTrust` gives the trust that was meant at `field`. Throws `InvalidInput`. */
export const toTrust = (given: TrustConfig, field: string): TrustPolicy.TrustPolicy => {
  if (TrustPolicy.isTrust(given)) return given
  if (given === "system") return TrustPolicy.system
  if (given === "insecure") return TrustPolicy.insecure
  if ("pin" in given) {
    return TrustPolicy.fingerprints(field, typeof given.pin === "string" ? [given.pin] : given.pin)
  }
  return TrustPolicy.authority(field, "ca" in given ? given.ca : readPem(given.caFile, field))
}

const readPem = (path: string, field: string): string => {
  try {
    return readFileSync(path, "utf8")
  } catch {
    throw refuseInput(
      field,
      "no file can be read at the path that stands there; give the path of a PEM file that this process may read (Deno: --allow-read)."
    )
  }
}

/** `fromEnv` gives the trust of `PREFIX_PIN`, with commas between several, or of `PREFIX_CA_FILE`. */
export const fromEnv = (prefix: string): Effect.Effect<TrustPolicy.TrustPolicy, InvalidInput> =>
  Effect.gen(function* () {
    const [pinName, fileName] = [`${prefix}_PIN`, `${prefix}_CA_FILE`]
    const pin = yield* EnvironmentVariable.readOptional(Config.nonEmptyString(pinName))
    const caFile = yield* EnvironmentVariable.readOptional(Config.nonEmptyString(fileName))
    if (Option.isNone(pin)) {
      const config = Option.match(caFile, {
        onNone: () => "system" as const,
        onSome: (path) => ({ caFile: path })
      })
      return yield* attemptInput(() => toTrust(config, fileName))
    }
    if (Option.isSome(caFile)) {
      return yield* refuseInput(
        `${pinName} and ${fileName}`,
        "both are set, and only one can say what is trusted; unset one of them."
      )
    }
    return yield* attemptInput(() => TrustPolicy.fingerprints(pinName, parts(pin.value)))
  })

/** `parts` are what stands between commas; nothing after the last of them is none. */
const parts = (list: string): ReadonlyArray<string> => list.split(",").filter((part) => part.trim() !== "")
