import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Lenient, type SessionError } from "sallyport/plugin"
import type { DomainContext } from "../domain/DomainContext.ts"
import { byOptions, type ListOptions } from "../objects/ListOptions.ts"
import { normalizeName } from "./DeployableDevices.ts"
import { worstOf } from "./DeploymentStates.ts"
import type { DeploymentUnit } from "./DeploymentUnits.ts"

const JobDevice = Schema.Struct(
  {
    deviceName: Lenient.text,
    deviceUUID: Lenient.text,
    /**
     * `deploymentStatus` is `SUCCEEDED`, `FAILED`, `PARTIALLY_SUCCEEDED`, `CANCELLED` and many more (FMC OpenAPI,
     * IDeviceListEntry).
     */
    deploymentStatus: Lenient.text,
    /** `containerUUID` is the pair or cluster that the device is a member of. */
    containerUUID: Lenient.text,
    containerName: Lenient.text
  },
  Lenient.others
)

const Job = Schema.Struct(
  {
    /** `id` is not that of the task (read in a public client's code). It is empty where the FMC names none. */
    id: Lenient.textOrEmpty,
    jobName: Lenient.text,
    /**
     * `jobStatus` is `DEPLOYED`, also written `Deployed`; `DEPLOYING`, `FAILED`, `ABORTED` (FMC OpenAPI, JobHistory).
     */
    jobStatus: Lenient.text,
    /** `jobType` is `DEPLOYMENT`, `ROLLBACK` or `UNKNOWN` (FMC OpenAPI, JobHistory). */
    jobType: Lenient.text,
    user: Lenient.text,
    /** `startTime` is such as `2020-05-16T10:29:01Z` (FMC OpenAPI, JobHistory). */
    startTime: Lenient.field(Schema.Union(Schema.String, Schema.Number)),
    endTime: Lenient.field(Schema.Union(Schema.String, Schema.Number)),
    deploymentNote: Lenient.text,
    deviceList: Lenient.items(JobDevice)
  },
  Lenient.others
)
/** `DeploymentJob` is a deployment, or the rollback of one, and what became of its devices. */
export type DeploymentJob = typeof Job.Type

/** `list` gives all that the FMC still knows of, the newest first (FMC OpenAPI, an example of getJobHistory). */
export const list = (
  { rest }: Pick<DomainContext, "rest">,
  options?: ListOptions
): Stream.Stream<DeploymentJob, SessionError> =>
  byOptions(({ filter, limit }) =>
    Lenient.list(rest, "/deployment/jobhistories", Job, { expanded: true, filter, limit })
  )(options)

const recentCount = 25

/** `RecentJobs` are `undefined` where they cannot be read: this FMC, or this account's role, may have none. */
export type RecentJobs = ReadonlyArray<DeploymentJob> | undefined

/** `recentJobs` gives the newest ones, in one request. */
export const recentJobs = (context: DomainContext): Effect.Effect<RecentJobs, SessionError> =>
  list(context, { limit: recentCount }).pipe(
    Stream.take(recentCount),
    Stream.runCollect,
    Effect.map((jobs) => [...jobs]),
    Effect.catchTags({
      DeviceRefused: () => Effect.succeed(undefined),
      ProtocolViolation: () => Effect.succeed(undefined)
    })
  )

/** `stateOf` gives the state of the first of these jobs, mostly the newest, that is one of this unit or of a member. */
export const stateOf = (
  jobs: ReadonlyArray<DeploymentJob>,
  { id, members, name }: DeploymentUnit
): string | undefined => {
  const parts = [{ id, name }, ...members]
  const has = (words: string | undefined, key: "id" | "name") =>
    !!words && parts.some((part) => normalizeName(part[key] ?? "") === normalizeName(words))
  for (const { deviceList = [], jobStatus } of jobs) {
    const own = deviceList.filter(({ containerName, containerUUID, deviceName, deviceUUID }) =>
      deviceUUID || containerUUID
        ? has(deviceUUID, "id") || has(containerUUID, "id")
        : has(deviceName, "name") || has(containerName, "name")
    )
    const counts = worstOf(
      own.map(({ deploymentStatus = jobStatus ?? "UNKNOWN" }) => ({ state: deploymentStatus }))
    )
    if (counts !== undefined) return counts.state
  }
  return undefined
}
