import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as ErrorAccount from "../errors/ErrorAccount.ts"
import type { Plan } from "../plan/Plan.ts"
import { printable } from "../plan/PlanWords.ts"
import { answerOf } from "../ScriptAnswer.ts"
import { GuardRefused } from "./GuardRefused.ts"

/** `Approve` says whether a run may do what a plan says. */
export type Approve<P = Plan> = (plan: P) => boolean | PromiseLike<boolean> | Effect.Effect<boolean, unknown>

/**
 * `approved` asks for the approval of a plan. Fails with `GuardRefused` for anything but `true`, and where there is no
 * answer. One that never comes can be interrupted.
 */
export const approved = <P extends { readonly hash: string }>(
  approve: Approve<P>,
  plan: P
): Effect.Effect<void, GuardRefused> =>
  Effect.suspend(() => answerOf(approve(plan))).pipe(
    Effect.catchAllCause((cause) => (Cause.isInterruptedOnly(cause) ? Effect.interrupt : refuseBy(cause))),
    Effect.flatMap((answer) => {
      if (answer === true) return Effect.void
      return answer === false
        ? refuse(`The plan ${plan.hash.slice(0, 12)} was not approved, and nothing was written.`)
        : refuse(
            `The function approve gave ${answer === null ? "null" : `a value of type ${typeof answer}`}, and nothing was written; let it give true or false.`
          )
    })
  )

const refuseBy = (cause: Cause.Cause<unknown>): Effect.Effect<never, GuardRefused> => {
  const own = Cause.squash(cause)
  if (own instanceof GuardRefused) return Effect.fail(own)
  const lines = ErrorAccount.accountsOf(cause).map(({ line }) => printable(line))
  return refuse(`The function approve failed, and nothing was written: ${lines.join("; ")}`)
}

const refuse = (message: string) => Effect.fail(new GuardRefused({ guard: "approve", message }))
