import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { SessionError } from "../../../auth/AuthError.ts"
import type { Change } from "../../../client/changes/Change.ts"
import type { Entry } from "../../../client/fields/ListEntry.ts"
import { isMasked } from "../../../client/fields/Secrets.ts"
import * as ReadBack from "../../../client/writes/ReadBack.ts"
import { DeviceRefused, OutcomeUnknown } from "../../../transport/DeviceError.ts"
import type { PastChange } from "../../journal/RunHistory.ts"

/** `Read` reads an object that a change has made, from the device. */
export type Read = (change: PastChange, id: string) => Effect.Effect<Entry, unknown>

/**
 * `answered` gives what an earlier go got for a change, and sends nothing of it: what is not kept is looked for, where the
 * change says how. Fails with a sentence where nobody knows it any more.
 */
export const answered = <A>(
  change: Change<A>,
  earlier: PastChange,
  read: Read
): Effect.Effect<A, SessionError | string> => {
  if (change.again !== undefined) {
    const { again } = change
    return Effect.flatMap(thereNow(change, earlier, read), again)
  }
  if (earlier.answer !== undefined) {
    const { value } = earlier.answer
    // It was encoded by the same Schema, or is JSON as it was.
    return Effect.sync(() =>
      change.answer === undefined ? (value as A) : Schema.decodeUnknownSync(change.answer)(value)
    )
  }
  if (change.look !== undefined)
    return Effect.flatMap(
      Effect.catchTag(lookAgain(change.look, earlier), "OutcomeUnknown", () => Effect.fail(notKept)),
      Option.match({ onNone: () => Effect.fail(notKept), onSome: Effect.succeed })
    )
  return change.planned === undefined
    ? Effect.fail(notKept)
    : Effect.succeed(change.planned(change.objects.map(({ id = "" }) => id)))
}

const notKept =
  "the run that is resumed has done it, and its answer is not kept, since it may hold a secret. Undo the run, or go on by hand."

/** `thereNow` are its objects as the device answered them; those that it has not done are `undefined`. */
const thereNow = <A>(
  { objects }: Change<A>,
  earlier: PastChange,
  read: Read
): Effect.Effect<ReadonlyArray<Entry | undefined>, string> =>
  Effect.forEach(
    earlier.became ?? objects.map(() => "done" as const),
    (one): Effect.Effect<Entry | undefined, unknown> => {
      if (typeof one === "string") return Effect.succeed(one === "done" ? {} : undefined)
      // What is masked is no object for a script.
      return isMasked(one) && typeof one.id === "string" ? read(earlier, one.id) : Effect.succeed(one)
    }
  ).pipe(
    Effect.mapError(
      () =>
        "the run that is resumed has done it, and what came of it cannot be read from the device. Undo the run, or go on by hand."
    )
  )

/** `refusedAgain` fails as the device has refused a change, where the script of an earlier go went on after that. */
export const refusedAgain = (
  { targetName }: PastChange,
  refusal: Exclude<PastChange["refusal"], undefined>
): Effect.Effect<never, DeviceRefused> => Effect.fail(new DeviceRefused({ targetName, ...refusal }))

/** `lookAgain` says whether an earlier go has done it, by the schedule of read-back. Fails where that cannot be read. */
export const lookAgain = <A>(
  look: Effect.Effect<Option.Option<A>, SessionError>,
  { action, path, targetName }: PastChange
): Effect.Effect<Option.Option<A>, SessionError> => {
  const operation = `${action} ${path}`
  const lost = new OutcomeUnknown({ targetName, operation, reason: "the run that is resumed was killed" })
  return ReadBack.readBack(Effect.fail(lost), look).pipe(
    Effect.asSome,
    Effect.catchIf(
      (error) => error.readBack === "Absent",
      () => Effect.succeedNone
    )
  )
}

/** `doubt` says that nobody knows whether an earlier go has done it. */
export const doubt = ({ error }: PastChange): string =>
  `nobody can tell whether the run that is resumed has done it${error === undefined ? "." : `: ${error.message}`} Look at the device; then undo the run, or go on by hand.`
