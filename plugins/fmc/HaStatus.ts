import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { SessionError } from "sallyport/AuthError"
import * as Pages from "sallyport/Pages"
import type { Place } from "./Place.ts"

/** Two firewalls that stand in for each other. */
export interface HaPair {
  readonly id: string
  readonly name: string
  readonly primary: HaMember
  readonly secondary: HaMember
  readonly [field: string]: unknown
}

export interface HaMember {
  readonly id: string
  readonly name?: string | undefined
  /** What it is now, in the FMC's words: `Active`, `Standby`, `Failed` (seen on real devices). */
  readonly status: string | undefined
  readonly [field: string]: unknown
}

const optional = Schema.optional(Schema.String)
const others = { key: Schema.String, value: Schema.Unknown }

const Member = Schema.Struct({ id: Schema.String, name: optional }, others)
const Status = Schema.Struct({ currentStatus: optional })

const Pair = Schema.Struct(
  {
    id: Schema.String,
    name: Schema.String,
    primary: Member,
    secondary: Member,
    metadata: Schema.optional(
      Schema.Struct(
        { primaryStatus: Schema.optional(Status), secondaryStatus: Schema.optional(Status) },
        others
      )
    )
  },
  others
)

/** The pairs of a domain, each member with its status. */
export const pairs = ({ rest }: Place): Stream.Stream<HaPair, SessionError> =>
  Stream.map(Pages.list(rest, "/devicehapairs/ftddevicehapairs", Pair, { expanded: true }), (pair) => ({
    ...pair,
    primary: { ...pair.primary, status: pair.metadata?.primaryStatus?.currentStatus },
    secondary: { ...pair.secondary, status: pair.metadata?.secondaryStatus?.currentStatus }
  }))

const Server = Schema.Struct({ role: optional, ipAddress: optional, swVersion: optional }, others)

const FmcHaStatus = Schema.Struct(
  {
    /** `GOOD`, `DEGRADED` or `SPLIT_BRAIN` (Cisco's text). */
    overallStatus: Schema.String,
    /** `GOOD`, `IN_PROGRESS`, `PAUSED` or `FAILED` (Cisco's text). */
    syncStatus: optional,
    haStatusMessages: Schema.optional(Schema.Array(Schema.String)),
    fmcPrimary: Schema.optional(Server),
    fmcSecondary: Schema.optional(Server)
  },
  others
)
/** How the pair is that a management centre is of. */
export type FmcHaStatus = typeof FmcHaStatus.Type

/** The first, and only, status that the FMC names. */
export const ofFmc = ({ rest }: Place): Effect.Effect<Option.Option<FmcHaStatus>, SessionError> =>
  Stream.runHead(Pages.list(rest, "/integration/fmchastatuses", FmcHaStatus, { expanded: true }))
