import type { Mutant } from "./mutants.ts"

const client = "src/auth/SessionClient.ts"
const attempt = "src/transport/Attempt.ts"
const retry = "src/transport/Retry.ts"
const authorizing = "src/auth/session/AuthorizedRequest.ts"
const recovery = "src/auth/session/Recovery.ts"
const secondSending = "const second = judged(provider, asked, yield* send(asked))"
const slept = "Effect.sleep(Duration.subtract(asked, slept))"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "repeats a POST after a 503",
    file: attempt,
    from: "(Retry.isRead(method) && (busy ||",
    to: "(true && (busy ||",
    tests: ["auth/requests.test.ts: that writes is not repeated after a 503"]
  },
  {
    name: "repeats a POST whose answer was lost",
    file: attempt,
    from: `error.sent === "no" || Retry.isRead(method)`,
    to: "true",
    tests: ["auth/requests.test.ts: is OutcomeUnknown, and sent once"]
  },
  {
    name: "replays a body that is used up",
    file: "src/auth/session/SessionRequest.ts",
    from: `isResendable: asked.body._tag !== "Stream"`,
    to: "isResendable: true",
    tests: ["auth/recovery.test.ts: a body that cannot be sent again is not, and the error says so"]
  },
  {
    name: "replays with the old token",
    file: authorizing,
    from: "CheckedProvider.authorize(provider, request, held.token)",
    to: `CheckedProvider.authorize(
            provider,
            request,
            (Reflect.set(request, "first", Reflect.get(request, "first") ?? held.token), Reflect.get(request, "first"))
          )`,
    tests: ["auth/replays.test.ts: carries the new token and the same body, whole"]
  },
  {
    name: "replays with an empty body",
    file: recovery,
    from: secondSending,
    to: secondSending.replace(
      "send(asked)",
      `send({ ...asked, request: { ...asked.request, body: { _tag: "Empty" } } as never })`
    ),
    tests: [
      "auth/replays.test.ts: carries the new token and the same body, whole",
      "auth/replays.test.ts: whose token is refused creates what it is to create once, by its replay"
    ]
  },
  {
    name: "goes on after the second 401",
    file: recovery,
    from: "return yield* reject(provider, asked, refusedTwice)",
    to: "return yield* recovering(provider, lifecycle)(send)(asked)",
    tests: ["auth/recovery.test.ts: a second 401, of a token that others use well, ends it"]
  },
  {
    name: "logs in again at once where a new token is refused",
    file: "src/auth/session/Rejection.ts",
    from: "Transition.reject(current, failed)",
    to: "current",
    tests: ["auth/replays.test.ts: makes no loop, however often it is tried"]
  },
  {
    name: "tries a refused password again",
    file: "src/auth/session/LoginGuard.ts",
    from: "pair.refusals.set(device, { error, isLocal })",
    to: "",
    tests: ["auth/refused.test.ts: a hundred devices that share the account make two attempts"]
  },
  {
    name: "hands back the second 401 as data",
    file: recovery,
    from: `if (second.verdict !== "TokenRefused") return second`,
    to: "return second",
    tests: ["auth/recovery.test.ts: a second 401 is TokenRejected, never data"]
  },
  {
    name: "repeats in two layers",
    file: client,
    from: "retried(retry, limits.rateLimiter)",
    to: `retried(retry, limits.rateLimiter),
    (exchange) => (asked) =>
      Effect.match(exchange(asked), {
        onSuccess: (reply): Retry.AttemptResult<Reply.Reply, SessionError> => ({
          _tag: "Over",
          end: Effect.succeed(reply)
        }),
        onFailure: (error): Retry.AttemptResult<Reply.Reply, SessionError> => ({
          _tag: "Again",
          failure: { operation: "", status: undefined, retryAfter: undefined },
          end: Effect.fail(error)
        })
      }),
    retried(retry, limits.rateLimiter)`,
    tests: ["auth/replays.test.ts: is sent four times, and never nine or sixteen"]
  },
  {
    name: "repeats a renewal below the session",
    file: "src/auth/session/DirectTokenSource.ts",
    from: "exchange(options, provider.refresh(held.token), left)",
    to: "Effect.retry(exchange(options, provider.refresh(held.token), left), { times: 3 })",
    tests: ["auth/replays.test.ts: that waits for a renewal which fails is not repeated on top of it"]
  },
  {
    name: "waits for a busy device without hearing an interruption",
    file: retry,
    from: slept,
    to: `Effect.uninterruptible(${slept})`,
    tests: ["auth/replays.test.ts: is free at once when it is interrupted, and not sent again"]
  },
  {
    name: "sleeps its back-off without hearing an interruption",
    file: "src/auth/session/TokenLifecycle.ts",
    from: "Effect.flatMap(Effect.sleep(step.for), again)",
    to: "Effect.flatMap(Effect.uninterruptible(Effect.sleep(step.for)), again)",
    tests: ["auth/stability.test.ts: lets go of a caller at once who gives up waiting for the next attempt"]
  },
  {
    name: "uses no connection twice",
    file: "src/transport/http/Exchange.ts",
    from: "if (reusable || !reading.keeps) resume(Effect.succeed(whole))",
    to: "if (reusable || !reading.keeps) resume(Effect.succeed({ ...whole, reusable: false }))",
    tests: ["transport/http/Transport.test.ts: needs nobody to read the bodies"]
  },
  {
    name: "drops a connection on which an answer was fast",
    file: "src/transport/http/Exchange.ts",
    from: "if (reusable || !reading.keeps) resume(",
    to: "if (into === undefined) resume(",
    tests: ["transport/http/Reuse.test.ts: carries the next request, however fast an answer comes"]
  },
  {
    name: "puts the token on where a script can print it",
    file: client,
    from: "Effect.map((reply) => Reply.toResponse(reply, request))",
    to: `Effect.flatMap((reply) =>
          Effect.map(lifecycle.current, ({ token }) => Reply.toResponse(reply, provider.authorize(request, token)))
        )`,
    tests: ["canaries/objects.test.ts: of an FMC: client, session, token, domain, request, response"]
  },
  {
    name: "tells a device's words as they are",
    file: "src/transport/redaction/Redaction.ts",
    from: "of ranges)",
    to: "of ranges.slice(ranges.length))",
    tests: ["canaries/echoes.test.ts: of a password"]
  },
  {
    name: "shows tracers what a span came to",
    file: "src/transport/RedactedSpan.ts",
    from: `Effect.map((value) => Redacted.make(value)),
            Effect.withSpan(name, { attributes: { ...attributes }, captureStackTrace: false }),
            Effect.mapErrorCause(asThrown),
            Effect.map((hidden) => Redacted.value(hidden))`,
    to: "Effect.withSpan(name, { attributes: { ...attributes }, captureStackTrace: false })",
    tests: ["canaries/objects.test.ts: not even to a tracer that keeps what each span came to"]
  },
  {
    name: "puts what a script throws into another object where somebody traces",
    file: "src/transport/RedactedSpan.ts",
    from: "Effect.mapErrorCause(asThrown),",
    to: "",
    tests: [
      "workflow/run/observability.test.ts: what a step fails by is what was thrown, also where somebody traces"
    ]
  },
  {
    name: "follows a redirect, with the token",
    file: authorizing,
    from: "Effect.matchEffect(send(withToken, { shown: request, flight }), {",
    to: `Effect.matchEffect(Effect.tap(send(withToken, { shown: request, flight }), ({ headers: { location }, status }) =>
            status !== 302 || location === undefined ? Effect.void : Effect.promise(async () => {
              const { get } = await import("node:https")
              const { value } = await import("effect/Redacted")
              const headers = { "x-auth-access-token": value(held.token.access) }
              await new Promise<void>((resolve) => {
                const following = get(location, { rejectUnauthorized: false, headers, agent: false }, (answer) => {
                  answer.resume().on("end", () => resolve())
                })
                following.on("error", () => resolve())
              })
            })
          ), {`,
    tests: ["auth/requests.test.ts: answered with a redirect is handed back, and the token goes nowhere"]
  },
  {
    name: "tells the body of an answer that an FDM's login cannot use",
    file: "plugins/fdm/Provider.ts",
    from: "const granted = TokenResponseBody.parse(reply)",
    to: `const granted = TokenResponseBody.parse(reply)
    if (granted === undefined)
      return Effect.fail(
        new ProtocolViolation({ targetName, operation: TokenEndpoint.operation(grantType), detail: new TextDecoder().decode(reply.body) })
      )`,
    tests: ["auth/unreadable.test.ts: tells nothing of what stands in it"]
  },
  {
    name: "tells the headers of an answer that an FMC's login cannot use",
    file: "plugins/fmc/Provider.ts",
    from: "otherwise this is no FMC: check",
    to: `otherwise this is no FMC: \${JSON.stringify(reply.headers)}: check`,
    tests: ["auth/unreadable.test.ts: tells nothing of what stands in it"]
  },
  {
    name: "prints what a script's schema refused",
    file: "src/workflow/errors/ErrorAccount.ts",
    from: "if (ParseResult.isParseError(failure)) {",
    to: "if (ParseResult.isParseError(failure)) {\n    return words(failure._tag, failure.message)",
    tests: ["process/Main.test.ts: tells in one block what happened, without stack or value"]
  }
]
