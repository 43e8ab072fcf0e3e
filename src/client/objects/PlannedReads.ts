import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { SessionError } from "../../auth/AuthError.ts"
import { DeviceRefused } from "../../transport/DeviceError.ts"
import { Changes, type List, type PlannedObjects, type Recorder, ShowsPlanned } from "../changes/Change.ts"
import { putAt } from "../changes/PutAt.ts"
import { putBack } from "../changes/PutBack.ts"
import * as Selection from "../changes/Selection.ts"
import { nameKey } from "../fields/FieldEquality.ts"
import type { Entry, Named, Unnamed } from "../fields/ListEntry.ts"
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
        : Effect.flatMap(place, (list) => planned(seenOf(recorder, list, backend)))
    )

  const plannedNamesakes = (seen: Seen<A>, name: string) =>
    Effect.gen(function* () {
      const there = seen.isPlanned ? [] : yield* shown(namesakes(name))
      yield* knownHere(seen, (one) => isNamed(one, name), there)
      return [...there.flatMap(seen.asPlanned), ...seen.besides(there)].filter((one) => hasName(one, name))
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
          yield* knownHere(seen, (one) => isNamed(one, name), Option.toArray(there))
          if (Option.isSome(there) && !seen.isTouched(there.value.id)) return there
          const [one] = Option.isNone(there)
            ? seen.besides([]).filter((one) => hasName(one, name))
            : yield* plannedNamesakes(seen, name)
          // It has the name that was asked for.
          return Option.fromNullable(one as Named<A> | undefined)
        })
      ),
    namesakes: (name) => planning(namesakes(name), (seen) => plannedNamesakes(seen, name))
  }
}

/**
 * `Seen` is what a plan shows of a list: as it is planned when it is asked, since other fibers plan while a list is
 * read.
 */
interface Seen<A> {
  /** `isPlanned` says that the list itself lies below what is only planned: the device has nothing of it. */
  readonly isPlanned: boolean
  /** `isTouched` says that an object is planned to be changed or removed; without an id, that any is. */
  readonly isTouched: (id?: string) => boolean
  /** `asPlanned` gives an object that the device has as it would be; none where it would be gone. */
  readonly asPlanned: (there: A) => ReadonlyArray<A>
  /** `besides` are the planned objects beside those that the device has shown. */
  readonly besides: (there: ReadonlyArray<A>) => ReadonlyArray<A>
  /** `hasPlaces` says that something has its place in what is selected that the device does not show, or no more. */
  readonly hasPlaces: (selection: Selection.Selection) => boolean
  /**
   * `inPlace` are those that the device has shown, as they would be, and the others where they stood, or would;
   * `undefined` where nobody knows.
   */
  readonly inPlace: (there: ReadonlyArray<A>, selection: Selection.Selection) => ReadonlyArray<A> | undefined
  /** `shows` begins to show what is selected, and tells of each in the order in which it is shown. */
  readonly shows: (selection: Selection.Selection) => (one: A) => A
  /** `elsewhere` are the objects of other lists that this one shows, too: their names by their ids. */
  readonly elsewhere: () => ReadonlyMap<string, string | undefined>
  readonly absent: (id: string) => Effect.Effect<never, DeviceRefused>
  readonly unknowable: (reason: string) => Effect.Effect<void, SessionError>
}

const seenOf = <A extends Entry>(
  recorder: Recorder,
  list: List,
  { indexIn, type }: Pick<CollectionOptions<A, Unnamed>, "indexIn" | "type">
): Seen<A> => {
  const planned = ({ text } = Selection.whole): PlannedObjects | undefined =>
    recorder.plannedObjects(list, text)
  const present = (): ReadonlyMap<string | undefined, Entry> => planned()?.present ?? new Map()
  // They were made of what this kind's verbs were given, which need not say what they are.
  const typed = (one: Entry): A => ({ ...(type !== undefined && { type }), ...one }) as Entry as A
  const isRemoved = (id: string | undefined) => id !== undefined && planned()?.removed.has(id) === true
  const asPlanned = (there: A): ReadonlyArray<A> => {
    const one = present().get(there.id)
    if (one !== undefined) return [typed(one)]
    return isRemoved(there.id) ? [] : [there]
  }
  return {
    isPlanned: planned()?.isPlanned === true,
    elsewhere: () => planned()?.elsewhere ?? new Map(),
    isTouched: (id) => (id === undefined ? planned() !== undefined : isRemoved(id) || present().has(id)),
    asPlanned,
    besides: (there) => {
      const ids = new Set(there.map(({ id }) => id))
      return [...present().values()].filter(({ id }) => !ids.has(id)).map(typed)
    },
    hasPlaces: (selection) => {
      const { behind, events } = planned(selection) ?? {}
      return behind !== undefined || (events !== undefined && !selection.isByDevice)
    },
    inPlace: (there, selection) => {
      const ids = new Set(there.map(({ id }) => id))
      const { behind, events } = planned(selection) ?? {}
      const lacking = [...present()].flatMap(([id, one]) =>
        // What else a device would select, nobody knows.
        id === undefined || ids.has(id) || (selection.isByDevice && behind?.has(id) !== true)
          ? []
          : [[id, typed(one)] as const]
      )
      if (behind === undefined && events !== undefined && indexIn !== undefined) {
        const known = new Map<string | undefined, ReadonlyArray<A>>([
          ...there.map((one) => [one.id, asPlanned(one)] as const),
          ...lacking.map(([id, one]) => [id, [one]] as const)
        ])
        return putAt(there, events, indexIn)?.flatMap((id) => known.get(id) ?? [])
      }
      return putBack(there, new Map(lacking), behind ?? new Map(), ({ id }) => id, asPlanned)
    },
    shows: (selection) => {
      const told = recorder.shows(list, selection.text)
      return (one) => {
        if (one.id !== undefined) told(one.id)
        return one
      }
    },
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
  }
}

/** `whole` shows each where it stands in the device's list, and behind them what is planned to be created. */
const whole = <A extends Entry>(
  seen: Seen<A>,
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
  seen: Seen<A>,
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
  seen: Seen<A>,
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
  seen: Seen<A>,
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

const isNamed = (name: string | undefined, wanted: string): boolean =>
  name !== undefined && nameKey(name) === nameKey(wanted)

/** `unlessTouched` shows what the device selects, which nobody knows where anything of the list is planned. */
const unlessTouched = <A extends Entry>(
  seen: Seen<A>,
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

const hasName = ({ name }: Entry, wanted: string): boolean =>
  typeof name === "string" && isNamed(name, wanted)
