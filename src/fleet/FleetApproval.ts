import type * as Effect from "effect/Effect"
import type { GuardRefused } from "../workflow/guards/GuardRefused.ts"
import * as TerminalApproval from "../workflow/guards/TerminalApproval.ts"
import type { FleetPlan } from "./FleetPlan.ts"
import { fleetPlanText } from "./FleetPlanText.ts"

/**
 * `askOnTerminal` shows the plan of a fleet to whoever sits before the terminal, and asks, as `Workflow.askOnTerminal` does
 * for a run. Fails with `GuardRefused`, without asking, where nobody can be there.
 *
 * @example
 * yield* Fleet.run(addHost, inventory, input, { approve: Fleet.askOnTerminal })
 */
export const askOnTerminal = (plan: FleetPlan): Effect.Effect<boolean, GuardRefused> =>
  TerminalApproval.askAbout(TerminalApproval.ownTerminal(), (colors) => fleetPlanText(plan, { colors }))
