import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { InvalidInput } from "../transport/DeviceError.ts"
import type { JournalFailed } from "../workflow/journal/JournalFailed.ts"
import type { JournalFile } from "../workflow/journal/JournalFile.ts"
import { decodedBy, timed, type Untimed } from "../workflow/journal/JournalLines.ts"
import type { JournalHome, JournalOptions } from "../workflow/journal/JournalPlace.ts"
import type { RunHeld } from "../workflow/journal/RunHeld.ts"
import * as RunStore from "../workflow/journal/RunStore.ts"
import { RunError } from "../workflow/report/RunReport.ts"
import { deviceFacts } from "./DeviceRun.ts"
import { FleetReport, Stopped } from "./FleetReport.ts"
import { ShareConfig } from "./Share.ts"

const at = { at: Schema.String }
const Place = Schema.NonNegativeInt

/** `Begun` is the first line: on which devices, and in which waves. */
const Begun = Schema.TaggedStruct("begun", {
  version: Schema.Literal(1),
  fleet: Schema.String,
  workflow: Schema.String,
  kind: Schema.String,
  devices: Schema.Array(Schema.String),
  leftOut: FleetReport.fields.leftOut,
  waves: Schema.Array(Schema.Struct({ from: Place, to: Place, isCanary: Schema.Boolean })),
  stopAfter: Schema.optional(ShareConfig),
  rerunOf: Schema.optional(Schema.String),
  /** `approved` are the hashes of the devices' plans, by their names, where they were approved. */
  approved: Schema.optional(Schema.Record({ key: Schema.String, value: Schema.String })),
  /** `planned` are what the plan shows for the devices that the fleet is held to. */
  planned: Schema.optional(Schema.Record({ key: Schema.String, value: Schema.String })),
  /** `input` is the input as it was given; what is secret in it is masked. It is left out where each has its own. */
  input: Schema.optional(Schema.Unknown),
  ...at
})

/** `Resumed` begins each further go. */
const Resumed = Schema.TaggedStruct("resumed", at)

/** `Started` stands before the journal of a device's run begins: so each run that has changed something is known. */
const Started = Schema.TaggedStruct("started", { device: Schema.String, run: Schema.String, ...at })

/** `Ended` stands behind what became of a device. */
const Ended = Schema.TaggedStruct("ended", { ...deviceFacts, ...at })

/** `Undoing` is the door that goes one way, and `TookBack` what became of the undo of a device. */
const Undoing = Schema.TaggedStruct("undoing", at)
const TookBack = Schema.TaggedStruct("tookBack", {
  device: Schema.String,
  state: deviceFacts.state,
  errors: Schema.Array(RunError),
  ...at
})

/** `Over` is the last line: it is not gone on with any more. */
const Over = Schema.TaggedStruct("over", {
  outcome: FleetReport.fields.outcome,
  stop: Schema.optional(Stopped),
  ...at
})

/** `FleetLine` is one line of a fleet's journal. Secrets in it are masked. */
export const FleetLine = Schema.Union(Begun, Resumed, Started, Ended, Undoing, TookBack, Over)
export type FleetLine = typeof FleetLine.Type
export type Begun = typeof Begun.Type

/** `FleetJournal` is the journal of a fleet, to which this process alone adds. */
export interface FleetJournal {
  readonly path: string
  /** `append` writes a line, which is on the disk before it succeeds. */
  readonly append: (line: Untimed<FleetLine>) => Effect.Effect<void, JournalFailed>
}

/** `create` begins the journal of a fleet. Fails with `JournalFailed`. */
export const create = (
  options: JournalOptions,
  fleet: string
): Effect.Effect<FleetJournal, JournalFailed | InvalidInput, Scope.Scope> =>
  Effect.map(RunStore.create(homeOf(options), fleet), make)

/** `reopen` goes on with it. Fails with `JournalFailed`, and with `RunHeld` where another process is at it. */
export const reopen = (
  options: JournalOptions,
  fleet: string
): Effect.Effect<
  FleetJournal & { readonly lines: ReadonlyArray<FleetLine> },
  JournalFailed | RunHeld | InvalidInput,
  Scope.Scope
> =>
  Effect.gen(function* () {
    const file = yield* RunStore.reopen(homeOf(options), fleet)
    return { ...make(file), lines: yield* decoded(file) }
  })

/** `read` gives the lines of it as they are now. Fails with `JournalFailed`. */
export const read = (
  options: JournalOptions,
  fleet: string
): Effect.Effect<
  { readonly path: string; readonly lines: ReadonlyArray<FleetLine> },
  JournalFailed | InvalidInput
> =>
  Effect.gen(function* () {
    const file = yield* RunStore.read(homeOf(options), fleet)
    return { path: file.path, lines: yield* decoded(file) }
  })

/** `list` gives the ids of the fleets that have one, the one to which was added last first. */
export const list = (options: JournalOptions): Effect.Effect<ReadonlyArray<string>, JournalFailed> =>
  RunStore.runs(homeOf(options))

const homeOf = ({ folder }: JournalOptions): JournalHome => ({
  folder: folder === undefined ? undefined : join(folder, "fleets"),
  of: "fleets"
})

const make = ({ append, path }: JournalFile): FleetJournal => ({
  path,
  append: (line) => Effect.flatMap(timed(line), (one) => append(one))
})

const decoded = decodedBy(FleetLine)
