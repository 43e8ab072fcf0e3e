import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { SessionError } from "sallyport/AuthError"
import * as Pages from "sallyport/Pages"
import type { Listing } from "../Objects.ts"
import type { Place } from "../Place.ts"

const optional = Schema.optional(Schema.String)
const others = { key: Schema.String, value: Schema.Unknown }

const JobDevice = Schema.Struct(
  {
    deviceName: optional,
    deviceUUID: optional,
    /** `SUCCEEDED`, `FAILED`, `PARTIALLY_SUCCEEDED`, `CANCELLED` and many more (Cisco's text). */
    deploymentStatus: optional,
    /** The pair or cluster that the device is a member of. */
    containerUUID: optional,
    containerName: optional
  },
  others
)

const Job = Schema.Struct(
  {
    /** Not that of the task (read in a public client's code). */
    id: Schema.String,
    jobName: optional,
    /** `DEPLOYED`, also written `Deployed`; `DEPLOYING`, `FAILED`, `ABORTED` (Cisco's text). */
    jobStatus: optional,
    /** `DEPLOYMENT`, `ROLLBACK` or `UNKNOWN` (Cisco's text). */
    jobType: optional,
    user: optional,
    /** `2020-05-16T10:29:01Z` (Cisco's text). */
    startTime: Schema.optional(Schema.Union(Schema.String, Schema.Number)),
    endTime: Schema.optional(Schema.Union(Schema.String, Schema.Number)),
    deploymentNote: optional,
    deviceList: Schema.optional(Schema.Array(JobDevice))
  },
  others
)
/** A deployment, or the rollback of one, and what became of its devices. */
export type DeploymentJob = typeof Job.Type

/** All that the FMC still knows of, the newest first (an example in Cisco's text). */
export const list = (
  { rest }: Pick<Place, "rest">,
  { filter, limit }: Listing = {}
): Stream.Stream<DeploymentJob, SessionError> =>
  Pages.list(rest, "/deployment/jobhistories", Job, { expanded: true, filter, limit })

const few = 25

/** `undefined` where they cannot be read: this FMC, or this account's role, may have none. */
export type Newest = ReadonlyArray<DeploymentJob> | undefined

/** The newest ones, in one request. */
export const newest = (place: Place): Effect.Effect<Newest, SessionError> =>
  list(place, { limit: few }).pipe(
    Stream.take(few),
    Stream.runCollect,
    Effect.map((jobs) => [...jobs]),
    Effect.catchTags({
      DeviceRefused: () => Effect.succeed(undefined),
      ProtocolViolation: () => Effect.succeed(undefined)
    })
  )
