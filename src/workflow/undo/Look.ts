import * as Effect from "effect/Effect"
import type { SessionError } from "../../auth/AuthError.ts"
import type { ObjectChange } from "../../client/changes/Change.ts"
import type { Fields } from "../../client/fields/ListEntry.ts"
import * as ReadBack from "../../client/writes/ReadBack.ts"
import type { JournaledChange, Present } from "../journal/JournaledChange.ts"
import * as Members from "./Members.ts"
import * as ObjectState from "./ObjectState.ts"
import * as Readings from "./Readings.ts"
import type { UndoDevice } from "./UndoDevice.ts"

/**
 * `Looked` says of an object of a change whether it is as the change leaves it. `changedSince` is neither that nor as it
 * was before; without an item it is gone. `unknown` is what nobody can look for.
 */
export type Looked =
  | { readonly how: "happened"; readonly item?: Present | undefined }
  | { readonly how: "notHappened" }
  | { readonly how: "changedSince"; readonly item?: Present | undefined }
  | { readonly how: "unknown"; readonly why: string }

/**
 * `look` says of each object of a change whether it is on the device as the change leaves it. What is not there yet is
 * looked for again, as `ReadBack.ReadBackSchedule` says: the device may still be at it. Fails as the session does.
 */
export const look = (
  device: UndoDevice,
  change: JournaledChange
): Effect.Effect<ReadonlyArray<Looked>, SessionError> =>
  Effect.gen(function* () {
    const schedule = yield* ReadBack.ReadBackSchedule
    let last: ReadonlyArray<Looked> = []
    const once = Effect.flatMap(lookOnce(device, change), (all) => {
      last = all
      return all.some(({ how }) => how === "notHappened") ? Effect.fail("NotYet" as const) : Effect.void
    })
    yield* Effect.retry(once, { schedule, while: (error) => error === "NotYet" }).pipe(
      Effect.catchIf(
        (error): error is "NotYet" => error === "NotYet",
        () => Effect.void
      )
    )
    return last
  })

const lookOnce = (device: UndoDevice, change: JournaledChange) =>
  Effect.suspend(() => {
    const byId = change.objects.filter(({ id }) => id !== undefined).length
    // What was read in an earlier look is of no use.
    const readings = Readings.make(device, () => byId)
    return Effect.forEach(change.objects, (object): Effect.Effect<Looked, SessionError> => {
      const why = unlookable(change, object)
      if (why !== undefined) return Effect.succeed({ how: "unknown", why })
      return Effect.map(readings.find(change, soughtBy(change, object)), (there) =>
        judged(change, object, there)
      )
    })
  })

/** `unlookable` says why nobody can see whether it has happened. */
const unlookable = (
  { action, lookup }: JournaledChange,
  { after, before, id, name }: ObjectChange
): string | undefined => {
  const isKnown = action === "create" || action === "update" || action === "remove"
  if (
    !isKnown ||
    (after !== undefined && Object.keys(after).length === 0) ||
    (action === "update" && !before)
  )
    return "No object shows whether this was done; look at the device."
  return lookup === undefined && before === undefined && id === undefined && name === undefined
    ? "It has neither a name nor an id to find it by; look at the device."
    : undefined
}

const soughtBy = (
  { lookup }: JournaledChange,
  { after, before, id, name }: ObjectChange
): Readings.Sought => {
  if (lookup?.values !== undefined || lookup?.where !== undefined) return {}
  if (id !== undefined) return { id }
  return before === undefined ? { name, like: after } : {}
}

const judged = (
  { lookup }: JournaledChange,
  { after, before, id = "" }: ObjectChange,
  there: Fields | undefined
): Looked => {
  const states = { before, after }
  const state =
    lookup?.members === true ? Members.memberState(states, there) : ObjectState.stateOf(states, there, lookup)
  const item = there && { ...there, id: typeof there.id === "string" ? there.id : id }
  if (state === "after") return { how: "happened", item }
  if (state === "before") return { how: "notHappened" }
  if (state === "other") return { how: "changedSince", item }
  return { how: "unknown", why: "What it changes, no device shows again; look at the device." }
}
