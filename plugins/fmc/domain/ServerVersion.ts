import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Lenient, type Rest, type SessionError } from "sallyport/plugin"

/** `ServerVersion` is what an FMC says of its software. */
export interface ServerVersion {
  /** `serverVersion` is as the FMC writes it: `7.4.2 (build 172)`. */
  readonly serverVersion: string
  /** `geoVersion` and those below are of its data: geolocation, vulnerabilities, rules. */
  readonly geoVersion?: string | undefined
  readonly vdbVersion?: string | undefined
  readonly sruVersion?: string | undefined
  readonly lspVersion?: string | undefined
  readonly [field: string]: unknown
}

const Answer = Schema.Struct({
  items: Schema.NonEmptyArray(
    Schema.Struct(
      {
        serverVersion: Lenient.Text,
        geoVersion: Lenient.text,
        vdbVersion: Lenient.text,
        sruVersion: Lenient.text,
        lspVersion: Lenient.text
      },
      Lenient.others
    )
  )
})

/** `askServerVersion` asks the FMC. */
export const askServerVersion = (rest: Rest.Rest): Effect.Effect<ServerVersion, SessionError> =>
  Effect.map(rest.get(serverVersionPath, Answer), ({ items }) => items[0])

/** `parse` reads an answer that is at hand; `undefined` where it is none. */
export const parse = (json: unknown): ServerVersion | undefined =>
  Option.getOrUndefined(Option.map(Schema.decodeUnknownOption(Answer)(json), ({ items }) => items[0]))

export const serverVersionPath = "/api/fmc_platform/v1/info/serverversion"

/**
 * `isAtLeast` says whether this is the version given by its numbers, or a later one; `false` where the text names none.
 */
export const isAtLeast = (
  { serverVersion }: Pick<ServerVersion, "serverVersion">,
  ...wanted: ReadonlyArray<number>
): boolean => {
  const numbers = /^\s*(\d+(?:\.\d+)*)/.exec(serverVersion)?.[1]?.split(".").map(Number)
  if (numbers === undefined) return false
  for (const [place, least] of wanted.entries()) {
    const number = numbers[place] ?? 0
    if (number !== least) return number > least
  }
  return true
}
