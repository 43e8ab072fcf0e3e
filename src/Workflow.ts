// Workflows, as scripts write and plan them.

export { planHtml } from "./html/PlanPage.ts"
export { runHtml } from "./html/RunPage.ts"
export type { PromisedOptions } from "./promises/Awaited.ts"
export type { Happened, PromiseChange } from "./promises/PromiseChange.ts"
export {
  type PromisedRun,
  planPromise,
  resumePromise,
  runPromise,
  undoPromise
} from "./promises/Promised.ts"
export type { PromiseJob } from "./promises/PromiseJob.ts"
export type { PromiseTools } from "./promises/PromiseTools.ts"
export { type PromiseWorkflow, promise } from "./promises/PromiseWorkflow.ts"
export { type CustomChange, change } from "./workflow/CustomChange.ts"
export { make, type Workflow } from "./workflow/Definition.ts"
export { DeviceHeld } from "./workflow/DeviceHold.ts"
export { type AsPlannedOptions, asPlanned } from "./workflow/guards/AsPlanned.ts"
export type { ChangeWindow } from "./workflow/guards/ChangeWindow.ts"
export type { Guards } from "./workflow/guards/Guards.ts"
export { askOnTerminal } from "./workflow/guards/TerminalApproval.ts"
export { type Job, JobFailed, JobUnfinished, job } from "./workflow/Job.ts"
export { JournalFailed } from "./workflow/journal/JournalFailed.ts"
export { RunHeld } from "./workflow/journal/RunHeld.ts"
export type { Clients, PartDevice, PartDevices, Parts } from "./workflow/Parts.ts"
export { Plan, type PlanEnd, type PlannedChange } from "./workflow/plan/Plan.ts"
export { planMarkdown } from "./workflow/plan/PlanMarkdown.ts"
export { plan } from "./workflow/plan/Planning.ts"
export { type PlanTextOptions, planText } from "./workflow/plan/PlanText.ts"
export type { UnchangedObject } from "./workflow/plan/Unchanged.ts"
export { runMarkdown } from "./workflow/report/RunMarkdown.ts"
export {
  ChangeReport,
  type ChangeState,
  type DeviceReport,
  type RunError,
  RunReport,
  type StepReport,
  type UndoReport
} from "./workflow/report/RunReport.ts"
export { type RunTextOptions, runText } from "./workflow/report/RunText.ts"
export type { ReportOptions } from "./workflow/report/RunWords.ts"
export { RunEvent } from "./workflow/run/account/RunEvent.ts"
export { tellOnTerminal } from "./workflow/run/account/TerminalProgress.ts"
export { recorded, reportOf } from "./workflow/run/Records.ts"
export type { Ran } from "./workflow/run/Run.ts"
export { RunFailed, resultOf } from "./workflow/run/RunFailed.ts"
export { type ResumeOptions, type RunFault, resume, run } from "./workflow/run/Running.ts"
export type { RunOptions } from "./workflow/run/RunOptions.ts"
export { RunOver } from "./workflow/run/RunOver.ts"
export { undo } from "./workflow/run/undo/UndoRun.ts"
export { note, step, unplanned } from "./workflow/Step.ts"
export type { UndoOptions } from "./workflow/undo/UndoOptions.ts"
