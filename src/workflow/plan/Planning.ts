import * as Effect from "effect/Effect"
import type { AuthError } from "../../auth/AuthError.ts"
import * as WriteGate from "../../auth/WriteGate.ts"
import { Changes } from "../../client/changes/Change.ts"
import type { PluginMismatch } from "../../plugin/Plugin.ts"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import { redactedSpan } from "../../transport/RedactedSpan.ts"
import { raceFirst } from "../AwaitedRace.ts"
import { checkScript, checkWorkflow } from "../CheckWorkflow.ts"
import type { Workflow } from "../Definition.ts"
import { decodeInput } from "../Input.ts"
import { secretsOf, withoutSecrets } from "../KnownSecrets.ts"
import { openParts, type PartDevices, type Parts, resolveParts } from "../Parts.ts"
import { Narration } from "../Step.ts"
import * as Plan from "./Plan.ts"
import * as PlanRecorder from "./PlanRecorder.ts"

/**
 * `plan` gives what a workflow would do to its devices, and changes nothing on them: it runs the workflow with sessions
 * of its own, reads go to the devices, and each write is taken down in place of being sent. What would write in another
 * way than by a verb that describes its change is refused, whatever it is sent by, and the plan ends there: it is not
 * `complete` then, and says where and why. What a script does beside, such as writing files, is done.
 *
 * Fails as the workflow does, with `InvalidInput` for its input or a device's configuration, with `PluginMismatch`, and as
 * sessions do.
 *
 * @example
 * const plan = yield* Workflow.plan(importHosts, { fmc: "FMC" }, { domain: "Global", hosts })
 * console.log(Workflow.planText(plan))
 */
export const plan = <I, Encoded, P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>,
  devices: PartDevices<P>,
  input: Encoded
): Effect.Effect<Plan.Plan, E | AuthError | InvalidInput | PluginMismatch> =>
  Effect.gen(function* () {
    yield* checkWorkflow(workflow, devices)
    yield* Effect.annotateCurrentSpan("workflow", workflow.name)
    const decoded = yield* decodeInput(workflow.input, input)
    const planning = yield* PlanRecorder.make
    const script = Effect.flatMap(resolveParts(workflow.devices, devices), (parts) =>
      openParts<P>(parts)
    ).pipe(
      Effect.flatMap((clients) => checkScript(workflow.run(clients, decoded))),
      Effect.provideService(Changes, planning.recorder),
      Effect.provideService(Narration, planning.narrator),
      Effect.scoped
    )
    // Where the plan has ended, what becomes of the script tells nothing.
    const untilItEnds = script.pipe(
      Effect.asVoid,
      Effect.catchAllCause((cause) => (planning.isOver() ? Effect.void : Effect.failCause(cause))),
      raceFirst(planning.ended)
    )
    yield* WriteGate.withProcessGate(planning.gate, WriteGate.withGate(planning.gate, untilItEnds))
    const { hash: _hash, version: _version, ...facts } = planning.plan(workflow.name)
    return Plan.make(withoutSecrets(facts, secretsOf(decoded)))
  }).pipe(redactedSpan("sallyport.plan", {}))
