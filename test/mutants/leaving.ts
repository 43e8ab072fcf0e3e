import type { Mutant } from "./mutants.ts"

const main = "src/process/RunScript.ts"
const process = "src/process/ExitHandling.ts"
const deferred = "src/process/DeferredExit.ts"
const logout = "src/auth/session/Logout.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "gives up a logout for which the device has no time",
    file: logout,
    from: "revokeWhileBusy(provider, token, now, limit).pipe(",
    to: "revokeTwice(provider, token).pipe(",
    tests: ["auth/leaving.test.ts: and sends its logout again where the device has no time for it"]
  },
  {
    name: "tells a logout as failed that a busy device has carried out",
    file: logout,
    from: "last === undefined || last.status === 429 ? revoke",
    to: "last === undefined || last.status > 0 ? revoke",
    tests: ["auth/lost.test.ts: that a busy device has carried out all the same is done"]
  },
  {
    name: "takes a logout that was refused behind a 429 for done",
    file: logout,
    from: "last === undefined || last.status === 429 ? revoke",
    to: "last === undefined ? revoke",
    tests: ["auth/leaving.test.ts: and says so where its logout is refused, once the device has time for it"]
  },
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
    from: "yield* provider.transport.limits.rateLimiter.withRoom(",
    to: "yield* (<A>(open: A): A => open)(",
    tests: [
      "auth/traffic.test.ts: leaves each its logout, however much the others had to ask when all of them close"
    ]
  },
  {
    name: "tells of no write that is given up",
    file: "src/transport/http/Exchange.ts",
    from: `if (flight !== undefined) flight.stage = "Sent"`,
    to: "",
    tests: ["auth/givenUp.test.ts: is told where it writes and was sent, without its query"]
  },
  {
    name: "tells of a write that waits to be repeated as of one without answer",
    file: "src/transport/Transport.ts",
    from: `if (flight?.stage === "Sent") flight.stage = "Answered"`,
    to: "",
    tests: [
      "auth/givenUp.test.ts: is not told where the device has answered that it has no time, and it waits"
    ]
  },
  {
    name: "takes a portal's page for a logout at an FMC",
    file: "plugins/fmc/Provider.ts",
    from: "        if (Reply.isOk(reply)) {\n          const messages",
    to: "        if (Reply.isOk(reply)) return Effect.void\n        if (Reply.isOk(reply)) {\n          const messages",
    tests: ["auth/leaving.test.ts: and says so when a portal answers the logout with a page of its own"]
  },
  {
    name: "takes a portal's page for a logout at an FDM",
    file: "plugins/fdm/Provider.ts",
    from: "return yield* StatusError.refuseForeign(",
    to: "if (messages.length < 99) return\n        return yield* StatusError.refuseForeign(",
    tests: ["auth/leaving.test.ts: and says so when a portal answers the logout with a page of its own"]
  },
  {
    name: "keeps a portal's page as the file that was asked for",
    file: "src/client/files/FileTransfer.ts",
    from: "isPage && !isFile(headers)",
    to: "isPage && isFile(headers)",
    tests: ["plugins/fdm/transfers.test.ts: of a portal's page fails, and leaves nothing"]
  },
  {
    name: "leaves a session whose token was told twice",
    file: "plugins/fmc/Provider.ts",
    from: "others.every((other) => other === first)",
    to: "others.length === 0",
    tests: ["plugins/fmc/OddAnswers.test.ts: whose headers something on the way has doubled"]
  },
  {
    name: "does not say of a busy device that it may have begun",
    file: "src/transport/Attempt.ts",
    from: "isChange: !Retry.isRead(method)",
    to: "isChange: false",
    tests: ["errors.test.ts: tells the truth of"]
  },
  {
    name: "takes a gateway for something else than the device",
    file: "src/transport/StatusError.ts",
    from: "![502, 503, 504].includes(reply.status) &&",
    to: "",
    tests: ["errors.test.ts: tells the truth of"]
  },
  {
    name: "asks for an account that the proxy takes in no such way",
    file: "src/transport/Proxy.ts",
    from: "const schemes = status === 407 ? foreignSchemes(head) : undefined",
    to: "const schemes = undefined",
    tests: ["transport/Proxy.test.ts: that takes no account by Basic names what it takes instead"]
  },
  {
    name: "blames the device for what a proxy cuts off",
    file: "src/transport/tls/Handshake.ts",
    from: `sent: "no",\n            ...Proxy.named(to)`,
    to: `sent: "no"`,
    tests: ["transport/Proxy.test.ts: that lets the connection through and then"]
  },
  {
    name: "takes 100 Continue for a proxy's refusal",
    file: "src/transport/Proxy.ts",
    from: "head = withoutInterim(Buffer.concat([head, bytes]))",
    to: "head = Buffer.concat([head, bytes])",
    tests: ["transport/Proxy.test.ts: may say 100 Continue before its answer, and that in pieces"]
  },
  {
    name: "tells TLS a name with a dot at its end",
    file: "src/transport/tls/Handshake.ts",
    from: `name.replace(/\\.$/, "")`,
    to: "name",
    tests: ["transport/tls/Connect.test.ts: is told the host as it is, and TLS its name without the dot"]
  },
  {
    name: "lets more log in within a minute than can log out in it",
    file: "src/transport/limits/Quota.ts",
    from: "limit - logins - Math.min(",
    to: "limit - Math.min(",
    tests: [
      "transport/limits/RateLimiter.test.ts: leaves each its logout, and lets no more log in a minute than can log out in it"
    ]
  },
  {
    name: "has all logouts go by two connections, whatever the others leave",
    file: "src/transport/limits/Traffic.ts",
    from: "auth: Math.max(Math.min(2, connections - 1), beside),",
    to: "auth: Math.min(2, connections - 1),",
    tests: ["auth/traffic.test.ts: logs out two dozen sessions together"]
  },
  {
    name: "says of a logout that had no turn that its answer was lost",
    file: "src/transport/LostAnswer.ts",
    from: `if (stage !== "Waiting" && stage !== "Leaving")\n    return`,
    to: "if (stage.length > 0)\n    return",
    tests: ["auth/traffic.test.ts: says of a logout that had no turn that it was not sent"]
  },
  {
    name: "takes a refresh that does not go by the transport for one that was not sent",
    file: "src/transport/Flight.ts",
    from: `stage: "Unknown", repeatable })`,
    to: `stage: "Leaving", repeatable })`,
    tests: ["auth/session.model.test.ts: a refresh without an answer in its time may have been carried out"]
  },
  {
    name: "keeps room for sessions that were not opened",
    file: "src/transport/limits/RateLimiter.ts",
    from: "Effect.zipRight(keep(0, 0), Effect.failCause(cause))",
    to: "Effect.failCause(cause)",
    tests: ["transport/limits/RateLimiter.test.ts: is nobody's where a session is not opened, or is given up"]
  }
]
