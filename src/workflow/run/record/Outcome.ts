import { isDeepStrictEqual } from "node:util"
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { Became, Change, Description } from "../../../client/changes/Change.ts"
import type { Fields } from "../../../client/fields/ListEntry.ts"
import * as Secrets from "../../../client/fields/Secrets.ts"
import { withoutDeviceFields } from "../../../client/objects/ObjectWrites.ts"
import { NotKept } from "../../../client/writes/NotKept.ts"
import { hasRefused } from "../../../client/writes/Refused.ts"
import { DeviceRefused } from "../../../transport/DeviceError.ts"
import type { ChangeOutcome } from "../../journal/JournaledChange.ts"
import type { Outcome } from "../../journal/JournalLine.ts"
import { withoutSecrets } from "../../KnownSecrets.ts"
import { safe } from "../../SafeUndo.ts"

type Facts = Omit<Outcome, "_tag" | "at" | "number">

/**
 * `outcomeOf` is what a journal keeps of what became of a change. Where the device has accepted a write of it, no failure
 * of what followed, such as to ask for the job that it began, says that nothing was done.
 */
export const outcomeOf = <A, E>(change: Change<A>, exit: Exit.Exit<A, E>, wasAccepted = false): Facts =>
  Exit.match(exit, {
    onSuccess: (answer) => {
      const became = change.became?.(answer)
      return {
        outcome: became === undefined ? "done" : overall(became),
        ...(became !== undefined && { became: became.map((one) => kept(one, change)) }),
        ...keptAnswer(change, answer),
        undo: safe(change.undo(Option.some(answer)), change)
      }
    },
    onFailure: (cause) => {
      const error = Cause.isInterruptedOnly(cause) ? undefined : Cause.squash(cause)
      return {
        ...failure(change, error, wasAccepted),
        ...(!wasAccepted && refusalOf(error)),
        error:
          error === undefined
            ? { tag: "Interrupted", message: "it was interrupted before it was over." }
            : { tag: tagOf(error), message: withoutSecrets(messageOf(error), Secrets.textsOf(change)) }
      }
    }
  })

const failure = <A>(
  change: Change<A>,
  error: unknown,
  wasAccepted: boolean
): Pick<Facts, "outcome" | "became" | "undo"> => {
  if (error instanceof NotKept && error.item !== undefined) return notKept(change, error)
  return { outcome: !wasAccepted && hasRefused(error) ? "refused" : "unknown" }
}

/** `notKept` is a change that is there, and not as it was sent: what it is now is what its undo may take back. */
const notKept = <A>(change: Change<A>, { id, item }: NotKept): Pick<Facts, "outcome" | "became" | "undo"> => {
  const undo = safe(change.undo(Option.none()), change)
  // It is an object, as it was read.
  const there = item as Fields
  const expect = Secrets.maskedFields(withoutDeviceFields(there), Secrets.declared(change.secrets))
  return {
    outcome: "done",
    became: [kept(there, change)],
    undo:
      "cannot" in undo || undo.length !== 1 || undo[0]?.expect === undefined
        ? undo
        : [{ ...undo[0], ...(id !== undefined && { id, find: undefined }), expect }]
  }
}

/** `refusalOf` is a device's answer by which it has refused a change. */
const refusalOf = (error: unknown): Pick<Facts, "refusal"> => {
  if (!(error instanceof DeviceRefused) || !hasRefused(error)) return {}
  const { isAbsent, messages, operation, status } = error
  return { refusal: { operation, status, messages, ...(isAbsent !== undefined && { isAbsent }) } }
}

const overall = (became: ReadonlyArray<Became>): ChangeOutcome => {
  if (became.includes("unknown")) return "unknown"
  return became.length > 0 && became.every((one) => one === "none") ? "refused" : "done"
}

const kept = (one: Became, { secrets }: Pick<Description, "secrets">) =>
  typeof one === "string" ? one : Secrets.maskedFields(one, Secrets.declared(secrets))

/** `keptAnswer` is what a journal may keep of an answer. */
export const keptAnswer = <A>(
  {
    again,
    answer: schema,
    ...change
  }: Pick<Change<A>, "again" | "answer" | "secrets"> & Partial<Pick<Description, "objects">>,
  answer: A
): Pick<Facts, "answer"> => {
  if (again !== undefined) return {}
  const value = schema === undefined ? answer : Schema.encodeSync(schema)(answer)
  if (value === undefined) return { answer: {} }
  const { objects = [], secrets } = change
  const isPlain = isDeepStrictEqual(Secrets.masked(asJson(value), Secrets.declared(secrets)), value)
  return isPlain && !Secrets.holds(value, Secrets.textsOf({ objects, secrets })) ? { answer: { value } } : {}
}

const asJson = (value: unknown): unknown => {
  try {
    return JSON.parse(JSON.stringify(value))
  } catch {
    return undefined
  }
}

const tagOf = (error: unknown): string =>
  Predicate.hasProperty(error, "_tag") ? String(error._tag) : error instanceof Error ? error.name : "Error"

const messageOf = (error: unknown): string =>
  Predicate.hasProperty(error, "_tag") && error instanceof Error
    ? error.message
    : "the script's own error; its words are not kept, since they may hold secrets."
