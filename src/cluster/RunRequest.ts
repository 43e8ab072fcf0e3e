import * as EngineWorkflow from "@effect/workflow/Workflow"
import * as Schema from "effect/Schema"
import { RunReport } from "../workflow/report/RunReport.ts"

/** `RunRequest` is what a runner is told of a run: no secret is in it. */
export const RunRequest = Schema.Struct({
  /** `run` is its id, by which the engine knows it, too. */
  run: Schema.String,
  /** `devices` are the names of its devices in each runner's own inventory, by the parts that they play. */
  devices: Schema.Record({ key: Schema.String, value: Schema.String }),
  input: Schema.Unknown
})
export type RunRequest = typeof RunRequest.Type

/** `NotBegun` says why a run was not begun, or not gone on with: `tag` and `message` are those of what was wrong. */
export class NotBegun extends Schema.TaggedError<NotBegun>()("NotBegun", {
  run: Schema.String,
  tag: Schema.String,
  message: Schema.String
}) {}

/** `workflowOf` is a workflow as the engine knows it. */
export const workflowOf = ({ name }: { readonly name: string }) =>
  EngineWorkflow.make({
    name: `sallyport/${name}`,
    payload: RunRequest,
    success: RunReport,
    error: NotBegun,
    idempotencyKey: ({ run }) => run
  })
