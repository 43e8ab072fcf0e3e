import * as Schema from "effect/Schema"
import { ChangeOutcome, Showing, TakenBack } from "./JournaledChange.ts"

const Fields = Schema.Record({ key: Schema.String, value: Schema.Unknown })
const Words = Schema.Record({ key: Schema.String, value: Schema.String })
const Number = Schema.NonNegativeInt
const at = { at: Schema.String }

/** `UndoRequest` is one request by which a change is taken back, as `Change.UndoRequest` has it. */
const UndoRequest = Schema.Struct({
  method: Schema.Literal("POST", "PUT", "DELETE"),
  path: Schema.String,
  id: Schema.optional(Schema.String),
  find: Schema.optional(Schema.String),
  query: Schema.optional(Words),
  body: Schema.optional(Fields),
  expect: Schema.optional(Fields),
  formerId: Schema.optional(Schema.String),
  place: Schema.optional(Words),
  loses: Schema.optional(Schema.String),
  follows: Schema.optional(Schema.Boolean),
  isWhole: Schema.optional(Schema.Boolean),
  settings: Schema.optional(Schema.Record({ key: Schema.String, value: Schema.Array(Fields) }))
})
const Undo = Schema.Union(Schema.Array(UndoRequest), Schema.Struct({ cannot: Schema.String }))

/** `Lookup` is how its objects are looked for, as `Change.Lookup` has it. */
const Lookup = Schema.Struct({
  where: Schema.optional(Fields),
  values: Schema.optional(Schema.Struct({ field: Schema.String, from: Schema.String })),
  members: Schema.optional(Schema.Boolean)
})

const BodyInBulk = Schema.Struct({ query: Words, most: Number, bytes: Number })

/** `InBulk` is which requests write many objects of its list, as `Change.List` has it. */
const InBulk = Schema.Struct({
  create: Schema.optional(BodyInBulk),
  update: Schema.optional(BodyInBulk),
  remove: Schema.optional(
    Schema.Struct({
      query: Words,
      ids: Schema.String,
      prefix: Schema.String,
      most: Number,
      characters: Number
    })
  )
})

const ObjectChange = Schema.Struct({
  name: Schema.optional(Schema.String),
  id: Schema.optional(Schema.String),
  before: Schema.optional(Fields),
  after: Schema.optional(Fields),
  others: Schema.optional(Schema.Array(Schema.String))
})

/** `Begun` is the first line: whose run it is, and on which devices. */
const Begun = Schema.TaggedStruct("begun", {
  version: Schema.Literal(1),
  run: Schema.String,
  workflow: Schema.String,
  /** `devices` are by the parts that they play. */
  devices: Schema.Record({
    key: Schema.String,
    value: Schema.Struct({ kind: Schema.String, name: Schema.String, origin: Schema.String })
  }),
  /** `input` is the input as it was given; what is secret in it is masked. */
  input: Schema.Unknown,
  /** `plan` is the hash of the plan that it was given. */
  plan: Schema.optional(Schema.String),
  ...at
})

/** `Resumed` begins each further go. */
const Resumed = Schema.TaggedStruct("resumed", at)

/** `Intent` stands before a change is sent. */
const Intent = Schema.TaggedStruct("intent", {
  number: Number,
  key: Schema.String,
  step: Schema.String,
  device: Schema.String,
  path: Schema.String,
  query: Schema.optional(Words),
  kind: Schema.String,
  action: Schema.String,
  place: Schema.optional(Words),
  lookup: Schema.optional(Lookup),
  inBulk: Schema.optional(InBulk),
  holds: Schema.optional(Schema.Array(Schema.String)),
  settings: Schema.optional(Schema.Array(Schema.String)),
  /** `secrets` are the paths of its fields that hold secrets, where they are declared. */
  secrets: Schema.optional(Schema.Array(Schema.String)),
  objects: Schema.Array(ObjectChange),
  shown: Schema.optional(Schema.Array(Showing)),
  undo: Undo,
  ...at
})

/** `Outcome` stands behind it, once something is known of it. */
const Outcome = Schema.TaggedStruct("outcome", {
  number: Number,
  outcome: ChangeOutcome,
  /** `became` is what became of each object: as the device has it, or what is known of it. */
  became: Schema.optional(Schema.Array(Schema.Union(Fields, Schema.Literal("done", "unknown", "none")))),
  /** `answer` is what its verb answered, where that can be kept. */
  answer: Schema.optional(Schema.Struct({ value: Schema.optional(Schema.Unknown) })),
  undo: Schema.optional(Undo),
  error: Schema.optional(Schema.Struct({ tag: Schema.String, message: Schema.String })),
  /** `refusal` is how a device refused it, where that was its answer. */
  refusal: Schema.optional(
    Schema.Struct({
      operation: Schema.String,
      status: Number,
      messages: Schema.Array(Schema.String),
      isAbsent: Schema.optionalWith(Schema.Boolean, { exact: true })
    })
  ),
  ...at
})

/** `StepDone` has the result of a step whose Schema is known. */
const StepDone = Schema.TaggedStruct("step", {
  key: Schema.String,
  result: Schema.optional(Schema.Unknown),
  ...at
})

/** `Undoing` is the door that goes one way: what has begun to be undone is never gone on with. */
const Undoing = Schema.TaggedStruct("undoing", at)

/** `TakingBack` stands before a request of an undo is sent, and `TookBack` behind it. */
const TakingBack = Schema.TaggedStruct("takingBack", { number: Number, request: Number, ...at })
const Took = {
  number: Number,
  request: Schema.optional(Number),
  ...TakenBack.fields
}
const TookBack = Schema.TaggedStruct("tookBack", { ...Took, ...at })

/** `TakingAllBack` stands before several requests of an undo are sent as one, and `TookAllBack` behind it. */
const TakingAllBack = Schema.TaggedStruct("takingAllBack", {
  requests: Schema.Array(Schema.Struct({ number: Number, request: Number })),
  ...at
})
const TookAllBack = Schema.TaggedStruct("tookAllBack", { results: Schema.Array(Schema.Struct(Took)), ...at })

/** `Ended` is the last line of a go. */
const Ended = Schema.TaggedStruct("ended", {
  outcome: Schema.Literal("done", "failed", "interrupted", "refused"),
  errors: Schema.Array(Schema.Struct({ tag: Schema.String, message: Schema.String })),
  /** `unasked` are the numbers of the changes that a resumed run's script did not ask for any more. */
  unasked: Schema.optional(Schema.Array(Number)),
  ...at
})

/** `JournalLine` is one line of a run's journal. Secrets in it are masked. */
export const JournalLine = Schema.Union(
  Begun,
  Resumed,
  Intent,
  Outcome,
  StepDone,
  Undoing,
  TakingBack,
  TookBack,
  TakingAllBack,
  TookAllBack,
  Ended
)
export type JournalLine = typeof JournalLine.Type
export type Begun = typeof Begun.Type
export type Intent = typeof Intent.Type
export type Outcome = typeof Outcome.Type
