import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Needed from "../../validation/Needed.ts"
import type { Fields } from "../fields/ListEntry.ts"
import type { List } from "./Description.ts"
import { putBack } from "./PutBack.ts"
import { Changes, ShowsPlanned } from "./Recorder.ts"

/**
 * `values` gives a list of values as a device has it; in a resumed run as it was before the changes that its
 * script has not come to yet. `spelled` gives the one spelling of a value. Fails as the list does.
 */
export const values = <E, R>(
  list: List,
  there: Stream.Stream<string, E, R>,
  spelled: (value: string) => string
): Stream.Stream<string, E, R> => {
  Needed.stream("there", there)
  Needed.fn("spelled", spelled)
  return Stream.unwrap(
    Effect.map(Changes, (recorder) => {
      const seen = recorder?.plannedObjects(list)
      const tell = recorder?.shows(list, "")
      const told = (shown: Stream.Stream<string, E, R>) =>
        tell === undefined
          ? shown
          : Stream.map(shown, (one) => {
              tell(one)
              return one
            })
      // A plan ends at such a read where it has planned anything for the list.
      if (seen === undefined || seen.isPlanned) return told(there)
      const gone = new Set([...seen.removed, ...seen.present.keys()].map(spelled))
      const others = Stream.filter(there, (one) => !gone.has(spelled(one)))
      const { behind, present } = seen
      if (behind === undefined) return told(Stream.concat(others, Stream.fromIterable(present.keys())))
      const lacking = new Map([...present.keys()].map((one) => [one, one]))
      return told(
        Stream.unwrap(
          Effect.map(Stream.runCollect(others), (all) =>
            Stream.fromIterable(
              putBack(
                [...all],
                lacking,
                behind,
                (one) => one,
                (one) => [one]
              )
            )
          )
        )
      )
    })
  )
}

/**
 * `object` gives an object of a list that has ids of its own, as a device has it; in a plan as it is planned, and
 * in a resumed run as it was before the changes that its script has not come to yet. Fails as the read does.
 */
export const object = <A extends Fields, E, R>(
  list: List,
  id: string,
  read: Effect.Effect<Option.Option<A>, E, R>
): Effect.Effect<Option.Option<A>, E, R> => {
  Needed.text("id", id)
  Needed.effect("read", read)
  return Effect.flatMap(Changes, (recorder) => {
    const seen = recorder?.plannedObjects(list)
    // A plan ends at a read below what is only planned.
    if (seen === undefined || seen.isPlanned) return read
    const { id: _id, ...one } = seen.present.get(id) ?? {}
    // It was made of what the read gave, or a verb was given.
    if (seen.present.has(id)) return Effect.succeed(Option.some(one as unknown as A))
    if (seen.removed.has(id)) return Effect.succeedNone
    return Effect.provideService(read, ShowsPlanned, true)
  })
}
