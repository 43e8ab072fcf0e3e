import type { Mutant } from "./mutants.ts"

const main = "src/process/RunScript.ts"
const process = "src/process/ExitHandling.ts"
const deferred = "src/process/DeferredExit.ts"
const logout = "src/auth/session/Logout.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "leaves at a signal without logging out",
    file: process,
    from: "      stop(signalCodes[signal])",
    to: "      exitNow(signalCodes[signal])",
    tests: ["auth/signals.test.ts: that gets"]
  },
  {
    name: "leaves at once at a signal that comes twice",
    file: process,
    from: "      if (SignalTimes.isRepeated()) return\n",
    to: "",
    tests: ["auth/signals.test.ts: and right behind it"]
  },
  {
    name: "leaves before a login that is under way is answered",
    file: main,
    from: "Effect.runFork(ExitHandling.awaitBackground)",
    to: "Effect.runFork(Effect.void)",
    tests: ["auth/signals.test.ts: that gets SIGINT while it logs in waits for the login and logs it out"]
  },
  {
    name: "goes on asking for an account that nobody needs any more",
    file: "src/auth/session/AskAccount.ts",
    from: "known ?? Effect.raceFirst(ended, end)",
    to: "known ?? ended",
    tests: ["auth/leaving.test.ts: is given up is asked for no longer"]
  },
  {
    name: "leaves at an exception without logging out",
    file: process,
    from: "      stop(exitCodes.failed)",
    to: "      exitNow(exitCodes.failed)",
    tests: ["auth/signals.test.ts: that ends in"]
  },
  {
    name: "leaves at process.exit without logging out",
    file: deferred,
    from: "stop(exitCodeOf(code))",
    to: "exit(code)",
    tests: ["auth/signals.test.ts: that calls process.exit in the middle exits with its code, logged out"]
  },
  {
    name: "forgets the finalizer",
    file: "src/auth/Session.ts",
    from: "Effect.zipRight(lifecycle.close, Effect.sync(listeners.end))",
    to: "Effect.sync(listeners.end)",
    tests: [
      "auth/leaving.test.ts: on success",
      "auth/leaving.test.ts: on a typed failure, which reaches the caller as it is",
      "auth/leaving.test.ts: on a defect",
      "auth/leaving.test.ts: on interruption, in the middle of a request too"
    ]
  },
  {
    name: "never revokes",
    file: logout,
    from: "Effect.suspend(() => provider.revoke(token))",
    to: "Effect.void",
    tests: ["auth/leaving.test.ts: on success"]
  },
  {
    name: "revokes twice",
    file: logout,
    from: "if (first !== undefined) return Effect.succeed(Deferred.await(first))",
    to: "",
    tests: ["auth/retiredTokens.test.ts: is logged out once, though both the request and the closing end it"]
  },
  {
    name: "lets a logout that fails go unsaid, as a defect",
    file: logout,
    from: "// The device had refused it before: it is as dead as a logout could make it.",
    to: "if (cause !== undefined) return Effect.failCause(cause) as never",
    tests: ["auth/leaving.test.ts: and says so when the logout fails"]
  },
  {
    name: "waits for a logout that hangs",
    file: logout,
    from: "duration: limit,",
    to: `duration: "1 hour",`,
    tests: ["auth/leaving.test.ts: within five seconds, even if the logout hangs"]
  },
  {
    name: "revokes a token that has expired",
    file: logout,
    from: "if (CurrentToken.hasSurelyExpired(current, now)) return yield* ended",
    to: "",
    tests: ["auth/clocks.test.ts: is left alone if both clocks say so"]
  },
  {
    name: "works on after its close",
    file: "src/auth/session/Transition.ts",
    from: `state._tag === "Closed" ? state : Closed({ collecting: state._tag === "Renewing", arrived: undefined })`,
    to: "state",
    tests: ["auth/leaving.test.ts: and is of no use afterwards: SessionClosed, and no new login"]
  },
  {
    name: "keeps no request for the logouts of sessions that close together",
    file: "src/auth/Session.ts",
    from: "yield* provider.transport.limits.rateLimiter.keepForLogout",
    to: "",
    tests: [
      "auth/traffic.test.ts: leaves each its logout, however much the others had to ask when all of them close"
    ]
  },
  {
    name: "tells of no write that is given up",
    file: "src/transport/http/Exchange.ts",
    from: "if (flight !== undefined) flight.isSent = true",
    to: "",
    tests: ["auth/givenUp.test.ts: is told where it writes and was sent, without its query"]
  },
  {
    name: "tells of a write that waits to be repeated as of one without answer",
    file: "src/transport/Transport.ts",
    from: "if (flight !== undefined) flight.isSent = false",
    to: "",
    tests: [
      "auth/givenUp.test.ts: is not told where the device has answered that it has no time, and it waits"
    ]
  }
]
