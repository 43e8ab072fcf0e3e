import type { Fleet, Workflow } from "sallyport"

/** A name as somebody might give it to an object who wants to be seen. */
export const hostile = `<img src=x onerror="document.title='broken into'">'\`</script><script>alert(1)</script>\u202Etxt`

/** A change that a run has made. */
export const hostChange = (change: Partial<Workflow.ChangeReport> = {}): Workflow.ChangeReport => ({
  device: "hq.example",
  step: "hosts",
  action: "create",
  kind: "Host",
  path: "/api/fmc_config/v1/domain/1/object/hosts",
  name: "web-1",
  id: "host-1",
  fields: [{ field: "value", after: "192.0.2.7" }],
  state: "done",
  ...change
})

/** A run that is over. */
export const runReport = (report: Partial<Workflow.RunReport> = {}): Workflow.RunReport => ({
  version: 1,
  run: "20261129T013000Z-import-hosts-3f9a1c",
  workflow: "import-hosts",
  outcome: "done",
  errors: [],
  steps: [{ step: "hosts", state: "done", startedAt: "2026-11-29T01:30:01.000Z", millis: 8120 }],
  changes: [hostChange()],
  unchanged: 1199,
  notes: [{ step: "hosts", text: "1200 rows read" }],
  devices: [{ part: "fmc", name: "hq.example", origin: "https://hq.example", requests: 44, writes: 12 }],
  startedAt: "2026-11-29T01:30:00.000Z",
  endedAt: "2026-11-29T01:30:31.000Z",
  journal: "/home/ops/.local/state/sallyport/runs/20261129T013000Z-import-hosts-3f9a1c.jsonl",
  ...report
})

/** A fleet that is over: each of these states of a device in turn. */
export const fleetReport = (count: number, name = (at: number) => `branch-${at}`): Fleet.FleetReport => {
  const failed = { tag: "DeviceRefused", message: "POST /hosts: 400: no room.\nMake some." }
  const devices = Array.from({ length: count }, (_, at): Fleet.DeviceRun => {
    const device = name(at)
    const facts = { device, wave: at === 0 ? 1 : 2, run: `run-${at}` }
    const change = hostChange({ device })
    switch (at % 10) {
      case 1: {
        const changes = [
          change,
          hostChange({ device, name: "left-behind", state: "left", why: "Somebody has changed it." })
        ]
        const undo = { state: "incomplete" as const, left: 1 }
        const report = runReport({ run: facts.run, outcome: "failed", errors: [failed], changes, undo })
        return { ...facts, outcome: "failed", state: "left", errors: [failed], report }
      }
      case 2: {
        const undo = { state: "done" as const, left: 0 }
        const changes = [{ ...change, state: "undone" as const }]
        const report = runReport({ run: facts.run, outcome: "failed", errors: [failed], changes, undo })
        return { ...facts, outcome: "failed", state: "undone", errors: [failed], report }
      }
      case 3:
        return { device, wave: 3, outcome: "notReached", state: "untouched", errors: [] }
      default:
        return {
          ...facts,
          outcome: "done",
          state: "done",
          errors: [],
          report: runReport({ run: facts.run, changes: [change] })
        }
    }
  })
  return {
    version: 1,
    fleet: "20261129T013000Z-import-hosts-1a2b3c",
    workflow: "import-hosts",
    outcome: "stopped",
    stop: { why: "wave", failed: 2 },
    errors: [],
    waves: [1, count - 1],
    hasCanary: true,
    devices,
    leftOut: [{ name: "hq-fdm", kind: "fdm" }],
    startedAt: "2026-11-29T01:30:00.000Z",
    endedAt: "2026-11-29T01:40:00.000Z",
    journal: "/home/ops/fleets/1a2b3c.jsonl"
  }
}
