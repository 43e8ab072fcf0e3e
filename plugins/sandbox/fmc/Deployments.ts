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
  /** `Infinity` while it hangs. */
  endsAt: number
  ended: boolean
}

/** A deployment, from its request on. */
export interface Job {
  readonly id: string
  readonly name: string
  readonly domain: Domain
  readonly version: number
  readonly note: string | undefined
  readonly startedAt: number
  readonly jobDevices: ReadonlyArray<JobDevice>
}

/** The deployments of every domain. They go on by the sandbox's clock, whether or not somebody looks. */
export class Deployments {
  readonly #settings: Settings
  readonly #now: () => number
  readonly #units: ReadonlyArray<Device>
  readonly #jobs: Array<Job> = []
  readonly #failures = new Map<string, string>()
  readonly #hangs = new Set<string>()

  constructor(settings: Settings, now: () => number, units: ReadonlyArray<Device>) {
    this.#settings = settings
    this.#now = now
    this.#units = units
  }

  /** The next deployment of this device ends `FAILED`. */
  fail(name: string, message: string): void {
    this.#failures.set(this.#known(name), message)
  }

  /** The next deployment of this device does not end before its release. */
  hang(name: string): void {
    this.#hangs.add(this.#known(name))
  }

  release(name: string): void {
    const known = this.#known(name)
    this.#hangs.delete(known)
    const jobDevices = this.jobs.flatMap((job) => job.jobDevices)
    for (const jobDevice of jobDevices)
      if (jobDevice.device.name === known && jobDevice.endsAt === Infinity) jobDevice.endsAt = this.#now()
  }

  start(domain: Domain, devices: ReadonlyArray<Device>, version: number, note: string | undefined): Job {
    const number = this.#jobs.length + 1
    const startedAt = this.#now()
    const jobDevices = devices.map((device) => {
      const { name } = device
      const failure = this.#failures.get(name)
      this.#failures.delete(name)
      const endsAt = this.#hangs.delete(name) ? Infinity : startedAt + this.#settings.deployTime
      // A request's version may be older, or the time of now: the device gets what there is (seen on a real FMC).
      return { device, failure, version: device.version, endsAt, ended: false }
    })
    // As on devices: a task's id is a number in text.
    const id = String(8_589_934_592 + number)
    const job = { id, name: `Deploy_Job_${number}`, domain, version, note, startedAt, jobDevices }
    this.#jobs.push(job)
    return job
  }

  /** The jobs as they are now, the oldest first. */
  get jobs(): ReadonlyArray<Job> {
    const now = this.#now()
    for (const job of this.#jobs) {
      for (const jobDevice of job.jobDevices) {
        if (jobDevice.ended || now < jobDevice.endsAt) continue
        jobDevice.ended = true
        if (jobDevice.failure === undefined) jobDevice.device.got(jobDevice.version)
      }
    }
    return this.#jobs
  }

  isDeploying(device: Device): boolean {
    return this.jobs.some(({ jobDevices }) =>
      jobDevices.some((jobDevice) => jobDevice.device === device && !jobDevice.ended)
    )
  }

  /** PENDING, RUNNING and DEPLOYING, each for a part of the time; then the end. */
  stateOf(job: Job, jobDevice: JobDevice): string {
    if (jobDevice.ended) return jobDevice.failure === undefined ? this.#settings.deployedState : "FAILED"
    const part = (this.#now() - job.startedAt) / this.#settings.deployTime
    if (part < 0.25) return "PENDING"
    return part < 0.5 ? "RUNNING" : this.#settings.deployingState
  }

  /** The name of what is deployed to: a member stands for its pair or cluster. */
  #known(name: string): string {
    const unit = this.#units.find((unit) => [unit, ...unit.members].some((one) => one.name === name))
    if (unit !== undefined) return unit.name
    const known = this.#units.map((unit) => unit.name).join(", ")
    throw new Error(`The sandbox has no device ${name}, but ${known || "none"}.`)
  }
}

/** `endOf` is when all its devices were done, `undefined` before that. */
export const endOf = ({ jobDevices }: Job): number | undefined =>
  jobDevices.every((jobDevice) => jobDevice.ended)
    ? Math.max(...jobDevices.map((jobDevice) => jobDevice.endsAt))
    : undefined

export const failedDevices = ({ jobDevices }: Job): ReadonlyArray<JobDevice> =>
  jobDevices.filter((jobDevice) => jobDevice.ended && jobDevice.failure !== undefined)
