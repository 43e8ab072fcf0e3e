import * as Predicate from "effect/Predicate"
import { InvalidInput } from "../transport/DeviceError.ts"
import type { FieldDiff } from "./FieldDiff.ts"
import type { Plan, PlannedChange } from "./Plan.ts"

/** `PlanNames` say what the ids stand for that devices have yet to give. */
export type PlanNames = ReadonlyMap<string, string>

export const namesOf = (plan: Plan): PlanNames => {
  // The types say so too; a script in JavaScript has none.
  if (!Predicate.hasProperty(plan, "changes") || !Array.isArray(plan.changes)) {
    const message =
      "plan: this is no Plan; Workflow.plan gives an Effect of one, as in Main.run(Effect.andThen(Workflow.plan(…), (plan) => …)), and Workflow.planPromise one to await."
    throw new InvalidInput({ field: "plan", message })
  }
  const { changes } = plan
  return new Map(
    changes.flatMap(({ action, id, kind, name }) =>
      action === "create" && id !== undefined
        ? [[id, `known after ${kind} ${name ?? ""} is created`] as const]
        : []
    )
  )
}

/** `fieldText` says what becomes of a field. */
export const fieldText = ({ added, after, before, field, removed }: FieldDiff, names: PlanNames): string => {
  const text = (value: unknown) => valueText(value, names)
  if (added !== undefined || removed !== undefined) {
    const parts = [
      ...(added ?? []).map((one) => `+ ${text(one)}`),
      ...(removed ?? []).map((one) => `- ${text(one)}`)
    ]
    const more = parts.length > maxMembers ? `, and ${parts.length - maxMembers} more` : ""
    return `${printable(field)}: ${parts.slice(0, maxMembers).join(", ")}${more}`
  }
  if (before === undefined) return `${printable(field)}: ${text(after)}`
  return `${printable(field)}: ${text(before)} → ${after === undefined ? "nothing" : text(after)}`
}

// Enough to see what kind they are of.
const maxMembers = 20

const valueText = (value: unknown, names: PlanNames): string => {
  const named = (one: unknown) =>
    typeof one === "string" && names.has(one) ? `(${names.get(one)})` : undefined
  const text = named(value) ?? JSON.stringify(value, (_, one) => named(one) ?? one)
  return printable(text ?? "nothing")
}

/** `undoText` says what has to be known of a change's undo; nothing where it is as it should be. */
export const undoText = ({ undo }: PlannedChange): string => {
  if (undo === "yes") return ""
  return undo === "newId" ? "an undo gives it another id" : printable(`no undo: ${undo.cannot}`)
}

/** `objectText` is what an object is called. */
export const objectText = ({ kind, name }: PlannedChange): string =>
  printable(name === undefined ? kind : `${kind} ${name}`)

/** `summary` is a plan in one line. */
export const summary = ({ changes, complete, hash, unchanged }: Plan): string => {
  const counts = new Map<string, number>()
  for (const { action } of changes) counts.set(action, (counts.get(action) ?? 0) + 1)
  const parts = [...counts].map(([action, count]) => `${count} to ${action}`)
  const all = parts.length === 0 ? "Nothing to change" : parts.join(", ")
  return `${all}${complete ? "" : " so far"}; ${unchanged} as wanted already. Plan ${hash.slice(0, 12)}.`
}

/** `endText` says where a plan cannot see further, and why. */
export const endText = ({ end }: Plan): string | undefined => {
  if (end === undefined) return undefined
  const where = end.step === "" ? "" : ` in step ${JSON.stringify(end.step)}`
  return printable(
    `The plan ends here${where}: ${end.device}: ${end.operation}: ${end.reason} What comes then is not known.`
  )
}

/** `printable` keeps what a device or a script calls something from moving a terminal's cursor. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "�").slice(0, 500)
