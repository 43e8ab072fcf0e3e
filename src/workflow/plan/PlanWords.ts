import * as Predicate from "effect/Predicate"
import { few } from "../../validation/Few.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"
import type { FieldDiff } from "./FieldDiff.ts"
import type { Note, Plan, PlannedChange } from "./Plan.ts"
import * as PlannedId from "./PlannedId.ts"

/** `PlanNames` say what the ids stand for that devices have yet to give. */
export type PlanNames = ReadonlyMap<string, string>

/** `namesOf` are those of a plan. Throws `InvalidInput` for what is no plan. */
export const namesOf = (plan: Plan): PlanNames => {
  // The types say so too; a script in JavaScript has none.
  if (!Predicate.hasProperty(plan, "changes") || !Array.isArray(plan.changes)) {
    throw refuseInput(
      "plan",
      "this is no Plan; Workflow.plan gives an Effect of one, as in Main.run(Effect.andThen(Workflow.plan(…), (plan) => …)), and Workflow.planPromise one to await."
    )
  }
  return namesOfChanges(plan.changes)
}

/** `namesOfChanges` are those of changes that are only planned. */
export const namesOfChanges = (
  changes: ReadonlyArray<Pick<PlannedChange, "action" | "id" | "kind" | "name">>
): PlanNames =>
  new Map(
    changes.flatMap(({ action, id, kind, name }) =>
      action === "create" && id !== undefined
        ? [[id, `known after ${kind} ${name ?? ""} is created`] as const]
        : []
    )
  )

/** `bySection` gives the lines of changes, under a line for each device and step. */
export const bySection = <A extends Pick<PlannedChange, "device" | "step">>(
  changes: ReadonlyArray<A>,
  linesOf: (change: A) => ReadonlyArray<string>
): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let section: string | undefined
  for (const change of changes) {
    const own = [change.device, change.step]
      .filter((part) => part !== "")
      .map((part) => printable(part))
      .join(" · ")
    if (own !== section) lines.push("", own)
    section = own
    lines.push(...linesOf(change))
  }
  return lines
}

/** `noteLines` are what a workflow says of itself. */
export const noteLines = (notes: ReadonlyArray<Note>): ReadonlyArray<string> =>
  notes.length === 0
    ? []
    : [
        "",
        "The workflow says:",
        ...notes.map(({ step, text }) => `  ${printable(`${step === "" ? "" : `${step}: `}${text}`)}`)
      ]

/** `fieldLines` say what becomes of an object's fields. */
export const fieldLines = (
  change: Pick<PlannedChange, "action" | "fields">,
  names: PlanNames
): ReadonlyArray<string> => tellingFields(change).map((one) => `      ${fieldText(one, names)}`)

/** `tellingFields` are those that say more than what an object is. Of what is removed, its name says enough. */
export const tellingFields = ({
  action,
  fields
}: Pick<PlannedChange, "action" | "fields">): ReadonlyArray<FieldDiff> =>
  action === "remove" ? [] : fields.filter(isTelling)

const isTelling = ({ before, field }: FieldDiff): boolean =>
  before !== undefined || (field !== "name" && field !== "type")

/** `fieldText` says what becomes of a field. */
export const fieldText = ({ added, after, before, field, removed }: FieldDiff, names: PlanNames): string => {
  const text = (value: unknown) => valueText(value, names)
  if (added !== undefined || removed !== undefined) {
    const parts = [
      ...(added ?? []).map((one) => `+ ${text(one)}`),
      ...(removed ?? []).map((one) => `- ${text(one)}`)
    ]
    return `${printable(field)}: ${few(parts, maxMembers)}`
  }
  if (before === undefined) return `${printable(field)}: ${text(after)}`
  return `${printable(field)}: ${text(before)} → ${after === undefined ? "nothing" : text(after)}`
}

/** `maxMembers` is how many members of a list are shown: enough to see what kind they are of. */
export const maxMembers = 20

/** `valueText` is a value as JSON, in which ids that are yet to come are told by what they are of. */
export const valueText = (value: unknown, names: PlanNames): string => {
  const named = (one: unknown) => {
    if (typeof one !== "string") return undefined
    const name = names.get(one) ?? (PlannedId.isOne(one) ? yetToCome : undefined)
    return name === undefined ? undefined : `(${name})`
  }
  const text = named(value) ?? JSON.stringify(value, (_, one) => named(one) ?? one)
  return printable(text ?? "nothing")
}

const yetToCome = "an id that the device has yet to give"

/** `undoText` says what has to be known of a change's undo; nothing where it is as it should be. */
export const undoText = ({ undo, undoLoses }: PlannedChange): string => {
  if (typeof undo === "object") return printable(`no undo: ${undo.cannot}`)
  if (undoLoses !== undefined)
    return printable(
      undo === "newId" ? `an undo gives it another id, without ${undoLoses}` : `an undo loses ${undoLoses}`
    )
  return undo === "yes" ? "" : "an undo gives it another id"
}

/** `objectText` is what an object is called, and where it is put. */
export const objectText = ({
  kind,
  name,
  place = {}
}: Pick<PlannedChange, "kind" | "name" | "place">): string => {
  const where = Object.entries(place).map(([word, value]) => `${word} ${value}`)
  const what = name === undefined ? kind : `${kind} ${name}`
  return printable(where.length === 0 ? what : `${what}, at ${where.join(", ")}`)
}

/** `cellsOf` say of a change what it is of, for a table. */
export const cellsOf = (
  change: Pick<PlannedChange, "device" | "step" | "action" | "kind" | "name" | "place">
): ReadonlyArray<string> =>
  [change.device, change.step, change.action, objectText(change)].map((one) => printable(one))

/** `summary` is a plan in one line. */
export const summary = ({ changes, complete, hash, ...others }: Plan): string => {
  const counts = new Map<string, number>()
  for (const { action } of changes) counts.set(action, (counts.get(action) ?? 0) + 1)
  const parts = [...counts].map(([action, count]) => `${count} to ${action}`)
  const all = parts.length === 0 ? "Nothing to change" : parts.join(", ")
  return `${all}${complete ? "" : " so far"}; ${unchangedText(others)}. Plan ${hash.slice(0, 12)}.`
}

/** `unchangedText` counts what is as it is wanted, and names a few. */
export const unchangedText = ({ unchanged, unchangedObjects = [] }: Unchanged): string => {
  const few = unchangedObjects.slice(0, maxNamed).map(objectText)
  const more = unchanged > few.length ? [`${unchanged - few.length} more`] : []
  return `${unchanged} as wanted already${few.length === 0 ? "" : ` (${[...few, ...more].join(", ")})`}`
}

type Unchanged = Pick<Plan, "unchanged" | "unchangedObjects">

const maxNamed = 3

/** `endText` says where a plan cannot see further, and why. */
export const endText = ({ end }: Plan): string | undefined => {
  if (end === undefined) return undefined
  const where = end.step === "" ? "" : ` in step ${JSON.stringify(end.step)}`
  return printable(
    `The plan ends here${where}: ${end.device}: ${end.operation}: ${end.reason} What comes then is not known.`
  )
}

/** `printable` keeps what a device or a script calls something from moving a terminal's cursor. */
export const printable = (text: string, length = 500): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "�").slice(0, length)

/** `printableLines` does so of a text of several lines, whose tabs stay. */
export const printableLines = (text: string): string =>
  text
    .split(/\r?\n/)
    .map((line) =>
      line
        .split("\t")
        .map((part) => printable(part, maxLine))
        .join("\t")
    )
    .join("\n")

const maxLine = 10_000
