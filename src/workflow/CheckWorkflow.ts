import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { checkPlugin } from "../plugin/CheckPlugin.ts"
import type { PluginMismatch } from "../plugin/Plugin.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import { refuseInput } from "../validation/RefuseInput.ts"
import { leaveOut, unknownIn } from "../validation/Spelling.ts"

/**
 * `checkWorkflow` takes a workflow, and devices for none but its parts. The types say so too; a script in JavaScript has
 * none. Fails with `InvalidInput`, and with `PluginMismatch`.
 */
export const checkWorkflow = (
  workflow: unknown,
  devices: unknown
): Effect.Effect<void, InvalidInput | PluginMismatch> =>
  Effect.gen(function* () {
    if (!Predicate.isReadonlyRecord(workflow)) {
      return yield* noWorkflow
    }
    const { input, run } = workflow
    if (!Schema.isSchema(input)) {
      return yield* refuseInput(
        "workflow.input",
        "this is no Schema; give one such as Schema.Struct({ name: Schema.String })."
      )
    }
    if (!Predicate.isFunction(run)) {
      return yield* refuseInput("workflow.run", "this is no function; give one of the clients and the input.")
    }
    yield* checkParts(workflow, devices)
  })

const noWorkflow = Effect.suspend(() =>
  refuseInput("workflow", "this is no workflow; give what Workflow.make or Workflow.promise gives.")
)

/** `checkParts` takes parts, and devices for none but them. Fails as `checkWorkflow` does. */
export const checkParts = (
  workflow: unknown,
  devices: unknown
): Effect.Effect<void, InvalidInput | PluginMismatch> =>
  Effect.gen(function* () {
    if (!Predicate.isReadonlyRecord(workflow)) return yield* noWorkflow
    const { devices: parts } = workflow
    if (!Predicate.isReadonlyRecord(parts)) {
      return yield* refuseInput(
        "workflow.devices",
        "these are no parts; give plugins by the parts that they play, as in { fmc: Fmc.plugin }."
      )
    }
    yield* Effect.forEach(Object.entries(parts), ([part, plugin]) =>
      checkPlugin(`workflow.devices.${part}`, plugin)
    )
    const names = Object.keys(parts)
    const part = Predicate.isReadonlyRecord(devices) ? unknownIn(devices, names) : undefined
    if (part !== undefined)
      return yield* refuseInput(part, `the workflow has no such part; ${leaveOut(part, names)}`)
  })

/** `checkScript` takes what the function of a workflow gives. Fails with `InvalidInput` for what is no Effect. */
export const checkScript = <A, E, R>(
  script: Effect.Effect<A, E, R>
): Effect.Effect<A, E | InvalidInput, R> =>
  Effect.isEffect(script)
    ? script
    : refuseInput(
        "workflow.run",
        "it gives no Effect; give one, or define the workflow by Workflow.promise, whose function awaits."
      )
