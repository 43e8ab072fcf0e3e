import type { Mutant } from "./mutants.ts"

const rules = "examples/export-rules.ts"
const spellings = "src/transport/redaction/SecretMatches.ts"
const target = "src/transport/Target.ts"
const plainFile = "src/auth/store/RegularFile.ts"
const inputSchema = "src/validation/InputSchema.ts"
const csvTable = "src/documents/CsvTable.ts"
const refusal = "src/transport/StatusError.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "does nothing with members of another form",
    file: "plugins/fmc/kinds/NetworkGroups.ts",
    from: "yield* GroupMembers.check(members)",
    to: "",
    tests: ["options.test.ts: the members of a group"]
  },
  {
    name: "does nothing with members of neither kind",
    file: "plugins/fmc/kinds/GroupMembers.ts",
    from: "literals !== undefined || objects !== undefined",
    to: "literals !== null || objects !== null",
    tests: ["options.test.ts: the members of a group"]
  },
  {
    name: "starts a sandbox by whatever it is given",
    file: "plugins/sandbox/appliance/CheckOptions.ts",
    from: 'InputSchema.decode(Schema.Struct(fields), options, source, "a sandbox")',
    to: "Effect.void",
    tests: ["plugins/sandbox/Options.test.ts: is InvalidInput that names"]
  },
  {
    name: "keeps logins in another folder than the one that is meant",
    file: "src/auth/store/DiskStore.ts",
    from: 'InputSchema.checkSync(diskOptions, options ?? {}, "a store on disk")',
    to: "",
    tests: ["options.test.ts: where a device is"]
  },
  {
    name: "arms a fault that strikes nothing",
    file: "plugins/sandbox/Sandbox.ts",
    from: "Effect.orDie(checkFault(fault))",
    to: "Effect.void",
    tests: ["plugins/sandbox/Options.test.ts: is a defect that is InvalidInput"]
  },
  {
    name: "takes less than nothing, and what is no number, for no time at all",
    file: "src/validation/TimerLength.ts",
    from: "/^(-|NaN)/.test(String(part))",
    to: "part === undefined",
    tests: [
      "plugins/sandbox/Options.test.ts: is InvalidInput that names",
      "options.test.ts: a time that cannot be right"
    ]
  },
  {
    name: "tells the rows of a plan as if the others were done",
    file: "src/client/objects/BulkChanges.ts",
    from: "Bulk.allOrFail(items, recorder?.isPlan)",
    to: "Bulk.allOrFail(items, recorder === null)",
    tests: ["client/BadRows.test.ts: are not told as if the others were done"]
  },
  {
    name: "leads a look at a certificate past the proxy of the environment",
    file: "src/tool/TrustCommand.ts",
    from: "given ?? Option.getOrUndefined(own)?.trim()",
    to: "given",
    tests: ["tool/tool.test.ts: leads through the one that is given"]
  },
  {
    name: "passes over an option that a session has not",
    file: "src/auth/SessionOptions.ts",
    from: "  return checkNames(options)",
    to: "  return Effect.succeed(options)",
    tests: ["misspeltOptions.test.ts: is InvalidInput, which names it"]
  },
  {
    name: "passes over a misspelt field of an account",
    file: "src/auth/Credentials.ts",
    from: "strangerIn(account) ?? validate(account)",
    to: "validate(account)",
    tests: ["misspeltOptions.test.ts: is InvalidInput, which names it"]
  },
  {
    name: "passes over a field that a change has not",
    file: "src/client/changes/Change.ts",
    from: 'OptionNames.faultOf("a change", change, fields) ?? recorder',
    to: "recorder",
    tests: ["options.test.ts: a workflow"]
  },
  {
    name: "makes the devices of a program of whatever it is given",
    file: "src/plugin/Devices.ts",
    from: "const fault = faultOfPlugins(plugins)",
    to: "const fault = undefined as ReturnType<typeof faultOfPlugins>",
    tests: ["options.test.ts: the devices of a program"]
  },
  {
    name: "starts a sandbox whose pairs are of devices that there are not",
    file: "plugins/sandbox/Sandbox.ts",
    from: "yield* CheckNames.faultOf(settings) ?? Effect.void",
    to: "",
    tests: ["plugins/sandbox/Options.test.ts: is InvalidInput that names"]
  },
  {
    name: "puts a rule to another place where its own is misspelt",
    file: "plugins/fmc/Domain.ts",
    from: "Effect.zipRight(PathSegment.join(path), Objects.checkPlace(place))",
    to: "PathSegment.join(path)",
    tests: ["options.test.ts: the verbs of objects"]
  },
  {
    name: "holds a run to a plan without the option that was misspelt",
    file: "src/workflow/guards/AsPlanned.ts",
    from: 'InputSchema.checkSync(asPlannedOptions, options, "asPlanned")',
    to: "",
    tests: ["options.test.ts: what was done, and what it is held to"]
  },
  {
    name: "reads the journals of another folder where its own is misspelt",
    file: "src/workflow/run/CheckOptions.ts",
    from: 'InputSchema.check(undoOptions.pick("folder"), options, "what reads journals")',
    to: "Effect.void",
    tests: ["options.test.ts: what was done, and what it is held to"]
  },
  {
    name: "waits for a device's deployments as if nothing else were said",
    file: "src/promises/PromiseInventory.ts",
    from: "yield* RepeatOptions.checkRepeats(repeats ?? {})",
    to: "",
    tests: ["options.test.ts: the devices of a program"]
  },
  {
    name: "takes a misspelt guard of a command line for none",
    file: "src/commandline/Obeying.ts",
    from: "yield* checkOptions(options)",
    to: "",
    tests: ["options.test.ts: a command line"]
  },
  {
    name: "sends a request without what its script calls data",
    file: "src/client/rest/RestFaults.ts",
    from: `OptionNames.faultOf("a request", options, ["body", "query"]) ?? `,
    to: "",
    tests: ["options.test.ts: requests of one's own"]
  },
  {
    name: "blames a field of another form for a misspelt one",
    file: "src/validation/InputSchema.ts",
    from: "if (stranger !== undefined)",
    to: "if (stranger === null)",
    tests: ["options.test.ts: where a device is"]
  },
  {
    name: "takes a workflow without a function",
    file: "src/workflow/Definition.ts",
    from: `void InputSchema.decodeSync(Definition, workflow, source, "a workflow")`,
    to: "void workflow",
    tests: ["options.test.ts: a workflow"]
  },
  {
    name: "ends the process by the promise that a step was given",
    file: "src/promises/ScriptBody.ts",
    from: "if (isPromise) part.then(undefined, () => undefined)",
    to: "",
    tests: ["options.test.ts: says what to write, and does not end the process"]
  },
  {
    name: "leaves a condition out of an export that it does not know",
    file: rules,
    from: "others.map(",
    to: "others.slice(0, 0).map(",
    tests: ["examples/export-rules.test.ts: says any/any of no rule that has a condition, whatever its shape"]
  },
  {
    name: "writes a formula into an export",
    file: rules,
    from: "{ escape_formulas: true }",
    to: "{}",
    tests: [
      "examples/export-rules.test.ts: names what limits a rule, and is not ended by an odd rule or a formula"
    ]
  },
  {
    name: "masks no secret that stands packed in a device's words",
    file: spellings,
    from: "...matchesEncodedBytes(reading.text, { ...search, depth: depth + 1 })",
    to: "",
    tests: ["transport/redaction/Redaction.test.ts: in them"]
  },
  {
    name: "shows what stands in the environment",
    file: target,
    from: "{ field, isSafeToShow: false }",
    to: "{ field, isSafeToShow: true }",
    tests: ["canaries/configured.test.ts: of the environment is not told"]
  },
  {
    name: "follows a link in the place of a token",
    file: plainFile,
    from: "constants.O_NOFOLLOW ?? 0",
    to: "0",
    tests: ["auth/store/TokenFile.test.ts: is set aside without a change to the file where it is"]
  },
  {
    name: "says half a sentence of what is wrong",
    file: inputSchema,
    from: `cannot be used; give \${form}.`,
    to: `must be \${form}`,
    tests: [
      "validation/InvalidInput.test.ts: says in one sentence what is wrong and what to do, wherever it is found"
    ]
  },
  {
    name: "takes a field of a configuration that its plugin does not know",
    file: inputSchema,
    from: "ExcessFields.failOnExcess(schema, given)",
    to: "Effect.void",
    tests: ["plugin/Devices.test.ts: has a configuration that takes no field that it does not know"]
  },
  {
    name: "reads a spreadsheet's semicolons as part of a cell",
    file: csvTable,
    from: `[",", ";", "\\t"]`,
    to: `[","]`,
    tests: [
      "examples/import-hosts.test.ts: takes a file as a spreadsheet writes it, and says which columns it lacks"
    ]
  },
  {
    name: "does not say of a server that it is no FMC",
    file: refusal,
    from: "messages.length === 0 &&\n",
    to: "messages.length < 0 &&\n",
    tests: ["errors.test.ts: tells the truth of"]
  },
  {
    name: "takes the fields of a promise for those of an object",
    file: "src/client/objects/ObjectWrites.ts",
    from: "GivenValue.isPlainObject(given) ? withoutDeviceFields(given) : given",
    to: "withoutDeviceFields(given)",
    tests: ["client/NoObjects.test.ts: is told by each verb that takes one"]
  },
  {
    name: "does not say whose a folder is that is refused",
    file: "src/auth/store/StateFolder.ts",
    from: `explaining("folder")`,
    to: "(effect) => effect",
    tests: ["auth/store/WhoseFile.test.ts: for its owner is told with that one, and with whoever runs this"]
  },
  {
    name: "takes a promise for options that are all left out",
    file: "src/validation/InputSchema.ts",
    from: "  pendingIn(schema, given, source, owner) ??\n",
    to: "",
    tests: ["client/NoObjects.test.ts: is no options: not all devices are deployed to"]
  },
  {
    name: "lets a script take a promise for what comes of it",
    file: "src/promises/PromiseClient.ts",
    from: "return pending(promised(value, subClients, site))",
    to: "return promised(value, subClients, site)",
    tests: ["client/pending.test.ts: a promise that is not awaited"]
  },
  {
    name: "lets a script take a stream for an Effect",
    file: "src/client/objects/Collection.ts",
    from: "Pending.stream(reads.list(options))",
    to: "reads.list(options)",
    tests: ["client/pending.test.ts: a stream that was not read"]
  },
  {
    name: "sends the word for what is Redacted in its place",
    file: "src/validation/JsonValue.ts",
    from: "if (!isPlain(one)) return",
    to: "if (!isPlain(one) && !Redacted.isRedacted(one)) return",
    tests: ["validation/JsonValue.test.ts: is not what is Redacted"]
  },
  {
    name: "sends null for what is no number",
    file: "src/validation/JsonValue.ts",
    from: "return Number.isFinite(one) ? undefined :",
    to: "return 1 > 0 ? undefined :",
    tests: ["validation/JsonValue.test.ts: is not NaN"]
  },
  {
    name: "sends the body of a request as JSON makes it",
    file: "src/client/rest/Rest.ts",
    from: 'JsonValue.faultOf("body", body) ??',
    to: "undefined ??",
    tests: ["validation/JsonValue.test.ts: is refused before anything is sent"]
  }
]
