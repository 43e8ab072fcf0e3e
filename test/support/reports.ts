import type { Workflow } from "sallyport"

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
