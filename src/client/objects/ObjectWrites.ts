import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type { SessionError } from "../../auth/AuthError.ts"
import { type InvalidInput, OutcomeUnknown, type ProtocolViolation } from "../../transport/DeviceError.ts"
import { joinMessages } from "../../transport/redaction/Redaction.ts"
import * as GivenValue from "../../validation/GivenValue.ts"
import * as JsonValue from "../../validation/JsonValue.ts"
import * as PathSegment from "../../validation/PathSegment.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"
import { differences } from "../fields/Difference.ts"
import type { Entry, Known, Unnamed } from "../fields/ListEntry.ts"
import * as Secrets from "../fields/Secrets.ts"
import { NotKept, type WriteError } from "../writes/NotKept.ts"
import * as ReadBack from "../writes/ReadBack.ts"
import type { CollectionOptions, Verbs } from "./Verbs.ts"

/**
 * `ObjectWrites` are the changes of one object, each read back where its answer is lost, and held against what was
 * sent.
 */
export interface ObjectWrites<A extends Entry, W extends Unnamed> {
  readonly create: (wanted: W) => Effect.Effect<A, WriteError>
  readonly update: (item: Known<A>) => Effect.Effect<A, WriteError>
  readonly remove: (id: string) => Effect.Effect<void, SessionError>
  /** `removeIfPresent` removes what may be gone already. */
  readonly removeIfPresent: (id: string) => Effect.Effect<void, SessionError>
  /** `check` finds what is wrong with it before it is sent. */
  readonly check: (wanted: W) => InvalidInput | undefined
}

export const make = <A extends Entry, W extends Unnamed, Listing>(
  backend: Verbs<A, W, Listing> & CollectionOptions<A, W>
): ObjectWrites<A, W> => {
  const { find, get, isNamed = true, path = "", secrets, targetName = "the device" } = backend

  const check = (wanted: W): InvalidInput | undefined =>
    checkObject("wanted", wanted) ??
    checkName(wanted, isNamed) ??
    JsonValue.faultOf("body", wanted) ??
    backend.check?.(wanted)

  /** `unkept` are the fields in which what is there is not as it was sent, but for secrets: no device shows those. */
  const unkept = (sent: Unnamed, there: A): ReadonlyArray<string> =>
    unkeptFields(secrets === undefined ? sent : Secrets.maskedFields(sent, Secrets.declared(secrets)), there)

  const isKept = (sent: Unnamed, there: A): boolean => unkept(sent, there).length === 0

  /** `withoutEcho` masks secrets of what is sent where the device repeats them. */
  const withoutEcho = <B>(sent: Unnamed, write: Effect.Effect<B, WriteError>) =>
    Effect.mapError(write, (error) =>
      Secrets.withoutEcho(error, Secrets.textsOf({ objects: [{ name: sent.name, after: sent }], secrets }))
    )

  /**
   * `verified` gives what came of a change: a device may answer in a short form, so what is missing is looked for once
   * more.
   */
  const verified = (
    method: string,
    sent: Unnamed,
    answer: A,
    known: string | undefined = answer.id
  ): Effect.Effect<A, WriteError> => {
    if (isTask(answer) || isKept(sent, answer)) return Effect.succeed(answer)
    const operation = `${method} ${path}`
    const judged = (item: A | undefined): Effect.Effect<A, WriteError> => {
      const fields = item === undefined ? Object.keys(sent) : unkept(sent, item)
      const [objectName, id] = [item?.name ?? sent.name, item?.id]
      return item !== undefined && fields.length === 0
        ? Effect.succeed(item)
        : Effect.fail(new NotKept({ targetName, operation, objectName, id, fields, item }))
    }
    const isShown = typeof known === "string" || Object.keys(sent).some((field) => field in answer)
    return Effect.matchEffect(readAgain(sent, known), {
      onFailure: () =>
        isShown
          ? judged(answer)
          : Effect.fail(
              new OutcomeUnknown({ targetName, operation, reason: notShown, readBack: "Unreadable" })
            ),
      onSuccess: (there) => judged(Option.getOrUndefined(there))
    })
  }

  const readAgain = (
    sent: Unnamed,
    id: string | undefined
  ): Effect.Effect<Option.Option<A>, SessionError | Unseen> => {
    if (typeof id === "string") return Effect.asSome(get(id))
    // What has no name cannot be told from what was there before.
    return typeof sent.name === "string" ? find(sent.name) : Effect.fail(unseen)
  }

  const create = (given: W): Effect.Effect<A, WriteError> =>
    Effect.suspend(() => {
      const wanted = wantedOf(given)
      const invalid = check(wanted)
      if (invalid !== undefined) return Effect.fail(invalid)
      const { name } = wanted
      // What has no name cannot be told from what was there before.
      const look = typeof name === "string" ? find(name) : Effect.succeedNone
      const ours = Effect.map(
        look,
        Option.filter((there: A) => isKept(wanted, there))
      )
      return Effect.flatMap(readBack(withoutEcho(wanted, backend.create(wanted)), ours), (answer) =>
        verified("POST", wanted, answer)
      )
    })

  const update = (item: Known<A>): Effect.Effect<A, WriteError> =>
    Effect.flatMap(PathSegment.encode("id", (item as Known<A> | undefined)?.id), () => {
      const sent = withoutDeviceFields<Unnamed>(item)
      // It may be all of the change that a name is spelled in another case.
      const isSpelled = ({ name }: A) => typeof sent.name !== "string" || name === sent.name
      const ours = Effect.map(
        get(item.id),
        Option.liftPredicate((there: A) => isSpelled(there) && isKept(sent, there))
      )
      return Effect.flatMap(readBack(withoutEcho(sent, backend.update(item)), ours), (answer) =>
        verified("PUT", sent, answer, item.id)
      )
    })

  const remove = (id: string): Effect.Effect<void, SessionError> =>
    Effect.flatMap(PathSegment.encode("id", id), () =>
      ReadBack.readBack(
        backend.remove(id),
        get(id).pipe(
          Effect.as(Option.none()),
          Effect.catchIf(isAbsent, () => Effect.succeed(Option.some(undefined)))
        )
      )
    )

  const removeIfThere = (id: string) =>
    Effect.catchTag(remove(id), "DeviceRefused", (refusal) => {
      if (isAbsent(refusal)) return Effect.void
      // A refusal may be of what is gone already, in words that only the device knows.
      if (refusal.status !== 400 && refusal.status !== 422) return Effect.fail(refusal)
      return Effect.matchEffect(get(id), {
        onFailure: (error) => (isAbsent(error) ? Effect.void : Effect.fail(refusal)),
        onSuccess: () => Effect.fail(refusal)
      })
    })

  return { create, update, remove, removeIfPresent: removeIfThere, check }
}

/**
 * `withoutDeviceFields` leaves out what a device says of an object by itself: an object that was read elsewhere is
 * wanted as it is, not as that one.
 */
export const withoutDeviceFields = <W extends Unnamed>(wanted: W): W => {
  const { id: _id, links: _links, metadata: _metadata, version: _version, ...rest } = wanted ?? {}
  const whole: object = rest
  // All four are the device's to say, so no kind of object is wanted by them.
  return whole as W
}

/** `wantedOf` does so with what a script gives; what is no object stays as it is, and `check` tells of it. */
export const wantedOf = <W extends Unnamed>(given: W): W =>
  GivenValue.isPlainObject(given) ? withoutDeviceFields(given) : given

const unseen = "Unseen"
type Unseen = typeof unseen
const notShown = "it was answered as done, and the answer does not show the object"

/**
 * `unkeptFields` are the fields of what was sent that are not so in what the device has, by their paths; none of those
 * that a device does not show, as passwords.
 */
export const unkeptFields = (sent: Unnamed, there: unknown): ReadonlyArray<string> =>
  differences(withoutDeviceFields(sent), there, { secrets: false })

/**
 * `readBack` reads back what was lost, and what was answered in a shape that nobody can read: it was carried out all
 * the same.
 */
const readBack = <A>(
  write: Effect.Effect<A, WriteError>,
  look: Effect.Effect<Option.Option<A>, SessionError>
): Effect.Effect<A, WriteError> =>
  Effect.catchTag(ReadBack.readBack(write, look), "ProtocolViolation", (violation) =>
    ReadBack.readBack(Effect.fail(unknownBy(violation)), look).pipe(
      // The answer was there, so the device is at it no more.
      Effect.provideService(ReadBack.ReadBackSchedule, Schedule.recurs(0))
    )
  )

const unknownBy = ({ detail, messages = [], operation, targetName }: ProtocolViolation): OutcomeUnknown => {
  const reason = messages.length === 0 ? detail : `${detail}: ${joinMessages(messages)}`
  return new OutcomeUnknown({ targetName, operation, reason })
}

/**
 * `isTask` tells what a device will do by and by, such as the registration of another one: its answer tells of the
 * task.
 */
const isTask = ({ metadata }: Entry): boolean =>
  typeof metadata === "object" && metadata !== null && "task" in metadata

/** `isAbsent` says that what was asked for is not there. */
export const isAbsent = (error: SessionError): boolean =>
  error._tag === "DeviceRefused" && (error.isAbsent ?? error.status === 404)

/**
 * `isNoList` says that the device has no such list, or none that it shows (405): nothing can be in it that a script would see.
 * Any other refusal, be it for a role (403) or a licence, says nothing of what is there.
 */
export const isNoList = (error: SessionError): boolean =>
  isAbsent(error) || (error._tag === "DeviceRefused" && error.status === 405)

/**
 * `checkObject` finds what is no object. The types say so too; a script in JavaScript has none, and may have left out an
 * `await`.
 */
export const checkObject = (field: string, given: unknown): InvalidInput | undefined => {
  if (GivenValue.isPlainObject(given)) return undefined
  const advice = Array.isArray(given)
    ? "give one, and many to the verb that takes a list"
    : (GivenValue.adviceOf(given) ?? `give one with its fields, such as { name: "web-1" }`)
  return refuseInput(field, `it is ${GivenValue.kindOf(given)} where an object is needed; ${advice}.`)
}

const checkName = ({ name }: Unnamed, isNamed: boolean): InvalidInput | undefined => {
  if (name === undefined && !isNamed) return undefined
  // The types say so too; a script in JavaScript has none.
  const given: unknown = name
  const isMissing =
    given === undefined || given === null || (typeof given === "string" && given.trim() === "")
  if (!isMissing) return PathSegment.problemOf("name", given)
  return refuseInput("name", "an object has none; give each its name, as text.")
}
