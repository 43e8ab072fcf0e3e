import type { Mutant } from "./mutants.ts"

const latches = "src/auth/session/LoginGuard.ts"
const transport = "src/transport/Transport.ts"
const patience = "src/auth/session/RetryWhileBusy.ts"
const leaving = "src/process/DeferredExit.ts"
const entry = "src/promises/PromiseScope.ts"
const connections = "src/transport/http/Connections.ts"
const logout = "src/auth/session/Logout.ts"
const renewal = "src/auth/session/DirectTokenSource.ts"
const retryAfter = "src/transport/RetryAfter.ts"
const provided = "src/auth/session/CheckedProvider.ts"
const provider = "plugins/fdm/Provider.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "lets an exit that was taken by its name go without a logout",
    file: leaving,
    from: "processInternals.reallyExit = reallyDeferred",
    to: "\n",
    tests: ["auth/exits.test.ts: closes what is open and exits with"]
  },
  {
    name: "leaves a thread that comes to its end without a logout",
    file: entry,
    from: `process.on("beforeExit", onBeforeExit)`,
    to: "",
    tests: ["auth/workers.test.ts: is logged out when"]
  },
  {
    name: "logs in on a connection that the device may have closed",
    file: connections,
    from: `errand !== "auth" && !closesUnasked`,
    to: "!closesUnasked",
    tests: ["transport/http/Connections.test.ts: carries a login or refresh only if it is new"]
  },
  {
    name: "logs out on a connection that the device closes unasked",
    file: connections,
    from: `errand !== "auth" && !closesUnasked`,
    to: `errand === "repeatable" || (errand !== "auth" && !closesUnasked)`,
    tests: ["auth/lost.test.ts: that would meet two such connections is not lost"]
  },
  {
    name: "destroys the connection of a logout under way where it was used before",
    file: connections,
    from: "if (held !== undefined && outlives(errand)) outliving.add(held)",
    to: "",
    tests: [
      "transport/http/Connections.test.ts: that were used before and carry a logout are destroyed with its answer"
    ]
  },
  {
    name: "takes a logout that somebody else's bytes have answered for a failed one",
    file: logout,
    from: "ProtocolViolation: () => acceptUnknown(revoke)",
    to: "ProtocolViolation: (error) => Effect.fail(error)",
    tests: ["auth/lost.test.ts: that is answered by bytes of something else is sent once more"]
  },
  {
    name: "gives up a logout that was lost",
    file: logout,
    from: `lost.reason === "Timeout"`,
    to: "lost !== undefined",
    tests: ["auth/lost.test.ts: is sent once more"]
  },
  {
    name: "reads no more headers of a login than of any answer",
    file: transport,
    from: `maxHeadBytes: purpose === "auth" ? maxAuthHeadBytes : ResponseHead.maxBytes`,
    to: "maxHeadBytes: ResponseHead.maxBytes",
    tests: ["auth/lost.test.ts: domains in a header is one like any other"]
  },
  {
    name: "leaves the session open of a login whose answer is too large",
    file: transport,
    from: "part === undefined || salvage === undefined",
    to: "part === undefined || salvage !== undefined",
    tests: ["auth/lost.test.ts: fails, and is logged out by the token in it"]
  },
  {
    name: "leaves the session open of a login that is answered late",
    file: "src/auth/session/LateToken.ts",
    from: "Effect.ignore(Effect.flatMap(ended, end))",
    to: "Effect.sync(() => started?.stop())",
    tests: ["auth/lost.test.ts: is answered after its response time-out fails in time, and is logged out"]
  },
  {
    name: "fails a login at once that the device has no time for",
    file: patience,
    from: `Effect.catchTag(exchange(millis, last), "DeviceBusy"`,
    to: `Effect.catchTag(exchange(millis, last), "SessionClosed"`,
    tests: ["auth/busyLogin.test.ts: seconds and is tried again"]
  },
  {
    name: "sends a one-time code twice to a device that has no time",
    file: renewal,
    from: "account.isOneTime",
    to: "false",
    tests: [
      "auth/busyLogin.test.ts: with a one-time code is DeviceBusy at once: the code is never sent twice"
    ]
  },
  {
    name: "comes back after the shortest of the waits that a device asks for",
    file: retryAfter,
    from: "Math.ceil(Math.max(...waits))",
    to: "Math.ceil(Math.min(...waits))",
    tests: [
      "transport/Retry.test.ts: that is written oddly is taken in its larger sense",
      "transport/Retry.test.ts: is never read as less than any of its parts asks"
    ]
  },
  {
    name: "hands on whatever a plugin fails with",
    file: provided,
    from: "isAuthError(error) ? error",
    to: "true ? (error as AuthError)",
    tests: ["auth/brokenPlugin.test.ts: is followed by a login, or is a typed error"]
  },
  {
    name: "ends a pair that works for the refusals of other devices",
    file: latches,
    from: `(!pair.isAccepted || account === "shared")`,
    to: "true\n",
    tests: [
      "auth/session/LoginGuard.test.ts: may have one device that refuses it: the refusal is that device's own"
    ]
  },
  {
    name: "lets a device that does not answer hold up all that share its account",
    file: latches,
    from: "const maxHold = 1000",
    to: "const maxHold = 60_000",
    tests: ["auth/refused.test.ts: devices that do not answer hold up none"]
  },
  {
    name: "tries a directory's account once more after its refusal",
    file: latches,
    from: `refusalLimits[account ?? "unknown"]`,
    to: "refusalLimits.unknown",
    tests: ["auth/refused.test.ts: twenty devices of a directory make one"]
  },
  {
    name: "takes a 401 to a wrong version for a wrong password",
    file: provider,
    from: "(reply.status === 401 && /^failed",
    to: "reply.status === 401 || (/^failed",
    tests: [
      "plugins/fdm/WrongVersion.test.ts: a 401 to a version of the API that the device has not is no wrong password, and says what to set"
    ]
  },
  {
    name: "sends the line break at the end of a password",
    file: "src/auth/FinalLineBreak.ts",
    from: `text.replace(/\\r?\\n$/, "")`,
    to: "text",
    tests: [
      "auth/Credentials.test.ts: loses it",
      "auth/Credentials.test.ts: is logged in with: the device hears no line break"
    ]
  }
]
