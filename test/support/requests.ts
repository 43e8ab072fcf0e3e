import { expect } from "@effect/vitest"
import type * as Sandbox from "sallyport/sandbox"

/** What a workflow costs a device: every request that reaches it, also those that it refuses. */
export interface Requests {
  readonly logins: number
  readonly refreshes?: number | undefined
  readonly reads: number
  readonly writes: number
  readonly logouts: number
}

const session = { logins: 1, logouts: 1 }
/** A command line has a session for its plan, and one for its run. */
const planned = { logins: 2, logouts: 2 }

/** By workflow; the table in examples/README.md says the same. Each number has its reason in the test that asserts it. */
export const expected = {
  "import-hosts": { ...planned, reads: 2, writes: 2 },
  "import-hosts, again": { ...planned, reads: 4, writes: 0 },
  "block-list": { ...planned, reads: 8, writes: 1 },
  "block-list, again": { ...planned, reads: 6, writes: 0 },
  "export-rules": { ...session, refreshes: 1, reads: 8, writes: 0 },
  "copy-policy": { ...planned, reads: 60, writes: 13 },
  "copy-policy, again": { ...planned, reads: 16, writes: 0 },
  deploy: { ...planned, reads: 12, writes: 1 },
  "deploy, again": { ...planned, reads: 4, writes: 0 },
  "ha-status": { logins: 2, reads: 5, writes: 0, logouts: 2 },
  backup: { ...session, reads: 5, writes: 1 },
  "rotate-password": { logins: 3, reads: 4, writes: 1, logouts: 3 },
  "rotate-password, again": { logins: 1, reads: 1, writes: 0, logouts: 0 },
  "monitoring-token": { logins: 1, refreshes: 1, reads: 5, writes: 1, logouts: 2 },
  "deployment-audit": { ...session, reads: 2, writes: 0 }
} satisfies Record<string, Requests>

export type Workflow = keyof typeof expected

/** What the sandbox was asked, from the request of this index on. */
export const since = ({ ledger }: Sandbox.Sandbox, first = 0): Requests => {
  const requests = ledger.requests.slice(first)
  const of = (kind: Sandbox.RequestRecord["kind"]) => requests.filter((request) => request.kind === kind)
  const reads = of("call").filter(({ method }) => method === "GET").length
  return {
    logins: of("login").length,
    refreshes: of("refresh").length,
    reads,
    // A custom token is made, as an object is.
    writes: of("call").length - reads + of("custom-token").length,
    logouts: of("revoke").length
  }
}

/** Prints what a workflow has cost, and holds it to the table: what the sandbox was asked from this index on. */
export const account = (workflow: Workflow, sandbox: Sandbox.Sandbox, first = 0): void => {
  const requests = since(sandbox, first)
  console.log(line(workflow, requests))
  expect(requests).toEqual({ refreshes: 0, ...expected[workflow] })
}

/** `requests: import-hosts: logins 1, reads 1, writes 2, logouts 1`; refreshes are named where there are any. */
const line = (workflow: string, { logins, logouts, reads, refreshes = 0, writes }: Requests): string => {
  const renewed = refreshes === 0 ? "" : `refreshes ${refreshes}, `
  return `requests: ${workflow}: logins ${logins}, ${renewed}reads ${reads}, writes ${writes}, logouts ${logouts}`
}
