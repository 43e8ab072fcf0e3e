import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Lenient, Pages, type SessionError } from "sallyport/plugin"
import type { DomainContext } from "../domain/DomainContext.ts"

/** `HaPair` is a pair of firewalls that stand in for each other. */
export interface HaPair {
  readonly id: string
  readonly name: string
  readonly primary: HaMember
  readonly secondary: HaMember
  readonly [field: string]: unknown
}

/** `HaMember` is one firewall of a pair. */
export interface HaMember {
  /** `id` is empty where the FMC names none. */
  readonly id: string
  readonly name?: string | undefined
  /** `status` is what it is now, in the FMC's words: `Active`, `Standby`, `Failed` (seen on real devices). */
  readonly status: string | undefined
  readonly [field: string]: unknown
}

const id = Lenient.textOrEmpty

const Member = Schema.Struct({ id, name: Lenient.text }, Lenient.others)
const Status = Schema.Struct({ currentStatus: Lenient.text })

const Pair = Schema.Struct(
  {
    id,
    name: Lenient.text,
    primary: Lenient.field(Member),
    secondary: Lenient.field(Member),
    metadata: Lenient.field(
      Schema.Struct(
        { primaryStatus: Lenient.field(Status), secondaryStatus: Lenient.field(Status) },
        Lenient.others
      )
    )
  },
  Lenient.others
)

/** `listHaPairs` gives the pairs of a domain, each member with its status. */
export const listHaPairs = (
  { rest }: DomainContext,
  options?: Pages.PageOptions
): Stream.Stream<HaPair, SessionError> =>
  Pages.byOptions<Pages.PageOptions, HaPair>(["limit"], ({ limit }) =>
    Stream.map(
      Lenient.list(rest, "/devicehapairs/ftddevicehapairs", Pair, { expanded: true, limit }),
      (pair) => ({
        ...pair,
        name: pair.name ?? pair.id,
        primary: { id: "", ...pair.primary, status: pair.metadata?.primaryStatus?.currentStatus },
        secondary: { id: "", ...pair.secondary, status: pair.metadata?.secondaryStatus?.currentStatus }
      })
    )
  )(options)

const Server = Schema.Struct(
  { role: Lenient.text, ipAddress: Lenient.text, swVersion: Lenient.text },
  Lenient.others
)

const FmcHaStatus = Schema.Struct(
  {
    /**
     * `overallStatus` is `GOOD`, `DEGRADED` or `SPLIT_BRAIN` (FMC OpenAPI, FMCHAStatus); `undefined` where the FMC does
     * not say.
     */
    overallStatus: Lenient.text,
    /** `syncStatus` is `GOOD`, `IN_PROGRESS`, `PAUSED` or `FAILED` (FMC OpenAPI, FMCHAStatus). */
    syncStatus: Lenient.text,
    haStatusMessages: Lenient.items(Schema.String),
    fmcPrimary: Lenient.field(Server),
    fmcSecondary: Lenient.field(Server)
  },
  Lenient.others
)
/** `FmcHaStatus` says how the pair is that a management centre is of. */
export type FmcHaStatus = typeof FmcHaStatus.Type

/** `askFmcHaStatus` gives the first, and only, status that the FMC names. */
export const askFmcHaStatus = ({
  rest
}: DomainContext): Effect.Effect<Option.Option<FmcHaStatus>, SessionError> =>
  Stream.runHead(Lenient.list(rest, "/integration/fmchastatuses", FmcHaStatus, { expanded: true }))
