import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { SessionError } from "../auth/AuthError.ts"
import { DeviceRefused } from "../transport/DeviceError.ts"
import { Changes, type List, type PlannedObjects, type Recorder, ShowsPlanned } from "./Change.ts"
import { nameKey } from "./FieldEquality.ts"
import type { CollectionOptions, Entry, Named, Unnamed, Verbs } from "./Verbs.ts"

/** `Reads` are the verbs that read. */
export type Reads<A extends Entry, W extends Unnamed, Listing> = Pick<
  Verbs<A, W, Listing>,
  "list" | "get" | "find"
> & {
  /** `namesakes` gives all of this name. */
  readonly namesakes: (name: string) => Effect.Effect<ReadonlyArray<A>, SessionError>
}

/**
 * `make` gives reads that, where a plan is being made, show what is planned so far as if it were there. What can only
 * be known when that is on the device ends the plan.
 */
export const make = <A extends Entry, W extends Unnamed, Listing>(
  backend: Verbs<A, W, Listing> & CollectionOptions<A, W>,
  place: Effect.Effect<List, SessionError>
): Reads<A, W, Listing> => {
  const namesakes =
    backend.namesakes ??
    ((name: string) =>
      Effect.map(
        Stream.runCollect(Stream.filter(backend.list(), (one) => hasName(one, name))),
        (found): ReadonlyArray<A> => [...found]
      ))

  const planning = <B>(
    plain: Effect.Effect<B, SessionError>,
    planned: (seen: Seen<A>) => Effect.Effect<B, SessionError>
  ): Effect.Effect<B, SessionError> =>
    Effect.flatMap(Changes, (recorder) =>
      recorder === undefined
        ? plain
        : Effect.flatMap(place, (list) => {
            const objects = recorder.plannedObjects(list)
            return objects === undefined ? plain : planned(seenOf(recorder, list, objects))
          })
    )

  return {
    list: (options) =>
      Stream.unwrap(
        planning(Effect.succeed(backend.list(options)), (seen) => {
          if (isSelection(options)) return seen.unknowable("it lists by a filter what is only planned so far")
          const there = seen.isPlanned
            ? Stream.empty
            : Stream.filter(
                Stream.provideService(backend.list(options), ShowsPlanned, true),
                ({ id }) => !seen.isTouched(id)
              )
          return Effect.succeed(Stream.concat(there, Stream.fromIterable(seen.present)))
        })
      ),
    get: (id) =>
      planning(backend.get(id), (seen) => {
        const planned = seen.present.find((one) => one.id === id)
        if (planned !== undefined) return Effect.succeed(planned)
        return seen.isTouched(id) ? seen.absent(id) : shown(backend.get(id))
      }),
    find: (name) =>
      planning(backend.find(name), (seen) => {
        const planned = seen.present.find((one): one is Named<A> => hasName(one, name))
        if (planned !== undefined) return Effect.succeedSome(planned)
        if (seen.isPlanned) return Effect.succeedNone
        return Effect.map(
          shown(backend.find(name)),
          Option.filter(({ id }) => !seen.isTouched(id))
        )
      }),
    namesakes: (name) =>
      planning(namesakes(name), (seen) => {
        const planned = seen.present.filter((one) => hasName(one, name))
        if (seen.isPlanned) return Effect.succeed(planned)
        return Effect.map(shown(namesakes(name)), (there) => [
          ...there.filter(({ id }) => !seen.isTouched(id)),
          ...planned
        ])
      })
  }
}

/** `Seen` is what a plan shows of a list. */
interface Seen<A> {
  readonly present: ReadonlyArray<A>
  /** `isPlanned` says that the list itself lies below what is only planned: the device has nothing of it. */
  readonly isPlanned: boolean
  /** `isTouched` says that an object is planned to be changed or removed. */
  readonly isTouched: (id: string | undefined) => boolean
  readonly absent: (id: string) => Effect.Effect<never, DeviceRefused>
  readonly unknowable: (reason: string) => Effect.Effect<never, SessionError>
}

const seenOf = <A extends Entry>(recorder: Recorder, list: List, planned: PlannedObjects): Seen<A> => ({
  // They were made of what this kind's verbs were given.
  present: [...planned.present.values()] as ReadonlyArray<unknown> as ReadonlyArray<A>,
  isPlanned: planned.isPlanned,
  isTouched: (id) => id !== undefined && (planned.removed.has(id) || planned.present.has(id)),
  absent: (id) =>
    Effect.fail(
      new DeviceRefused({
        targetName: list.targetName,
        operation: `GET ${list.path}`,
        status: 404,
        messages: [`${id} would be removed by then`],
        isAbsent: true
      })
    ),
  unknowable: (reason) => recorder.unknowable(list, reason)
})

const shown = Effect.provideService(ShowsPlanned, true)

const hasName = ({ name }: Entry, wanted: string): boolean =>
  typeof name === "string" && nameKey(name) === nameKey(wanted)

/** `isSelection` says whether a list is asked for by anything that only the device can decide. */
const isSelection = (options: unknown): boolean =>
  typeof options === "object" &&
  options !== null &&
  Object.entries(options).some(
    ([option, value]) => value !== undefined && option !== "limit" && option !== "sort"
  )
