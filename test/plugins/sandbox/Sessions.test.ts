import { expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as TestClock from "effect/TestClock"
import { type FmcTokens, fmcCall, fmcLogin, fmcRefresh, fmcRevoke, fmcTokens, start } from "./client.ts"

const minute = 60_000

type Step =
  | { readonly do: "login" | "evict" }
  | { readonly do: "refresh" | "revoke" | "call"; readonly which: number }
  | { readonly do: "wait"; readonly minutes: number }

/** What a session has to be, told a second time and more simply. */
interface Model {
  tokens: FmcTokens
  expiresAt: number
  refreshes: number
  dead: boolean
}

const steps = FastCheck.array(
  FastCheck.oneof<Array<FastCheck.Arbitrary<Step>>>(
    FastCheck.constant({ do: "login" }),
    FastCheck.constant({ do: "evict" }),
    FastCheck.record({
      do: FastCheck.constantFrom("refresh", "revoke", "call"),
      which: FastCheck.nat(3)
    }),
    FastCheck.record({ do: FastCheck.constant("wait" as const), minutes: FastCheck.nat(20) })
  ),
  { minLength: 5, maxLength: 25 }
)

it.scoped.prop(
  "after any sequence of login, use, refresh, revoke, eviction and time, token and ledger agree",
  [steps],
  ([steps]) =>
    Effect.gen(function* () {
      const { sandbox, client } = yield* start()
      const models: Array<Model> = []
      let now = 0
      const isOpen = (model: Model) => !model.dead && now < model.expiresAt
      for (const step of steps) {
        const model = "which" in step ? models[step.which] : undefined
        if (step.do === "login") {
          const tokens = fmcTokens(yield* fmcLogin(client))
          models.push({ tokens, expiresAt: now + 30 * minute, refreshes: 0, dead: false })
        } else if (step.do === "evict") {
          yield* sandbox.evict()
          for (const each of models) each.dead = true
        } else if (step.do === "wait") {
          now += step.minutes * minute
          yield* TestClock.adjust(Duration.minutes(step.minutes))
        } else if (model === undefined) {
          continue
        } else if (step.do === "call") {
          expect((yield* fmcCall(client, model.tokens)).status).toBe(isOpen(model) ? 200 : 401)
        } else if (step.do === "revoke") {
          expect((yield* fmcRevoke(client, model.tokens)).status).toBe(isOpen(model) ? 204 : 401)
          model.dead ||= isOpen(model)
        } else {
          const can = !model.dead && now < model.expiresAt + 5 * minute && model.refreshes < 3
          const answer = yield* fmcRefresh(client, model.tokens)
          expect(answer.status).toBe(can ? 204 : 401)
          if (!can) continue
          model.tokens = fmcTokens(answer)
          model.expiresAt = now + 30 * minute
          model.refreshes += 1
        }
        const open = models.filter(isOpen).length
        const opened = models.length
        expect(sandbox.ledger).toMatchObject({ opened, open, ended: opened - open })
      }
    }),
  { fastCheck: { numRuns: 25 } }
)

it.scoped("a day of use passes in a test: every half hour a new pair, every two hours a new login", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    let tokens = fmcTokens(yield* fmcLogin(client))
    for (let half = 1; half < 48; half++) {
      yield* TestClock.adjust("29 minutes")
      expect((yield* fmcCall(client, tokens)).status).toBe(200)
      const renewed = yield* half % 4 === 0 ? fmcLogin(client) : fmcRefresh(client, tokens)
      expect(renewed.status).toBe(204)
      tokens = fmcTokens(renewed)
    }
    expect(sandbox.ledger).toMatchObject({ logins: 12, refreshes: 36, refreshesRefused: 0, open: 1 })
    expect(sandbox.ledger.expiredTokensSent.total).toBe(0)
  })
)
