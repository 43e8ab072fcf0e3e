import type { Settings } from "../appliance/Options.ts"
import type { Device } from "./Devices.ts"
import type { Domain } from "./Domains.ts"

/** `JobDevice` is what a deployment does to one of its devices. */
export interface JobDevice {
  readonly device: Device
  /** `failure` says why it fails, where it was told to. */
  readonly failure: string | undefined
  /** `version` is what the device has at the end. */
  readonly version: number
  /** `endsAt` is `Infinity` while it hangs. */
  endsAt: number
  ended: boolean
}

/** `Job` is a deployment, from its request on. */
export interface Job {
  readonly id: string
  readonly name: string
  readonly domain: Domain
  readonly version: number
  readonly note: string | undefined
  readonly startedAt: number
  readonly jobDevices: ReadonlyArray<JobDevice>
}

/**
 * `Deployments` are the deployments of every domain. They go on by the sandbox's clock, whether or not somebody looks.
 */
export interface Deployments {
  /** `fail` lets the next deployment of this device end `FAILED`. */
  readonly fail: (name: string, message: string) => void
  /** `hang` lets the next deployment of this device not end before its release. */
  readonly hang: (name: string) => void
  readonly release: (name: string) => void
  readonly start: (
    domain: Domain,
    devices: ReadonlyArray<Device>,
    version: number,
    note: string | undefined
  ) => Job
  /** `jobs` are the jobs as they are now, the oldest first. */
  readonly jobs: ReadonlyArray<Job>
  readonly isDeploying: (device: Device) => boolean
  /** `stateOf` gives PENDING, RUNNING and DEPLOYING, each for a part of the time; then the end. */
  readonly stateOf: (job: Job, jobDevice: JobDevice) => string
}

export const make = (settings: Settings, now: () => number, units: ReadonlyArray<Device>): Deployments => {
  const begun: Array<Job> = []
  const failures = new Map<string, string>()
  const hangs = new Set<string>()

  const fail = (name: string, message: string): void => {
    failures.set(unitName(name), message)
  }

  const hang = (name: string): void => {
    hangs.add(unitName(name))
  }

  const release = (name: string): void => {
    const known = unitName(name)
    hangs.delete(known)
    const jobDevices = jobs().flatMap((job) => job.jobDevices)
    for (const jobDevice of jobDevices)
      if (jobDevice.device.name === known && jobDevice.endsAt === Infinity) jobDevice.endsAt = now()
  }

  const start = (
    domain: Domain,
    devices: ReadonlyArray<Device>,
    version: number,
    note: string | undefined
  ): Job => {
    const number = begun.length + 1
    const startedAt = now()
    const jobDevices = devices.map((device) => {
      const { name } = device
      const failure = failures.get(name)
      failures.delete(name)
      const endsAt = hangs.delete(name) ? Infinity : startedAt + settings.deployTime
      // A request's version may be older, or the time of now: the device gets what there is (seen on a real FMC).
      return { device, failure, version: device.version, endsAt, ended: false }
    })
    // As on devices: a task's id is a number in text.
    const id = String(8_589_934_592 + number)
    const job = { id, name: `Deploy_Job_${number}`, domain, version, note, startedAt, jobDevices }
    begun.push(job)
    return job
  }

  const jobs = (): ReadonlyArray<Job> => {
    const present = now()
    for (const job of begun) {
      for (const jobDevice of job.jobDevices) {
        if (jobDevice.ended || present < jobDevice.endsAt) continue
        jobDevice.ended = true
        if (jobDevice.failure === undefined) jobDevice.device.got(jobDevice.version)
      }
    }
    return begun
  }

  const isDeploying = (device: Device): boolean =>
    jobs().some(({ jobDevices }) =>
      jobDevices.some((jobDevice) => jobDevice.device === device && !jobDevice.ended)
    )

  const stateOf = (job: Job, jobDevice: JobDevice): string => {
    if (jobDevice.ended) return jobDevice.failure === undefined ? settings.deployedState : "FAILED"
    const part = (now() - job.startedAt) / settings.deployTime
    if (part < 0.25) return "PENDING"
    return part < 0.5 ? "RUNNING" : settings.deployingState
  }

  /** `unitName` is the name of what is deployed to: a member stands for its pair or cluster. */
  const unitName = (name: string): string => {
    const unit = units.find((unit) => [unit, ...unit.members].some((one) => one.name === name))
    if (unit !== undefined) return unit.name
    const known = units.map((unit) => unit.name).join(", ")
    throw new Error(`The sandbox has no device ${name}, but ${known || "none"}.`)
  }

  return {
    fail,
    hang,
    release,
    start,
    isDeploying,
    stateOf,
    get jobs() {
      return jobs()
    }
  }
}

/** `endOf` is when all its devices were done, `undefined` before that. */
export const endOf = ({ jobDevices }: Job): number | undefined =>
  jobDevices.every((jobDevice) => jobDevice.ended)
    ? Math.max(...jobDevices.map((jobDevice) => jobDevice.endsAt))
    : undefined

export const failedDevices = ({ jobDevices }: Job): ReadonlyArray<JobDevice> =>
  jobDevices.filter((jobDevice) => jobDevice.ended && jobDevice.failure !== undefined)
