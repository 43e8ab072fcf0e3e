import type { Mutant } from "./mutants.ts"

const lifecycle = "src/auth/session/TokenLifecycle.ts"
const renewing = "src/auth/session/Renewal.ts"
const move = "src/auth/session/Transition.ts"
const state = "src/auth/session/SessionState.ts"
const instant = "src/auth/Instant.ts"
const becameFresh = `if (became === "Late") return`
const onceRenewed = "Option.match({ onNone: again, onSome: ({ done }) => Deferred.await(done) })"
const isFinal = "isFinal(error) ? Refused({ held, error })"
const longest = "Math.max(to.wall - from.wall, to.monotonic - from.monotonic)"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "drops the lock: every caller starts a renewal of its own",
    file: lifecycle,
    from: "return Deferred.await(step.pending.done)",
    to: `return Effect.mapBoth(
              session.source.acquire({ held: "held" in current ? current.held : undefined, loginOnly: false, failures: 0 }),
              { onSuccess: ({ held }) => held, onFailure: ({ error }) => error }
            )`,
    tests: [
      "auth/renewal.test.ts: callers at one expiry cause one refresh",
      "auth/crowd.test.ts: share one session"
    ]
  },
  {
    name: "remembers a failure: after it no attempt is made any more",
    file: move,
    from: isFinal,
    to: "true ? Refused({ held, error: error as never })",
    tests: ["auth/renewal.test.ts: make one attempt per back-off and share its failure"]
  },
  {
    name: "has no back-off: a failure is followed by the next attempt at once",
    file: move,
    from: "until: at.monotonic + Duration.toMillis(delay)",
    to: "until: at.monotonic",
    tests: [
      "auth/renewal.test.ts: make one attempt per back-off and share its failure",
      "auth/stability.test.ts: costs no caller a good token, and is made good later"
    ]
  },
  {
    name: "serves a good token no more once an early renewal has failed",
    file: state,
    from: "const good = usable(state.held, now)",
    to: "const good = usable(undefined, now)",
    tests: [
      "auth/renewal.test.ts: an early renewal that fails costs no caller a good token",
      "auth/stability.test.ts: costs no caller a good token, and is made good later",
      "auth/stability.test.ts: before its time, with the device down, costs no caller a good token"
    ]
  },
  {
    name: "waits for a renewal that is made before its time",
    file: lifecycle,
    from: "return Effect.as(Renewal.begin(session, decide), step.held)",
    to: `return Effect.flatMap(
              Renewal.begin(session, decide),
              Option.match({ onNone: again, onSome: ({ done }) => Effect.as(Deferred.await(done), step.held) })
            )`,
    tests: ["auth/stability.test.ts: that hangs keeps nobody waiting while the old token is good"]
  },
  {
    name: "computes the back-off and never sleeps it",
    file: state,
    from: ": Sleep({ for: wait, pending: state.pending })",
    to: ": Renew()",
    tests: [
      "auth/stability.test.ts: really sleeps between its attempts",
      "auth/stability.test.ts: waits as long as the device asks, and longer waits are told at once"
    ]
  },
  {
    name: "sleeps as long as a device asks, for months",
    file: state,
    from: "const maxSleep = 60_000",
    to: "const maxSleep = Number.POSITIVE_INFINITY",
    tests: ["auth/stability.test.ts: waits as long as the device asks, and longer waits are told at once"]
  },
  {
    name: "makes a renewal that is asked for wait until the old token expires",
    file: lifecycle,
    from: "renew: tokenBy(session, forcedDecisionFor)",
    to: "renew: tokenBy(session, decisionFor)",
    tests: ["auth/stability.test.ts: does not wait for the old token to expire, and is shared"]
  },
  {
    name: "lets a failure in the background reach the runtime",
    file: "src/auth/Session.ts",
    from: "work as Effect.Effect<unknown, unknown>, listening",
    to: "Effect.tapErrorCause(work as Effect.Effect, (cause) => Effect.sync(() => void Promise.reject(cause))), listening",
    tests: ["auth/background.test.ts: is not disturbed by what fails beside it"]
  },
  {
    name: "keeps the process with a timer for the next renewal",
    file: renewing,
    from: becameFresh,
    to: `${becameFresh}\n        setTimeout(() => {}, 1_700_000)`,
    tests: ["auth/background.test.ts: ends by itself, with its session still open"]
  },
  {
    name: "renews by a timer as long as the token's life",
    file: renewing,
    from: becameFresh,
    to: `${becameFresh}
        setTimeout(() => Effect.runFork(begin(options, () => ({ _tag: "Renew" }))), Number(held.token.expiresAt) - Date.now())`,
    tests: ["auth/lifetimes.test.ts: of a year sets no timer that fires at once"]
  },
  {
    name: "takes a time-out that no timer can wait",
    file: "src/validation/TimerLength.ts",
    from: " && Duration.lessThanOrEqualTo(length, maxTimer)",
    to: "",
    tests: ["transport/Target.test.ts: is refused with the name of a field that is out of bounds"]
  },
  {
    name: "believes the monotonic clock alone",
    file: instant,
    from: longest,
    to: "to.monotonic - from.monotonic",
    tests: ["auth/clocks.test.ts: renews when"]
  },
  {
    name: "believes the wall clock alone",
    file: instant,
    from: longest,
    to: "to.wall - from.wall",
    tests: ["auth/clocks.test.ts: renews when"]
  },
  {
    name: "takes time that runs backwards for time that passed",
    file: instant,
    from: longest,
    to: "Math.max(Math.abs(to.wall - from.wall), to.monotonic - from.monotonic)",
    tests: ["auth/clocks.test.ts: does not renew because the wall clock was set back by an hour"]
  },
  {
    name: "measures its waits by the wall clock",
    file: instant,
    from: "Number(clock.unsafeCurrentTimeNanos() / 1_000_000n)",
    to: "clock.unsafeCurrentTimeMillis()",
    tests: ["auth/lifetimes.test.ts: makes that wait neither longer nor shorter"]
  },
  {
    name: "takes one clock's word that a session has ended",
    file: instant,
    from: "Math.min(to.wall - from.wall, to.monotonic - from.monotonic)",
    to: longest,
    tests: ["auth/clocks.test.ts: is logged out even if one clock says that its token has expired"]
  },
  {
    name: "looks at the state again after each renewal: a lifetime of 0 makes a loop",
    file: lifecycle,
    from: onceRenewed,
    to: "Option.match({ onNone: again, onSome: ({ done }) => Effect.flatMap(Deferred.await(done), again) })",
    tests: ["auth/lifetimes.test.ts: is logged in to once for each use, and does not make a loop"]
  },
  {
    name: "has no cap on the lead: a token of a year is renewed for weeks",
    file: "src/auth/session/CurrentToken.ts",
    from: "renewalLead: Math.min(lifetime * share, 5 * 60_000)",
    to: "renewalLead: lifetime * share",
    tests: ["auth/lifetimes.test.ts: of a year is renewed in its last five minutes and not before"]
  },
  {
    name: "serves a token that has expired",
    file: "src/auth/session/CurrentToken.ts",
    from: "if (left <= Math.min(30_000, lifetime / 60))",
    to: "if (left === Number.NEGATIVE_INFINITY)",
    tests: ["auth/renewal.test.ts: callers at one expiry cause one refresh"]
  },
  {
    name: "uses a refresh token again whose answer was lost",
    file: "src/auth/session/DirectTokenSource.ts",
    from: `loginNext: fate === "Lost"`,
    to: "loginNext: false",
    tests: ["auth/renewal.test.ts: a refresh whose answer was lost is not repeated"]
  },
  {
    name: "throws the rotated refresh token away",
    file: "src/auth/session/DirectTokenSource.ts",
    from: "CurrentToken.make(token, held.username, 0)",
    to: "CurrentToken.make({ ...token, refresh: held.token.refresh }, held.username, 0)",
    tests: [
      "plugins/fmc/Fmc.test.ts: refreshes three times, and logs in anew at the fourth renewal",
      "plugins/fdm/Session.test.ts: a password grant refreshes again and again, and logs in once"
    ]
  }
]
