import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { SessionError } from "../../auth/AuthError.ts"
import { Changes, type List, ShowsPlanned } from "../changes/Change.ts"
import * as Selection from "../changes/Selection.ts"
import { nameKey } from "../fields/FieldEquality.ts"
import type { Entry, Named, Unnamed } from "../fields/ListEntry.ts"
import * as Seen from "./Seen.ts"
import type { CollectionOptions, Verbs } from "./Verbs.ts"

/** `Reads` are the verbs that read. */
export type Reads<A extends Entry, W extends Unnamed, Listing> = Pick<
  Verbs<A, W, Listing>,
  "list" | "get" | "find"
> & {
  /** `namesakes` gives all of this name. */
  readonly namesakes: (name: string) => Effect.Effect<ReadonlyArray<A>, SessionError>
  /** `listUnordered` lists all, in whatever order. */
  readonly listUnordered: () => Stream.Stream<A, SessionError>
  /** `listFor` lists all, in whatever order, to see which of them have these names: what becomes of others is not asked. */
  readonly listFor: (names: ReadonlyArray<string>) => Stream.Stream<A, SessionError>
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
        Stream.runCollect(Stream.filter(backend.list(), isNamed(name))),
        (found): ReadonlyArray<A> => [...found]
      ))

  const planning = <B>(
    plain: Effect.Effect<B, SessionError>,
    planned: (seen: Seen.Seen<A>) => Effect.Effect<B, SessionError>
  ): Effect.Effect<B, SessionError> =>
    Effect.flatMap(Changes, (recorder) =>
      recorder === undefined
        ? plain
        : Effect.flatMap(place, (list) => planned(Seen.make(recorder, list, backend)))
    )

  const plannedNamesakes = (seen: Seen.Seen<A>, name: string) =>
    Effect.gen(function* () {
      const there = seen.isPlanned ? [] : yield* shown(namesakes(name))
      yield* knownHere(seen, isName(name), there)
      return [...there.flatMap(seen.asPlanned).filter(isNamed(name)), ...seen.besides(there, isNamed(name))]
    })

  const list = (
    options: Listing | undefined,
    isAsked: (elsewhere: string | undefined) => boolean,
    isOrdered: boolean
  ) =>
    Stream.unwrap(
      planning(Effect.succeed(backend.list(options)), (seen) => {
        const there = seen.isPlanned
          ? Stream.empty
          : Stream.provideService(backend.list(options), ShowsPlanned, true)
        const selection = Selection.selectionOf(options)
        const shown =
          isOrdered && seen.hasPlaces(selection)
            ? inPlace(seen, there, selection, isAsked)
            : selection.isByDevice
              ? unlessTouched(seen, there)
              : whole(seen, there, isAsked)
        // In which order it reads, a script does not see where none was asked for.
        return Effect.succeed(isOrdered ? Stream.map(shown, seen.shows(selection)) : shown)
      })
    )

  return {
    list: (options) => list(options, () => true, true),
    listUnordered: () => list(undefined, () => true, false),
    listFor: (names) => {
      const asked = new Set(names.map(nameKey))
      return list(undefined, (elsewhere) => elsewhere !== undefined && asked.has(nameKey(elsewhere)), false)
    },
    get: (id) =>
      planning(backend.get(id), (seen) =>
        Effect.gen(function* () {
          yield* knownHere(seen, () => false, [{ id }])
          const there = seen.isPlanned || seen.isTouched(id) ? [] : [yield* shown(backend.get(id))]
          const [one] = [...there, ...seen.besides(there)]
            .flatMap(seen.asPlanned)
            .filter((one) => one.id === id)
          return one ?? (yield* seen.absent(id))
        })
      ),
    find: (name) =>
      planning(backend.find(name), (seen) =>
        Effect.gen(function* () {
          const there = seen.isPlanned ? Option.none() : yield* shown(backend.find(name))
          yield* knownHere(seen, isName(name), Option.toArray(there))
          if (Option.isSome(there) && !seen.isTouched(there.value.id)) return there
          const [one] = Option.isNone(there)
            ? seen.besides([], isNamed(name))
            : yield* plannedNamesakes(seen, name)
          // It has the name that was asked for.
          return Option.fromNullable(one as Named<A> | undefined)
        })
      ),
    namesakes: (name) => planning(namesakes(name), (seen) => plannedNamesakes(seen, name))
  }
}

/** `whole` shows each where it stands in the device's list, and behind them what is planned to be created. */
const whole = <A extends Entry>(
  seen: Seen.Seen<A>,
  there: Stream.Stream<A, SessionError>,
  isAsked: (elsewhere: string | undefined) => boolean
): Stream.Stream<A, SessionError> =>
  Stream.suspend(() => {
    const read: Array<A> = []
    const each = (one: A) => {
      read.push(one)
      return Stream.fromIterable(seen.asPlanned(one))
    }
    const rest = Stream.suspend(() => Stream.fromIterable(seen.besides(read)))
    const check = Stream.drain(Stream.fromEffect(Effect.suspend(() => allKnown(seen, isAsked, read))))
    return Stream.concat(Stream.concat(check, Stream.flatMap(there, each)), Stream.concat(check, rest))
  })

/** `inPlace` shows each where it would stand; in a resumed run what that has changed already as it was, where it stood. */
const inPlace = <A extends Entry>(
  seen: Seen.Seen<A>,
  there: Stream.Stream<A, SessionError>,
  selection: Selection.Selection,
  isAsked: (elsewhere: string | undefined) => boolean
): Stream.Stream<A, SessionError> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const read = [...(yield* Stream.runCollect(there))]
      yield* allKnown(seen, isAsked, read)
      const all = seen.inPlace(read, selection)
      if (all !== undefined) return Stream.fromIterable(all)
      yield* seen.unknowable("only the device knows where in the list it puts what is planned so far")
      return Stream.fromIterable([...read.flatMap(seen.asPlanned), ...seen.besides(read)])
    })
  )

/** `allKnown` ends a plan where a list shows what is planned elsewhere, too. */
const allKnown = <A extends Entry>(
  seen: Seen.Seen<A>,
  isAsked: (elsewhere: string | undefined) => boolean,
  read: ReadonlyArray<A>
): Effect.Effect<void, SessionError> =>
  knownHere(
    seen,
    isAsked,
    read.filter(({ name }) => isAsked(name))
  )

/** `knownHere` ends a plan where what is planned elsewhere has to do with what is asked for, or is shown. */
const knownHere = <A>(
  seen: Seen.Seen<A>,
  isAsked: (elsewhere: string | undefined) => boolean,
  shown: ReadonlyArray<Entry>
): Effect.Effect<void, SessionError> => {
  const elsewhere = seen.elsewhere()
  const isUnknown =
    shown.some(({ id }) => id !== undefined && elsewhere.has(id)) || [...elsewhere.values()].some(isAsked)
  return isUnknown
    ? seen.unknowable("it reads where what is planned in a domain above may be shown, too")
    : Effect.void
}

const isName = (wanted: string) => {
  const key = nameKey(wanted)
  return (name: unknown): boolean => typeof name === "string" && nameKey(name) === key
}

const isNamed = (wanted: string) => {
  const isWanted = isName(wanted)
  return ({ name }: Entry): boolean => isWanted(name)
}

/** `unlessTouched` shows what the device selects, which nobody knows where anything of the list is planned. */
const unlessTouched = <A extends Entry>(
  seen: Seen.Seen<A>,
  there: Stream.Stream<A, SessionError>
): Stream.Stream<A, SessionError> => {
  const check = Stream.unwrap(
    Effect.suspend(() =>
      seen.isTouched()
        ? Effect.as(seen.unknowable("it lists by a filter what is only planned so far"), Stream.empty)
        : Effect.succeed(Stream.empty)
    )
  )
  // A resumed run shows none of what it has done and its script has not come to yet.
  const shown = Stream.flatMap(there, (one) => Stream.fromIterable(seen.asPlanned(one)))
  return Stream.concat(Stream.concat(check, shown), check)
}

const shown = Effect.provideService(ShowsPlanned, true)
