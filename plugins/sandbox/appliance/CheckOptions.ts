import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { InputSchema, type InvalidInput, TargetConfig } from "sallyport/plugin"
import type { Options } from "./Options.ts"

const { optional } = InputSchema

const Name = Schema.NonEmptyString
const text = optional(Name, "text that is not empty")
const flag = optional(Schema.Boolean, "true or false")
const duration = optional(TargetConfig.DurationConfig, 'a duration such as "30 seconds", or milliseconds')
const words = (...all: ReadonlyArray<string>) =>
  optional(Schema.Literal(...all), all.map((word) => JSON.stringify(word)).join(" or "))

const upTo = (most: number) => Schema.NonNegativeInt.pipe(Schema.lessThanOrEqualTo(most))
// What there is at the start is made one by one.
const count = optional(upTo(1_000_000), "a whole number from 0 to 1,000,000")
const limit = optional(
  Schema.Union(Schema.Boolean, Schema.Positive),
  "a number above 0, true for that of a device, or false"
)
const secret = optional(
  Schema.declare(
    (given): given is Redacted.Redacted =>
      Redacted.isRedacted(given) && Schema.is(Name)(Redacted.value(given))
  ),
  "Redacted.make(text), with a text that is not empty"
)
const named = (fields: Schema.Struct.Fields) => Schema.Array(Schema.Struct({ name: Name, ...fields }))

const fields = {
  host: text,
  port: optional(upTo(65_535), "a whole number from 0 to 65,535"),
  username: text,
  password: secret,
  apiToken: secret,
  tokenLifetime: duration,
  refreshLimit: count,
  refreshGrace: duration,
  refreshLifetime: duration,
  evictOnLogin: flag,
  fdmSessionLimit: optional(Schema.Positive, "a number above 0"),
  requestsPerMinute: limit,
  connectionLimit: limit,
  domains: optional(Schema.NonEmptyArray(Name), 'names of domains such as ["Global"]'),
  objects: count,
  rules: count,
  devices: optional(
    Schema.Union(
      upTo(10_000),
      named({
        domain: text,
        canBeDeployed: flag,
        trafficInterruption: words("YES", "NO", "UNDETERMINED", "ERROR"),
        version: optional(Schema.NonNegative, "a number")
      })
    ),
    'a whole number from 0 to 10,000, or a list such as [{ name: "ftd-1" }]'
  ),
  deployedState: text,
  deployingState: text,
  haPairs: optional(
    named({ primary: Name, secondary: Name, primaryStatus: text, secondaryStatus: text }),
    'a list such as [{ name: "pair", primary: "ftd-1", secondary: "ftd-2" }]'
  ),
  clusters: optional(
    named({ members: Schema.NonEmptyArray(Name) }),
    'a list such as [{ name: "cluster", members: ["ftd-1", "ftd-2"] }]'
  ),
  fmcHa: words("NONE", "GOOD", "DEGRADED", "SPLIT_BRAIN"),
  serverVersion: text,
  apiVersions: optional(Schema.NonEmptyArray(Name), 'versions such as ["v6", "latest"]'),
  listsVersions: flag,
  firstBoot: flag,
  ha: optional(
    Schema.Struct({
      nodeState: Schema.Union(Schema.Literal("SINGLE_NODE"), Schema.TemplateLiteral("HA_", Schema.String)),
      nodeRole: words("HA_PRIMARY", "HA_SECONDARY"),
      peerNodeState: text,
      configStatus: text,
      haHealthStatus: text
    }),
    'an object such as { nodeState: "HA_STANDBY_NODE" }'
  ),
  // A test may have an FDM that says something else.
  fdmDeployment: text,
  fdmBackup: text,
  deployTime: duration,
  fmc: flag,
  fdm: flag,
  latency: duration,
  certificate: optional(
    Schema.Struct({ cert: Schema.String, key: Schema.String }),
    "both as PEM: { cert, key }"
  ),
  onRequest: optional(Schema.declare(Predicate.isFunction), "a function that takes a request")
} satisfies Record<keyof Options, unknown>

/** `checkOptions` gives the options, which may be none. Fails with `InvalidInput`, which shows nothing of what was given. */
export const checkOptions = (given: Options | null | undefined): Effect.Effect<Options, InvalidInput> => {
  const options = given ?? {}
  const source = { field: (option: string) => option, isSafeToShow: false }
  return Effect.as(InputSchema.decode(Schema.Struct(fields), options, source, "a sandbox"), options)
}
