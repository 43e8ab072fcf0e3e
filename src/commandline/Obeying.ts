import * as Effect from "effect/Effect"
import * as TokenStore from "../auth/TokenStore.ts"
import { exitCodes } from "../process/ExitCodes.ts"
import type { Parts } from "../workflow/Parts.ts"
import type { Call } from "./Call.ts"
import { checkOptions } from "./CommandLineOptions.ts"
import * as Commands from "./Commands.ts"
import type { CommandName } from "./CommandTable.ts"
import * as FleetCommands from "./FleetCommands.ts"
import * as FleetFlags from "./FleetFlags.ts"
import * as PlanCommands from "./PlanCommands.ts"
import { runs } from "./RunsCommand.ts"
import * as WhoseId from "./WhoseId.ts"

/** `Obeyed` are the commands that do something: help and completion, which are to come at once, load none of them. */
type Obeyed = Exclude<CommandName, "completion">

/** `obeying` does what a command says, and gives the exit code. Fails as what it does, and with `WrongUsage`. */
export const obeying = <I, Encoded, P extends Parts, A, E>(
  command: Obeyed,
  call: Call<I, Encoded, P, A, E>
) =>
  Effect.gen(function* () {
    const { options } = call
    yield* checkOptions(options)
    const { tokenStore = TokenStore.memory } = options
    return yield* Effect.provideService(obey(command, call), TokenStore.TokenStore, tokenStore)
  })

const obey = <I, Encoded, P extends Parts, A, E>(command: Obeyed, call: Call<I, Encoded, P, A, E>) =>
  Effect.gen(function* () {
    const { caller, given, options, workflow } = call
    yield* FleetFlags.check(given, workflow.devices)
    const ofFleet = FleetFlags.isFleet(given, workflow.devices)
    switch (command) {
      case "plan":
        return yield* PlanCommands.planning(call)
      case "drift":
        return yield* PlanCommands.drifting(call)
      case "run":
        return yield* ofFleet ? FleetCommands.running(call) : Commands.running(call)
      case "resume":
      case "undo": {
        // One run of a fleet is known by an id of its own.
        const ofRun = ofFleet ? yield* WhoseId.withDeviceOf(call) : call
        if (ofRun === undefined)
          return yield* command === "undo" ? FleetCommands.undoing(call) : FleetCommands.resuming(call)
        return yield* command === "undo" ? Commands.undoing(ofRun) : Commands.resuming(ofRun)
      }
      case "runs":
        yield* runs(given, caller, { folder: options.folder, script: caller.script })
        return exitCodes.done
    }
  })
