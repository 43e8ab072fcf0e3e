import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as TestContext from "effect/TestContext"
import * as TestServices from "effect/TestServices"
import * as Background from "../auth/session/Background.ts"
import * as LoginGuard from "../auth/session/LoginGuard.ts"
import { keepingAmbient } from "../auth/WriteGate.ts"
import * as Needed from "../validation/Needed.ts"
import { busy } from "./BusyClauses.ts"
import {
  type Clause,
  ContractBroken,
  Kept,
  Mismatch,
  NotApplicable,
  type Outcome,
  Skipped
} from "./Clause.ts"
import * as Fixture from "./Fixture.ts"
import { login } from "./LoginClauses.ts"
import { logout } from "./LogoutClauses.ts"
import { plugins } from "./PluginClauses.ts"
import { recovery } from "./RecoveryClauses.ts"
import { renewal } from "./RenewalClauses.ts"
import { replies } from "./ReplyClauses.ts"
import type { Rule } from "./Rule.ts"
import { secrets } from "./SecretClauses.ts"
import type { Options } from "./Subject.ts"
import { workflows } from "./WorkflowClauses.ts"

/**
 * `contract` gives the contract of every `AuthProvider`, as data: for a test runner other than vitest, or to look at
 * the outcome. Each clause is an Effect that needs nothing, and fails with `ContractBroken`.
 */
export const contract = (options: Options): ReadonlyArray<Clause> => {
  Needed.fields("options", options, ["make", "timeout"], "{ make }")
  Needed.effect("options.make", options.make)
  return [login, renewal, recovery, busy, logout, replies, secrets, plugins, workflows]
    .flat()
    .map((rule) => ({
      name: rule.name,
      run: runRule(rule, options)
    }))
}

export const timeoutOf = ({ timeout }: Options): Duration.Duration => Duration.decode(timeout ?? "20 seconds")

const runRule = ({ body, name }: Rule, options: Options): Effect.Effect<Outcome, ContractBroken> => {
  const broken = (detail: string) => Effect.fail(new ContractBroken({ clause: name, detail }))
  const limit = timeoutOf(options)
  return options.make.pipe(
    Effect.flatMap(Fixture.make),
    Effect.matchCauseEffect({
      onSuccess: body,
      onFailure: (cause) => new Mismatch({ detail: `the subject could not be made: ${Cause.pretty(cause)}` })
    }),
    Effect.as(Kept()),
    Effect.scoped,
    // What a clause has begun under a gate ends there: the next one begins under none.
    keepingAmbient,
    // What one clause learns of an account is nothing to the next.
    Effect.provideService(LoginGuard.LoginGuard, LoginGuard.make()),
    Effect.provideService(Background.Background, Background.make()),
    Effect.provide(Layer.merge(TestContext.TestContext, Logger.remove(Logger.defaultLogger))),
    // A provider that waits on the test clock would wait for ever.
    Effect.disconnect,
    Effect.raceFirst(
      Effect.zipRight(
        TestServices.provideLive(Effect.sleep(limit)),
        new Mismatch({ detail: `it came to no end within ${Duration.format(limit)}` })
      )
    ),
    Effect.catchAllCause((cause): Effect.Effect<Outcome, ContractBroken> => {
      if (Cause.isInterruptedOnly(cause)) return Effect.interrupt
      const error = Cause.squash(cause)
      if (error instanceof NotApplicable) return Effect.succeed(Skipped({ because: error.because }))
      if (error instanceof Mismatch) return broken(error.detail)
      return broken(Cause.isFailure(cause) ? String(error) : `it broke off with a defect: ${String(error)}`)
    })
  )
}
