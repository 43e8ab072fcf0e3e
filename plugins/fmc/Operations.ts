import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Stream from "effect/Stream"
import type { Deployment, Pages, SessionError } from "sallyport/plugin"
import * as Deploy from "./deployment/Deploy.ts"
import * as DeployableDevices from "./deployment/DeployableDevices.ts"
import * as DeploymentTask from "./deployment/DeploymentTask.ts"
import * as JobHistory from "./deployment/JobHistory.ts"
import type { DomainContext } from "./domain/DomainContext.ts"
import type { ListOptions } from "./objects/ListOptions.ts"
import * as AuditRecords from "./oversight/AuditRecords.ts"
import * as HaStatus from "./oversight/HaStatus.ts"

/**
 * `Operations` are what can be done in a domain beside its objects. All of it fails with `DeviceRefused`, `DeviceBusy`,
 * `ProtocolViolation` and as the session does.
 */
export interface Operations {
  /**
   * `listDeployableDevices` gives the devices, pairs and clusters whose configuration has changed since it was deployed
   * last.
   *
   * @example
   * yield* Stream.runForEach(branch.listDeployableDevices(), ({ id, name }) =>
   *   Stream.runForEach(branch.listPendingChanges(id), ({ entityName }) => Console.log(name, entityName))
   * )
   */
  readonly listDeployableDevices: (
    options?: Pages.PageOptions
  ) => Stream.Stream<DeployableDevices.DeployableDevice, SessionError>
  /** `listPendingChanges` gives what a deployment to this device, named by its id, would bring. */
  readonly listPendingChanges: (
    deviceId: string,
    options?: ListOptions
  ) => Stream.Stream<DeployableDevices.PendingChange, SessionError>
  /**
   * `deploy` deploys to all that is deployable, or to the `devices` that are named, and waits by
   * `Deployment.PollSchedule`. Nothing is forced and no warning ignored unless the options say so. One request is sent
   * for each version, and none where there is nothing to deploy. A member of a pair or a cluster stands for the whole
   * of it, which an FMC deploys to as one.
   *
   * What another deployment is under way to is waited for, and then gets what is left to deploy. A device that cannot
   * be deployed to now is in `leftOut`, with the FMC's reason; if it was named, nothing is sent, and that is
   * `DeploymentFailed`. One that was named, exists and is not listed as deployable is up to date, unless the job
   * histories say that a deployment to it is under way or has failed; it has no version that could be named, so it is
   * not deployed to even by force.
   *
   * A request whose answer is lost is never sent again: whether it came to the FMC is seen by the devices and the job
   * histories, and it is `OutcomeUnknown` where they show no trace of it.
   *
   * Fails with `DeploymentFailed`, which names each device with its state, once nothing is running any more; with
   * `DeploymentUnfinished` when the schedule ends while none has failed but some are not done; with `InvalidInput`,
   * which lists what is deployable, for a name that nobody has or that fits two; with `DeviceRefused` where the FMC
   * refuses all of it (also with status 500, for what its validation finds). What has begun goes on at the FMC,
   * whatever becomes of the script.
   *
   * @example
   * const { devices } = yield* branch.deploy({ devices: ["ftd-1"], note: "Change 4711" })
   */
  readonly deploy: (
    options?: Deploy.DeployOptions
  ) => Effect.Effect<
    Deploy.Deployed,
    SessionError | Deployment.DeploymentFailed | Deployment.DeploymentUnfinished
  >
  /** `deployment` is where the task of a deployment stands, as named in `deploy`'s `tasks`. */
  readonly deployment: (taskId: string) => Effect.Effect<DeploymentTask.DeploymentTask, SessionError>
  /**
   * `listDeployments` gives the deployments and rollbacks that the FMC still knows of, the newest first. Their ids are not
   * those of tasks.
   */
  readonly listDeployments: (options?: ListOptions) => Stream.Stream<JobHistory.DeploymentJob, SessionError>
  /** `listHaPairs` gives the high-availability pairs of firewalls, with the status of each member. */
  readonly listHaPairs: (options?: Pages.PageOptions) => Stream.Stream<HaStatus.HaPair, SessionError>
  /**
   * `fmcHaStatus` says how the pair is that this management centre is of, asked in this domain; `Option.none` where the
   * FMC names none, as one that stands alone does (what such a one answers is unknown: an empty list is assumed).
   */
  readonly fmcHaStatus: Effect.Effect<Option.Option<HaStatus.FmcHaStatus>, SessionError>
  /**
   * `listAuditRecords` tells who did what in the domain, the newest first.
   *
   * @example
   * const logins = branch.listAuditRecords({ subSystem: "Login" }).pipe(Stream.take(100))
   */
  readonly listAuditRecords: (
    options?: AuditRecords.AuditOptions
  ) => Stream.Stream<AuditRecords.AuditRecord, SessionError>
}

export const make = (context: DomainContext): Operations => ({
  listDeployableDevices: (options) => DeployableDevices.listDeployableDevices(context, options),
  listPendingChanges: (deviceId, options) => DeployableDevices.listPendingChanges(context, deviceId, options),
  deploy: (options) => Deploy.deploy(context, options),
  deployment: (taskId) => DeploymentTask.askTask(context, taskId),
  listDeployments: (options) => JobHistory.list(context, options),
  listHaPairs: (options) => HaStatus.listHaPairs(context, options),
  fmcHaStatus: HaStatus.askFmcHaStatus(context),
  listAuditRecords: (options) => AuditRecords.list(context, options)
})
