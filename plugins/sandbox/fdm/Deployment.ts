import { randomUUID } from "node:crypto"
import type { Appliance } from "../appliance/Appliance.ts"
import type { Call, Route } from "../appliance/Call.ts"
import type { Changes } from "./Changes.ts"
import type { Jobs } from "./Jobs.ts"
import { list } from "./Query.ts"
import { linksTo, refuse } from "./Replies.ts"

interface Job {
  readonly id: string
  /** `historyId` is that of its entry among the jobs of the device. */
  readonly historyId: string
  readonly queuedAt: number
  /** `upTo` is the newest change that it brings to the device. */
  readonly upTo: number
  readonly outcome: string
  /** `message` says why it fails, where it does. */
  readonly message: string | undefined
  /** `endsAt` is `Infinity` while it hangs. */
  endsAt: number
}

export interface Deployment {
  readonly routes: ReadonlyArray<Route>
  /** `history` are the jobs of the deployments. */
  readonly history: Jobs
  /** `fail` lets the next deployment end as DEPLOY_FAILED, with these words. */
  readonly fail: (words: string) => void
  /** `hang` lets the next deployment not end before its release. */
  readonly hang: () => void
  readonly release: () => void
  /** `settle` takes what deployments have brought to the device by now off the pending changes. */
  readonly settle: () => void
}

/**
 * `make` makes `/operational/deploy`: one at a time. QUEUED for the first quarter of its time, then DEPLOYING, then as
 * the options say; with no time at all it is done at the first look. One that fails leaves its changes pending.
 */
export const make = (appliance: Appliance, changes: Changes): Deployment => {
  const { settings, now } = appliance
  const jobs: Array<Job> = []
  let unsettled: Job | undefined
  let failure: string | undefined
  let hangs = false

  const isOver = (job: Job) => now() >= job.endsAt
  const stateOf = (job: Job): string => {
    if (isOver(job)) return job.outcome
    return now() < job.queuedAt + settings.deployTime / 4 ? "QUEUED" : "DEPLOYING"
  }

  const start = (): Job => {
    const usual = settings.fdmDeployment
    const queuedAt = now()
    const job = {
      id: randomUUID(),
      historyId: randomUUID(),
      queuedAt,
      upTo: changes.newest,
      outcome: failure === undefined ? usual : "DEPLOY_FAILED",
      message: failure ?? (usual === "DEPLOYED" ? undefined : "The sandbox was told to let it fail."),
      endsAt: hangs ? Number.POSITIVE_INFINITY : queuedAt + settings.deployTime
    }
    failure = undefined
    return job
  }

  const settle = () => {
    if (unsettled === undefined || !isOver(unsettled)) return
    if (unsettled.outcome === "DEPLOYED") changes.deployed(unsettled.upTo)
    unsettled = undefined
  }

  const shown = (call: Call, job: Job, state: string) => {
    const over = state === job.outcome
    const words = over ? (job.message ?? null) : null
    return {
      statusMessage: words,
      cliErrorMessage: words,
      state,
      queuedTime: job.queuedAt,
      startTime: state === "QUEUED" ? -1 : job.queuedAt + settings.deployTime / 4,
      endTime: over ? job.endsAt : -1,
      statusMessages: [],
      id: job.id,
      name: `User (${settings.username}) Triggered Deployment`,
      modifiedObjects: {},
      type: "deploymentstatus",
      links: linksTo(call, `/operational/deploy/${job.id}`)
    }
  }

  const routes: ReadonlyArray<Route> = [
    {
      path: /^\/api\/fdm\/[^/]+\/operational\/deploy$/,
      verbs: {
        GET: (call) =>
          list(
            call,
            jobs.map((job) => shown(call, job, stateOf(job)))
          ),
        POST: (call) => {
          settle()
          if (unsettled !== undefined) {
            throw refuse(422, "Failed to schedule deployment job", { key: "Deployment" })
          }
          const job = start()
          jobs.push(job)
          unsettled = job
          return { status: 200, body: shown(call, job, "QUEUED") }
        }
      }
    },
    {
      path: /^\/api\/fdm\/[^/]+\/operational\/deploy\/([^/]+)$/,
      verbs: {
        GET: (call, [id]) => {
          const job = jobs.find((candidate) => candidate.id === id)
          if (job === undefined) throw refuse(404, "The deployment does not exist.")
          return { status: 200, body: shown(call, job, stateOf(job)) }
        }
      }
    }
  ]
  const history: Jobs = (call) =>
    jobs.map((job) => {
      const [state, id] = [stateOf(job), job.historyId]
      const over = isOver(job)
      return {
        version: id,
        jobName: "Deployment",
        jobDescription: null,
        user: settings.username,
        startDateTime: new Date(job.queuedAt).toISOString(),
        endDateTime: over ? new Date(job.endsAt).toISOString() : null,
        status: over
          ? state === "DEPLOYED"
            ? "SUCCESS"
            : "FAILED"
          : state === "QUEUED"
            ? state
            : "IN_PROGRESS",
        statusMessage: over ? (job.message ?? null) : null,
        scheduleUuid: null,
        deploymentStatusUuid: job.id,
        id,
        type: "jobhistorydeployment",
        links: linksTo(call, `/jobs/deployments/${id}`)
      }
    })

  return {
    routes,
    history,
    settle,
    fail: (words) => {
      failure = words
    },
    hang: () => {
      hangs = true
    },
    release: () => {
      hangs = false
      for (const job of jobs) if (!isOver(job)) job.endsAt = now()
    }
  }
}
