import type { Mutant } from "./mutants.ts"

const lifecycle = "src/auth/session/TokenLifecycle.ts"
const rejection = "src/auth/session/Rejection.ts"
const stateOf = "MutableRef.make<State>(Renewing({ held: undefined, pending: opening }))"
const onceRenewed = "Option.match({ onNone: again, onSome: ({ done }) => Deferred.await(done) })"

/** A state that all sessions of one key share. */
const sharedBy = (
  key: string
): string => `((globalThis as any).states ??= new Map()).get(${key}) ?? (${stateOf})
    ;(globalThis as any).states.set(${key}, state)`

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "ties a renewal to the caller who started it",
    file: "src/auth/session/Background.ts",
    from: "Effect.forkDaemon(Effect.interruptible(exchange))",
    to: "Effect.fork(Effect.interruptible(exchange))",
    tests: [
      "auth/renewal.test.ts: an interrupted caller neither cancels the renewal nor loses what the device rotated"
    ]
  },
  {
    name: "lets a waiter who gives up clear the slot",
    file: lifecycle,
    from: onceRenewed,
    to: `Option.match({
                onNone: again,
                onSome: ({ done }) =>
                  Effect.onInterrupt(Deferred.await(done), () =>
                    Transition.modify(session.state, (now) => [
                      undefined,
                      now._tag === "Renewing" && now.held !== undefined
                        ? ({ _tag: "Fresh", held: now.held } as State)
                        : now
                    ])
                  )
              })`,
    tests: ["auth/stability.test.ts: goes on when one who waits for it gives up"]
  },
  {
    name: "keeps a session's state by the name of its target",
    file: lifecycle,
    from: stateOf,
    to: sharedBy("targetName"),
    tests: ["auth/identities.test.ts: have tokens, renewals and evictions of their own, even under one name"]
  },
  {
    name: "keeps a session's state by the address of its target",
    file: lifecycle,
    from: stateOf,
    to: sharedBy("options.provider.transport.target.origin"),
    tests: ["auth/identities.test.ts: authorizes each request with its own user's token"]
  },
  {
    name: "guards the logins of an account by its name alone",
    file: "src/auth/session/LoginGuard.ts",
    from: "JSON.stringify([username, Redacted.value(password)])",
    to: "JSON.stringify([username])",
    tests: ["auth/session/LoginGuard.test.ts: take a rotated password, and another user, for what they are"]
  },
  {
    name: "guards the logins of an account by its password alone",
    file: "src/auth/session/LoginGuard.ts",
    from: "JSON.stringify([username, Redacted.value(password)])",
    to: "JSON.stringify([Redacted.value(password)])",
    tests: ["auth/identities.test.ts: of whom one is refused lets the other in"]
  },
  {
    name: "lets a renewal queue behind the requests that wait for it",
    file: "src/transport/limits/Traffic.ts",
    from: "if (connections > 1)",
    to: "if (connections < 1)",
    tests: [
      "auth/replays.test.ts: that hangs on every connection keeps no renewal from going",
      "transport/http/Connections.test.ts: are never more than the target allows, two of them kept for authentication"
    ]
  },
  {
    name: "renews for each 401",
    file: "src/auth/session/Recovery.ts",
    from: "const newer = yield* currentToken(lifecycle)",
    to: "const newer = yield* lifecycle.renew",
    tests: ["auth/contention.test.ts: takes no 401 of a token that it renewed meanwhile for an eviction"]
  },
  {
    name: "skips the compare: takes a 401 of an old token for one of the present one",
    file: rejection,
    from: ` || state._tag === "Refused") && state.held === held`,
    to: ` || state._tag === "Refused")`,
    tests: ["auth/contention.test.ts: takes no 401 of a token that it renewed meanwhile for an eviction"]
  },
  {
    name: "leaves a login open that answers after its caller gave up",
    file: "src/auth/session/Renewal.ts",
    from: "yield* Effect.flatten(Logout.startOnce(background, held, source.release(held, Logout.timeout)))",
    to: "void 0",
    tests: [
      "auth/leaving.test.ts: when the login answers after its caller gave up, who is free at once",
      "auth/leaving.test.ts: when what it waits for takes longer than the closing"
    ]
  },
  {
    name: "closes without the renewal that is under way",
    file: "src/auth/session/Closing.ts",
    from: `before._tag === "Renewing" ? yield* collect(state, before.pending) : undefined`,
    to: "undefined as Acquired | undefined",
    tests: [
      "auth/leaving.test.ts: when a renewal is under way as it closes",
      "auth/leaving.test.ts: when a renewal by login is under way as it closes: both sessions end"
    ]
  },
  {
    name: "leaves a retired token open",
    file: "src/auth/session/Renewal.ts",
    from: "if (replaced !== undefined) yield* retired.logOut(replaced)",
    to: "",
    tests: ["auth/retiredTokens.test.ts: logs out the one before, at once"]
  },
  {
    name: "logs a retired token out under a request that carries it",
    file: "src/auth/session/RetiredTokens.ts",
    from: " || held.history.requests > 0",
    to: "",
    tests: [
      "auth/renewal.test.ts: after a new login the retired token is revoked, once no request carries it"
    ]
  },
  {
    name: "gives back first what a request has taken first",
    file: "src/transport/Holding.ts",
    from: "let release = releases.pop(); release !== undefined; release = releases.pop()",
    to: "let release = releases.shift(); release !== undefined; release = releases.shift()",
    tests: ["transport/Holding.test.ts: is given back once, the last first, whatever the work came to"]
  },
  {
    name: "keeps what a request has taken that broke off before it began",
    file: "src/transport/Holding.ts",
    from: "    return Effect.die(defect)",
    to: "    throw defect",
    tests: ["transport/Holding.test.ts: is given back once, the last first, whatever the work came to"]
  },
  {
    name: "drops the login guard: every device of an account logs in at once",
    file: "src/auth/session/LoginGuard.ts",
    from: "pair.undecided < places",
    to: "true",
    tests: ["auth/refused.test.ts: a hundred devices that share the account make two attempts"]
  },
  {
    name: "never gives an account up",
    file: "src/auth/Session.ts",
    from: "evictionLimit: options.giveWay === true ? 1 : 3",
    to: "evictionLimit: options.giveWay === true ? 1 : 1000",
    tests: [
      "auth/contested.test.ts: fight no longer than three evictions",
      "auth/contested.test.ts: whatever the order of their uses",
      "auth/contested.test.ts: that both use it without a pause",
      "auth/contested.test.ts: push each other out in turn until one gives up",
      "auth/contenders.test.ts: take it from each other a few times"
    ]
  },
  {
    name: "never gives way",
    file: "src/auth/Session.ts",
    from: "evictionLimit: options.giveWay === true ? 1 : 3",
    to: "evictionLimit: 3",
    tests: [
      "auth/contested.test.ts: of which one gives way never fight at all",
      "auth/contested.test.ts: do not push at all where the one more gives way",
      "auth/contenders.test.ts: do not fight where one gives way"
    ]
  },
  {
    name: "counts evictions for ever",
    file: "src/auth/session/Evictions.ts",
    from: "past.filter((one) => Instant.elapsedAtMost(one, now) < windowMillis)",
    to: "past",
    tests: ["auth/recovery.test.ts: evictions further apart than five minutes are lived through"]
  },
  {
    name: "tells the last eviction for the first",
    file: "src/auth/session/Evictions.ts",
    from: "(past[0] ?? now).wall",
    to: "now.wall",
    tests: ["auth/contested.test.ts: are told how often, since when and what to do"]
  }
]
