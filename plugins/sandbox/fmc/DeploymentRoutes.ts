import type { Appliance } from "../appliance/Appliance.ts"
import { type Call, type Handler, jsonObject, type Route } from "../appliance/Call.ts"
import * as Bodies from "./Bodies.ts"
import type { Change } from "./ChangeLog.ts"
import type { Configuration } from "./Configuration.ts"
import { type Deployments, endOf, failedDevices, type Job } from "./Deployments.ts"
import type { Device } from "./Devices.ts"
import { list, refuse } from "./Replies.ts"
import { isExpanded, ok, urlOf } from "./View.ts"

/**
 * `routes` are deployable devices, their pending changes, deployment requests, their tasks, and the history of jobs.
 */
export const routes = (
  { settings }: Appliance,
  configuration: Configuration,
  devices: ReadonlyArray<Device>,
  deployments: Deployments
): ReadonlyArray<Route> => {
  /** `devicesOf` gives those of a domain, as they are at this moment. */
  const devicesOf = (uuid: string | undefined) => {
    const domain = configuration.domain(uuid)
    const jobs = deployments.jobs.filter((job) => job.domain === domain)
    return { domain, jobs, devices: devices.filter((device) => device.domain === domain) }
  }

  const shown = (call: Call, device: Device) => {
    const { domain, id, name, options } = device
    const deploying = deployments.isDeploying(device)
    const brief = {
      links: { self: urlOf(call, domain, `deployment/deployabledevices/${id}`) },
      type: "DeployableDevice",
      name,
      id
    }
    if (!isExpanded(call)) return brief
    return {
      ...brief,
      version: String(device.version),
      upToDate: device.upToDate,
      // `true` during a deployment, too (FMC OpenAPI, getDeployableDevice, its first example).
      canBeDeployed: options.canBeDeployed !== false,
      isDeploying: deploying,
      trafficInterruption: options.trafficInterruption ?? "NO",
      ...(deploying && { message: busy(device) }),
      domain: { uuid: domain.uuid, id: domain.uuid, name: domain.name, type: "Domain" },
      device: asSensor(device),
      // A pair or a cluster does not say here whom it is made of (reports of two projects).
      ...(device.members.length === 0 && { deviceMembers: [asSensor(device)] })
    }
  }

  const deployable: Handler = (call, [uuid]) => {
    const found = devicesOf(uuid).devices.filter((device) => !device.upToDate)
    return list(call, found, (device) => shown(call, device))
  }

  const pendingChanges: Handler = (call, [uuid, id]) => {
    const device = devicesOf(uuid).devices.find((candidate) => candidate.id === id)
    if (device === undefined) throw refuse(404, `The device with UUID ${id} does not exist.`)
    return list(call, device.pending, (change) => shownChange(change, settings.username))
  }

  const request: Handler = (call, [uuid]) => {
    const { domain, devices } = devicesOf(uuid)
    const { deviceList, deploymentNote, forceDeploy, ignoreWarning, type, version } =
      jsonObject(Bodies.wellFormed(call)) ?? {}
    if (type !== undefined && String(type).toLowerCase() !== "deploymentrequest") {
      throw refuse(400, "Invalid type: expected DeploymentRequest.", "VALIDATION")
    }
    // Of milliseconds, as a device's own, or of microseconds, as public clients make it of now; a number, too.
    if (!/^\d{1,16}$/.test(String(version ?? ""))) {
      throw refuse(400, "Invalid version: expected a number in text.", "VALIDATION")
    }
    if (!Array.isArray(deviceList) || deviceList.length === 0) {
      throw refuse(400, "Invalid deviceList: expected the ids of devices.", "VALIDATION")
    }
    const chosen = [...new Set(deviceList)].map((id) => {
      const device = devices.find((candidate) => candidate.id === id)
      if (device === undefined) throw refuse(400, `The device with UUID ${id} does not exist.`, "VALIDATION")
      return device
    })
    for (const device of chosen) {
      const words = whyNot(device, forceDeploy === true)
      // Seen on real devices: what a deployment's own validation refuses is a 500.
      if (words !== undefined) throw refuse(500, words, "VALIDATION")
    }
    const note = typeof deploymentNote === "string" ? deploymentNote : undefined
    const { id, name } = deployments.start(domain, chosen, Number(version), note)
    return {
      status: 202,
      body: {
        type: "DeploymentRequest",
        version: String(version),
        forceDeploy: forceDeploy === true,
        ignoreWarning: ignoreWarning === true,
        deviceList: chosen.map((device) => device.id),
        metadata: {
          task: {
            name,
            id,
            type: "TaskStatus",
            links: { self: urlOf(call, domain, `job/taskstatuses/${id}`) }
          }
        }
      }
    }
  }

  const whyNot = (device: Device, forced: boolean): string | undefined => {
    const { name, options } = device
    if (deployments.isDeploying(device)) return busy(device)
    if (options.canBeDeployed === false) return `The device ${name} cannot be deployed to.`
    if (device.upToDate && !forced) return `The device ${name} is up to date: there is nothing to deploy.`
    return undefined
  }

  const task: Handler = (call, [uuid, id]) => {
    const { domain, jobs } = devicesOf(uuid)
    if (call.query.has("offset") || call.query.has("limit")) {
      throw refuse(400, "Paging parameters are not supported here.", "VALIDATION")
    }
    const job = jobs.find((candidate) => candidate.id === id)
    if (job === undefined) throw refuse(404, `The task with id ${id} does not exist.`)
    const states = job.jobDevices.map((jobDevice) => deployments.stateOf(job, jobDevice))
    const failures = failedDevices(job).map(({ device, failure }) => `${device.name}: ${failure}`)
    return ok({
      links: { self: urlOf(call, domain, `job/taskstatuses/${job.id}`) },
      type: "TaskStatus",
      id: job.id,
      name: job.name,
      taskType: "DEVICE_DEPLOYMENT",
      status: overall(job, states),
      message: failures.length > 0 ? failures.join("\n") : `${job.name} to ${job.jobDevices.length} devices`,
      subTasks: job.jobDevices.map(({ device, ended, failure }, at) => ({
        target: { id: device.id, name: device.name, type: device.type },
        status: states[at],
        message: ended ? (failure ?? "Done") : "In progress"
      }))
    })
  }

  const histories: Handler = (call, [uuid]) => {
    const finished = devicesOf(uuid).jobs.flatMap((job) => {
      const endedAt = endOf(job)
      return endedAt === undefined ? [] : [{ job, endedAt }]
    })
    // The newest first.
    return list(call, finished.reverse(), ({ job, endedAt }) => shownJob(job, endedAt))
  }

  const shownJob = (job: Job, endedAt: number) => ({
    type: "JobHistory",
    id: job.id,
    jobName: job.name,
    jobType: "DEPLOYMENT",
    jobStatus: failedDevices(job).length > 0 ? "FAILED" : "DEPLOYED",
    user: settings.username,
    startTime: new Date(job.startedAt).toISOString(),
    endTime: new Date(endedAt).toISOString(),
    ...(job.note !== undefined && { deploymentNote: job.note }),
    // The members of a pair or a cluster, each with what it is a member of.
    deviceList: job.jobDevices.flatMap(({ device, failure }) =>
      (device.members.length > 0 ? device.members : [device]).map(({ id, name }) => ({
        deviceName: name,
        deviceUUID: id,
        ...(device.members.length > 0 && { containerUUID: device.id, containerName: device.name }),
        deploymentStatus: failure === undefined ? "SUCCEEDED" : "FAILED",
        deployedVersion: job.version
      }))
    )
  })

  const base = "^/api/fmc_config/v1/domain/([^/]+)"
  return [
    { path: new RegExp(`${base}/deployment/deployabledevices$`), verbs: { GET: deployable } },
    {
      path: new RegExp(`${base}/deployment/deployabledevices/([^/]+)/pendingchanges$`),
      verbs: { GET: pendingChanges }
    },
    { path: new RegExp(`${base}/deployment/deploymentrequests$`), verbs: { POST: request } },
    { path: new RegExp(`${base}/deployment/jobhistories$`), verbs: { GET: histories } },
    { path: new RegExp(`${base}/job/taskstatuses/([^/]+)$`), verbs: { GET: task } }
  ]
}

/** `overall` is under way as long as a device is; then one that failed tells for all. */
const overall = (job: Job, states: ReadonlyArray<string>): string | undefined => {
  const open = states.find((_, at) => job.jobDevices[at]?.ended === false)
  const failed = failedDevices(job).length > 0 ? "FAILED" : states[0]
  return open ?? failed
}

const busy = ({ name }: Device): string =>
  `Cannot deploy to the device ${name}: another deployment is in progress for it.`

const shownChange = ({ action, id, name, type }: Change, username: string) => ({
  entityUUID: id,
  entityName: name,
  entityType: type,
  action,
  lastUpdatedByUsers: [username]
})

/** `asSensor` is how a firewall is named here: by another type than elsewhere (FMC OpenAPI, getDeployableDevice). */
const asSensor = ({ id, name, type }: Device) =>
  type === "Device" ? { id, name, type: "SENSOR", keepLocalEvents: false } : { id, name, type }
