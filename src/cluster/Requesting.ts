import type { WorkflowEngine } from "@effect/workflow/WorkflowEngine"
import * as Effect from "effect/Effect"
import { isMasked, masked } from "../client/fields/Secrets.ts"
import type { PluginMismatch } from "../plugin/Plugin.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as OptionNames from "../validation/OptionNames.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import { checkWorkflow } from "../workflow/CheckWorkflow.ts"
import type { Workflow } from "../workflow/Definition.ts"
import { decodeInput } from "../workflow/Input.ts"
import { checkRun } from "../workflow/journal/JournalPlace.ts"
import { secretsOf } from "../workflow/KnownSecrets.ts"
import type { Parts } from "../workflow/Parts.ts"
import type { RunReport } from "../workflow/report/RunReport.ts"
import * as RunId from "../workflow/run/RunId.ts"
import { type NotBegun, workflowOf } from "./RunRequest.ts"

/** `RequestOptions` say which run it is. */
export interface RequestOptions {
  /** `run` is its id: asked for once more, it is the same run, and gives the same report. @default a new one */
  readonly run?: string | undefined
}

/**
 * `run` has some runner carry a workflow out, and waits for its report; `devices` names those in the runners' inventories.
 * Whoever waits may go away: the run goes on, and is asked for by its id.
 *
 * Fails with `NotBegun`, with `PluginMismatch`, and with `InvalidInput`, for secrets in the input, too: a database keeps it.
 *
 * @example
 * const report = yield* Cluster.run(importHosts, { fmc: "hq" }, { domain: "Global", hosts }, { run: "CHG0031337" })
 */
export const run = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: { readonly [Part in keyof P]: string },
  input: Encoded,
  options: RequestOptions = {}
): Effect.Effect<RunReport, NotBegun | InvalidInput | PluginMismatch, WorkflowEngine> =>
  Effect.gen(function* () {
    yield* OptionNames.faultOf("Cluster.run", options, ["run"]) ?? Effect.void
    yield* checkWorkflow(workflow, devices)
    yield* checkInput(workflow, input)
    const run = options.run ?? (yield* RunId.next(workflow.name))
    yield* checkRun(run)
    return yield* workflowOf(workflow).execute({ run, devices, input })
  })

/** `checkInput` takes an input without secrets. Fails with `InvalidInput`. */
const checkInput = <I, Encoded, P extends Parts, A, E>(
  { input: schema }: Workflow<I, Encoded, P, A, E>,
  input: Encoded
): Effect.Effect<void, InvalidInput> =>
  Effect.gen(function* () {
    const decoded = yield* decodeInput(schema, input)
    if (secretsOf(decoded).length === 0 && !isMasked(masked(input))) return
    yield* refuseInput(
      "input",
      "it holds a secret, and the input of a run stands in a database that all runners read; let the workflow take it from where its runner keeps it."
    )
  })
