import type { Mutant } from "./mutants.ts"

const client = "src/auth/SessionClient.ts"
const fdm = "plugins/fdm/Provider.ts"
const busyFdm = "plugins/fdm/BusyAnswer.ts"
const busyFmc = "plugins/fmc/BusyAnswer.ts"
const halving = "src/client/writes/Bisection.ts"
const writing = "src/client/objects/ObjectWrites.ts"
const accepted = "src/client/rest/StatusFilter.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "takes a 408 for a refused token",
    file: fdm,
    from: `return "TokenDoubted"`,
    to: `return "TokenRefused"`,
    tests: ["plugins/fdm/Client.test.ts: is never sent again: OutcomeUnknown, and the next has a new token"]
  },
  {
    name: "hands back the 408 of a write as its answer",
    file: "src/transport/Attempt.ts",
    from: "if (status === 408 && !Retry.isRead(method))",
    to: "if (status === 0)",
    tests: ["plugins/fdm/Client.test.ts: is answered 408 is OutcomeUnknown"]
  },
  {
    name: "finds in any words that a deployment could not be scheduled",
    file: busyFdm,
    from: "/^failed to schedule deployment job\\.?$/i",
    to: "/failed to schedule/i",
    tests: ["plugins/fdm/Client.test.ts: a deployment that is answered"]
  },
  {
    name: "sends a write again that was refused in words which it had sent itself",
    file: busyFmc,
    from: "(isRead || sentences.length === 1)",
    to: "sentences.length > 0",
    tests: ["plugins/fmc/Fmc.test.ts: that is answered 400 with"]
  },
  {
    name: "cuts a batch in two that waits for another write",
    file: busyFmc,
    from: "if (tooManyWrites.test(words)) return true",
    to: "",
    tests: ["plugins/fmc/Reported.test.ts: for longer than it is waited"]
  },
  {
    name: "takes a device that is busy by its words for one that refuses",
    file: "src/transport/StatusError.ts",
    from: "options.isBusy || ",
    to: "",
    tests: ["plugins/fmc/Reported.test.ts: for longer than it is waited"]
  },
  {
    name: "takes a gateway's answer to a write for the device's",
    file: accepted,
    from: "(status === 502 || status === 504) &&",
    to: "status === 0 &&",
    tests: ["plugins/fdm/Client.test.ts: a verb whose write a gateway answers"]
  },
  {
    name: "takes a write for done whose answer lacks what was sent",
    file: writing,
    from: "isTask(answer) || isKept(sent, answer)",
    to: "isTask(answer) || sent !== undefined",
    tests: [
      "client/NotKept.test.ts: is NotKept when the rule is created, and says that it is there",
      "client/NotKept.test.ts: and when it is updated, also by an upsert of something else"
    ]
  },
  {
    name: "loses what was done where its answer cannot be read",
    file: writing,
    from: `ReadBack.readBack(write, look), "ProtocolViolation"`,
    to: `ReadBack.readBack(write, look), "NotKept" as never`,
    tests: ["client/NotKept.test.ts: or in one that nobody can read is no reason to lose what was done"]
  },
  {
    name: "fails a whole batch for its one bad row",
    file: halving,
    from: "&& rows.length > 1",
    to: "&& rows.length < 1",
    tests: [
      "client/BadRows.test.ts: go in, but for those few, which are named, in a bounded number of requests"
    ]
  },
  {
    name: "searches a batch to the last of its bad rows",
    file: halving,
    from: "(sent >= most || (taken === 0 && sent >= maxRefused))",
    to: "sent < 0",
    tests: ["client/BadRows.test.ts: are not searched to the last one, and that is said"]
  },
  {
    name: "goes on with the next half after an outcome that is unknown",
    file: halving,
    from: "because = unknownOutcome(answer.right)",
    to: "because = undefined",
    tests: ["client/BadRows.test.ts: ends at an outcome that is unknown: nothing more is sent"]
  },
  {
    name: "reads a body that needs the session in the place of its request",
    file: client,
    from: "bufferBody(request, target.maxBodyBytes)",
    to: "Effect.succeed(request)",
    tests: ["auth/bodies.test.ts: that needs the same session"]
  }
]
