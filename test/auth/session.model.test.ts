// A session as a state machine, under any sequence of what can happen to it.
//
// States (src/auth/session/SessionState.ts): Renewing, Fresh, BackingOff, Refused, Contested, Closed.
//
// Races: callers at one expiry; callers interrupted while they wait; an answer that is lost, late or never comes;
// credentials that never come; a renewal under way when the session closes, when someone else ends it, or beside a
// request that carries the old token; the opener who gives up; whoever closes is interrupted; a listener that is slow
// or never ends; a password that is rotated between two logins; a wall clock that jumps; a fiber that loses its turn
// between any two steps.
//
// Invariants: no login stays open but one whose answer, or whose logout, was lost · one renewal at a time · none before
// its back-off is over, after the close, or after SessionContested · no login where a refresh would do · no token is
// sent that has expired, that the device rejected, or that a newer one has replaced · a refused password is sent once ·
// SessionContested only after so many evictions · whoever is interrupted is free at once, everybody else ends with an
// answer of 200 or a typed error, and the close within five seconds and a little.
import * as HttpBody from "@effect/platform/HttpBody"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as fc from "fast-check"
import { Session } from "sallyport"
import { Background, LoginGuard } from "sallyport/plugin"
import { expect, it } from "vitest"
import { randomRuns } from "../support/randomRuns.ts"
import { type Kind, ScriptedClient, ScriptedDevice } from "../support/scriptedDevice.ts"
import { VirtualTime } from "../support/virtualTime.ts"

const minutes = 60_000
const longestClose = 5200

type Command =
  | {
      readonly _tag: "Use"
      readonly callers: number
      readonly how: "get" | "post" | "stream" | "token" | "renew"
    }
  | { readonly _tag: "InterruptCallers" | "Evict" | "RefuseRefreshes" | "AcceptRefreshes" }
  | { readonly _tag: "Advance" | "Latency" | "Jump"; readonly millis: number }
  | { readonly _tag: "Mood"; readonly mood: "up" | "down" | "busy" }
  | { readonly _tag: "Hang" | "Lose"; readonly kind: Kind }
  | { readonly _tag: "Password"; readonly device: string; readonly script: string }

const kind = fc.constantFrom<Kind>("credentials", "login", "refresh", "revoke", "call")
const secret = fc.constantFrom("first", "second")
const tagged = <T extends string, A extends object>(
  _tag: T,
  fields: { [K in keyof A]: fc.Arbitrary<A[K]> }
) => fc.record({ _tag: fc.constant(_tag), ...fields }) as unknown as fc.Arbitrary<{ _tag: T } & A>

const trouble: fc.Arbitrary<Command> = fc.oneof(
  tagged("Latency", { millis: fc.constantFrom(0, 200, 2400, 4000, 9000, 70_000) }),
  tagged("Mood", { mood: fc.constantFrom("up" as const, "up" as const, "down" as const, "busy" as const) }),
  tagged("Hang", { kind }),
  tagged("Lose", { kind }),
  tagged("Password", { device: secret, script: secret })
)

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: tagged("Use", {
      callers: fc.integer({ min: 1, max: 4 }),
      how: fc.constantFrom(
        "get" as const,
        "get" as const,
        "post" as const,
        "stream" as const,
        "token" as const,
        "renew" as const
      )
    })
  },
  {
    weight: 6,
    arbitrary: tagged("Advance", {
      millis: fc.constantFrom(
        1,
        100,
        900,
        1300,
        2500,
        10_000,
        57_000,
        61_000,
        5 * minutes,
        28.4 * minutes,
        29.3 * minutes,
        31 * minutes
      )
    })
  },
  { weight: 4, arbitrary: trouble },
  { weight: 2, arbitrary: tagged("Evict", {}) },
  { weight: 1, arbitrary: tagged("InterruptCallers", {}) },
  { weight: 1, arbitrary: tagged("RefuseRefreshes", {}) },
  { weight: 1, arbitrary: tagged("AcceptRefreshes", {}) },
  {
    weight: 1,
    arbitrary: tagged("Jump", {
      millis: fc.constantFrom(-60 * minutes, -2 * minutes, 2 * minutes, 60 * minutes)
    })
  }
)

const sequence = fc.record({
  seed: fc.integer(),
  yields: fc.constantFrom(0, 0.01, 0.06),
  lifetime: fc.constantFrom(
    0,
    1 * minutes,
    30 * minutes,
    30 * minutes,
    30 * minutes,
    365 * 24 * 60 * minutes,
    undefined
  ),
  refreshes: fc.constantFrom(0, 1, 3),
  giveWay: fc.boolean(),
  /** How long a listener of the events takes. */
  listener: fc.constantFrom(0, 300, Number.POSITIVE_INFINITY),
  latency: fc.constantFrom(0, 200, 2400),
  before: fc.array(trouble, { maxLength: 1 }),
  /** After how long the opener gives up. */
  patience: fc.constantFrom(
    0,
    1500,
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY
  ),
  commands: fc.array(command, { maxLength: 30 }),
  /** A renewal is under way when it closes. */
  renewing: fc.boolean(),
  // Who closes it may give up, which must not matter; and what happens meanwhile.
  impatient: fc.boolean(),
  during: fc.array(
    fc.oneof(trouble, tagged("Jump", { millis: fc.constantFrom(-60 * minutes, 60 * minutes) })),
    { maxLength: 1 }
  )
})

type Plan = typeof sequence extends fc.Arbitrary<infer A> ? A : never

const play = (plan: Plan): void => {
  const time = new VirtualTime(plan.seed, plan.yields)
  const device = new ScriptedDevice(time, plan)
  const client = new ScriptedClient(device)
  const scope = Effect.runSync(Scope.make())
  const callers = new Set<Fiber.RuntimeFiber<unknown, unknown>>()

  const mustBeOver = (fiber: Fiber.RuntimeFiber<unknown, unknown>, what: string) => {
    if (fiber.unsafePoll() === null) device.violate(`${what} has not ended`)
  }
  const judged = (fiber: Fiber.RuntimeFiber<unknown, unknown>) =>
    fiber.addObserver((exit) => {
      callers.delete(fiber)
      if (Exit.isSuccess(exit)) {
        if (exit.value !== 200) device.violate(`a caller got ${exit.value}`)
        return
      }
      for (const defect of Cause.defects(exit.cause)) device.violate(`a caller died of ${defect}`)
      for (const error of Cause.failures(exit.cause) as Iterable<{ readonly _tag: string }>) {
        if (error._tag !== "SessionContested") continue
        if (device.evictions < (plan.giveWay ? 1 : 3)) device.violate("SessionContested without a contest")
        client.noneAfter = Math.min(client.noneAfter, time.now)
      }
    })
  const start = (effect: Effect.Effect<unknown, unknown>) => {
    const fiber = time.fork(effect)
    callers.add(fiber)
    judged(fiber)
  }
  const interruptAll = () => {
    for (const fiber of [...callers]) {
      time.interrupt(fiber)
      mustBeOver(fiber, "an interrupted caller")
    }
  }

  const use = (session: Session.Session, how: (Command & { _tag: "Use" })["how"]) => {
    const status = Effect.map(({ status }: { readonly status: number }) => status)
    switch (how) {
      case "get":
        return status(session.http.get("/object"))
      case "post":
        return status(session.http.post("/object"))
      case "stream":
        return status(session.http.post("/object", { body: HttpBody.stream(Stream.empty) }))
      case "token":
        return Effect.as(session.token, 200)
      case "renew":
        return Effect.as(session.renew, 200)
    }
  }
  const run = (command: Command, session: Session.Session | undefined) => {
    switch (command._tag) {
      case "Use":
        if (session !== undefined) for (let i = 0; i < command.callers; i++) start(use(session, command.how))
        return
      case "InterruptCallers":
        return interruptAll()
      case "Evict":
        return device.evict()
      case "RefuseRefreshes":
      case "AcceptRefreshes":
        device.refusesRefreshes = command._tag === "RefuseRefreshes"
        return
      case "Advance":
        return time.advance(command.millis)
      case "Latency":
        device.latency = command.millis
        return
      case "Jump":
        time.wallOffset += command.millis
        return
      case "Mood":
        device.mood = command.mood
        return
      case "Hang":
        device.hangs.add(command.kind)
        return
      case "Lose":
        device.loses.add(command.kind)
        return
      case "Password":
        device.password = command.device
        device.given = command.script
    }
  }

  const listened =
    plan.listener === 0
      ? Effect.void
      : plan.listener === Number.POSITIVE_INFINITY
        ? Effect.never
        : Effect.sleep(plan.listener)
  device.latency = plan.latency
  for (const command of plan.before) run(command, undefined)
  const opener = time.fork(
    Session.make(client.provider, { giveWay: plan.giveWay, onEvent: () => listened }).pipe(
      Scope.extend(scope),
      Effect.provideService(Background.Background, Background.make()),
      Effect.provideService(LoginGuard.LoginGuard, LoginGuard.make())
    )
  )
  time.advance(Math.min(plan.patience, 62_000))
  if (plan.patience === Number.POSITIVE_INFINITY) mustBeOver(opener, "a login of over 60 seconds")
  time.interrupt(opener)
  mustBeOver(opener, "the opener")
  const opened = opener.unsafePoll()
  const session = opened !== null && Exit.isSuccess(opened) ? opened.value : undefined
  for (const command of plan.commands) run(command, session)

  if (plan.renewing && session !== undefined) start(use(session, "renew"))
  const close = Scope.close(scope, Exit.void)
  const closing = time.fork(plan.impatient ? Effect.timeoutOption(close, "50 millis") : close)
  client.noneAfter = Math.min(client.noneAfter, time.now)
  time.advance(100)
  // Whoever gives up opening does not wait for a login that goes on by itself.
  if (opened !== null && Exit.isInterrupted(opened))
    mustBeOver(closing, "the end of an opening that was given up")
  for (const command of plan.during) run(command, undefined)
  time.advance(longestClose - 100)
  mustBeOver(closing, "the close")
  if (session !== undefined) start(Effect.as(Effect.flip(session.token), 200))

  // Late answers are logged out, and all who wait have time to end.
  device.mood = "up"
  device.latency = 0
  device.hangs.clear()
  device.loses.clear()
  time.advance(15 * minutes)
  for (const fiber of callers) mustBeOver(fiber, "a caller")
  expect({ open: device.open, violations: device.violations }).toEqual({ open: [], violations: [] })
}

it("a session keeps its promises under any sequence of events", { timeout: 120_000 }, () => {
  fc.assert(fc.property(sequence, play), { numRuns: randomRuns(2500) })
})

it("a refresh without an answer in its time may have been carried out, by whatever way a plugin has sent it", () => {
  play({
    seed: 0,
    yields: 0,
    lifetime: 0,
    refreshes: 3,
    giveWay: false,
    listener: 0,
    latency: 0,
    before: [],
    patience: 0,
    commands: [
      { _tag: "Latency", millis: 70_000 },
      { _tag: "Use", callers: 1, how: "get" },
      { _tag: "Advance", millis: 1_704_000 }
    ],
    renewing: true,
    impatient: false,
    during: []
  })
})
