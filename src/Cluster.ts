// Workflows beyond one machine.

export { client, oneRunner, type RunnerOptions, runner, type Sharding } from "./cluster/Engine.ts"
export {
  type FleetByRunnersOptions,
  type FleetResumeOptions,
  fleet,
  resumeFleet
} from "./cluster/FleetByRunners.ts"
export { type JournalsOptions, journals } from "./cluster/Journals.ts"
export { type RequestOptions, run } from "./cluster/Requesting.ts"
export { NotBegun } from "./cluster/RunRequest.ts"
export { type ServeOptions, serve } from "./cluster/Serving.ts"
