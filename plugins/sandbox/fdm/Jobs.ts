import type { Call, Route } from "../appliance/Call.ts"
import { list } from "./Query.ts"
import { absent, linksTo } from "./Replies.ts"

/** `Jobs` gives what the device has done and is at, as it looks to a call. */
export type Jobs = (call: Call) => ReadonlyArray<Job>

interface Job {
  readonly id: string
  readonly archiveName?: string | null
  readonly deploymentStatusUuid?: string
}

/** `routes` are those of `/jobs`, all of them, and of `/jobs/deployments`; those of backups stand in `Backups`. */
export const routes = (deployments: Jobs, backups: Jobs): ReadonlyArray<Route> => {
  // With what all jobs have (FDM OpenAPI, JobHistoryEntity).
  const both: Jobs = (call) =>
    [...deployments(call), ...backups(call)].map(
      ({ archiveName: _archive, deploymentStatusUuid: _status, ...job }) => ({
        ...job,
        type: "jobhistoryentity",
        links: linksTo(call, `/jobs/${job.id}`)
      })
    )
  return [...routesOf("jobs/deployments", deployments), ...routesOf("jobs", both)]
}

const routesOf = (path: string, jobs: Jobs): ReadonlyArray<Route> => [
  { path: new RegExp(`^/api/fdm/[^/]+/${path}$`), verbs: { GET: (call) => list(call, jobs(call)) } },
  {
    path: new RegExp(`^/api/fdm/[^/]+/${path}/([^/]+)$`),
    verbs: {
      GET: (call, [id]) => {
        const job = jobs(call).find((one) => one.id === id)
        if (job === undefined) throw absent(call)
        return { status: 200, body: job }
      }
    }
  }
]
