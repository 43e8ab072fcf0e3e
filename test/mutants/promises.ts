import type { Mutant } from "./mutants.ts"

const site = "src/promises/CallSite.ts"
const list = "src/promises/PromiseList.ts"
const plain = "src/promises/PromiseClient.ts"
const account = "src/auth/LoginAccount.ts"
const dial = "src/transport/tls/Connect.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "walks data that a client gives as if they were a client",
    file: plain,
    from: `subClients !== undefined && typeof value === "object" && value !== null
      ? mapped(value, subClients)`,
    to: `typeof value === "object" && value !== null ? mapped(value, subClients ?? {})`,
    tests: ["promises/PromiseClient.test.ts: hands on data untouched, whatever they are"]
  },
  {
    name: "throws Effect's proxy of an error",
    file: site,
    from: "const error = Cause.originalError(failure)",
    to: "const error = failure",
    tests: [
      "promises/Promises.test.ts: is the one that was made, can be copied, and has a stack that begins at the script's line"
    ]
  },
  {
    name: "breaks off where there are no options",
    file: "src/plugin/OpenOptions.ts",
    from: "!Predicate.isReadonlyRecord(options)",
    to: "options === null",
    tests: ["plugin/OpenOptions.test.ts: are InvalidInput, which says what to give"]
  },
  {
    name: "does not hear of a kind's own field in the environment",
    file: "src/plugin/KindConfig.ts",
    from: "{ ...set, ...given }",
    to: "{ ...given }",
    tests: ["plugin/OpenOptions.test.ts: has the settings of its kind and of its session beside"]
  },
  {
    name: "does not say which variables are missing",
    file: "src/validation/EnvironmentVariable.ts",
    from: `\${error.path.join("_")} is not set or empty`,
    to: "a variable is not set or empty",
    tests: ["promises/Promises.test.ts: says which variables are missing"]
  },
  {
    name: "prints a list that was not read as an empty object",
    file: list,
    from: "toJSON(): string {",
    to: "asJSON(): string {",
    tests: [
      "promises/PromiseClient.test.ts: that is awaited, printed or made JSON of says that it was not read"
    ]
  },
  {
    name: "waits for the next page of a list that was left",
    file: list,
    from: "left.abort()",
    to: "void left",
    tests: ["promises/PromiseClient.test.ts: that is left while it waits is over at once"]
  },
  {
    name: "takes a password that is plain text for a plugin's fault",
    file: account,
    from: "Redacted.isRedacted(given) ? Redacted.value(given) : given",
    to: "Redacted.isRedacted(given) ? Redacted.value(given) : undefined",
    tests: ["auth/brokenPlugin.test.ts: give a password as plain text are taken, and it is hidden"]
  },
  {
    name: "uses what a connect gives that is no byte stream",
    file: dial,
    from: "if (!isStream(stream)) {",
    to: "if (stream === isStream) {",
    tests: [
      "transport/tls/Connect.test.ts: that gives no byte stream is InvalidInput, which names the option"
    ]
  }
]
