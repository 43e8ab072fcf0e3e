import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { SessionError } from "../../auth/AuthError.ts"
import * as JsonValue from "../../validation/JsonValue.ts"
import * as PathSegment from "../../validation/PathSegment.ts"
import * as Change from "../changes/Change.ts"
import { differs } from "../fields/Difference.ts"
import { nameKey } from "../fields/FieldEquality.ts"
import * as Groups from "../fields/Groups.ts"
import { leavesOut } from "../fields/LeftOut.ts"
import type { Entry, Known, Unnamed } from "../fields/ListEntry.ts"
import type { WriteError } from "../writes/NotKept.ts"
import { hasRefused } from "../writes/Refused.ts"
import type { Settled } from "../writes/Settled.ts"
import { belowCreated } from "./BelowCreated.ts"
import { asWritten, undoCreation, undoRemoval, undoUpdate } from "./ObjectUndo.ts"
import { checkObject, isAbsent, type ObjectWrites, wantedOf, withoutDeviceFields } from "./ObjectWrites.ts"
import type { Reads } from "./PlannedReads.ts"
import type { BulkVerbs, CollectionOptions } from "./Verbs.ts"

/** `ObjectChanges` are the writes of a kind, of one object and of many. */
export interface ObjectChanges<A extends Entry, W extends Unnamed> extends ObjectWrites<A, W> {
  /** `update` writes an object. `known` is what is there, where that has been read already. */
  readonly update: (item: Known<A>, known?: A) => Effect.Effect<A, WriteError>
  /** `create` makes one. `isAbsent` says that the script's own verb has seen that none of its name is there. */
  readonly create: (wanted: W, isAbsent?: boolean) => Effect.Effect<A, WriteError>
  readonly createEach: (
    wanted: ReadonlyArray<W>,
    isAbsent?: boolean
  ) => Effect.Effect<ReadonlyArray<Settled<W, A>>, SessionError>
  readonly removeEach: (
    ids: ReadonlyArray<string>
  ) => Effect.Effect<ReadonlyArray<Settled<string, void>>, SessionError>
  /** `noteUnchanged` tells a workflow of an object that is as it is wanted. */
  readonly noteUnchanged: (there: A) => Effect.Effect<"created" | "updated" | "unchanged", SessionError>
}

/** `make` describes each write as a change, where a workflow asks for it; without one it is sent as it is. */
export const make = <A extends Entry, W extends Unnamed, Listing>(
  backend: BulkVerbs<A, W> & CollectionOptions<A, W>,
  writes: ObjectWrites<A, W>,
  reads: Reads<A, W, Listing>,
  place: Effect.Effect<Change.List, SessionError>
): ObjectChanges<A, W> => {
  const { secrets, type, written } = backend

  /** `described` puts what is particular to a change into its place. */
  const described = <B>(
    change: (list: Change.List) => Omit<Change.Change<B>, "targetName" | "path" | "kind">
  ): Effect.Effect<Change.Change<B>, SessionError> =>
    Effect.map(place, (list) => {
      const whole = change(list)
      const undo: typeof whole.undo = (...known) => asWritten(whole.undo(...known), written)
      return { ...list, secrets, ...whole, undo, kind: kindOf(whole.objects, type, list) }
    })

  /** `listOf` is where an object of this kind is kept. */
  const listOf = (there: A) =>
    Effect.map(place, (list) => ({
      ...list,
      kind: kindOf([{ name: there.name, before: there }], type, list)
    }))

  const plannedItem = (wanted: W, id: string | undefined): A => {
    // What a device adds by itself, nobody knows before it has it.
    return { ...(type !== undefined && { type }), ...wanted, id } as Entry as A
  }

  /** `thereAlready` are the ids of those that are there under each name. */
  const thereAlready = (wanted: ReadonlyArray<W>): Effect.Effect<Others, SessionError> => {
    const ids = (found: ReadonlyArray<A>) => found.flatMap(({ id }) => id ?? [])
    if (wanted.length <= maxReadAlone)
      return Effect.forEach(wanted, ({ name }) =>
        name === undefined ? Effect.succeed([]) : Effect.map(reads.namesakes(name), ids)
      )
    return Effect.map(Stream.runCollect(reads.listUnordered()), (all) => {
      const byName = new Map<string, Array<A>>()
      for (const one of all) Groups.addTo(byName, nameKey(one.name ?? ""), one)
      return wanted.map(({ name }) => ids(name === undefined ? [] : (byName.get(nameKey(name)) ?? [])))
    })
  }

  /** `madeBeside` is what became of each where some were there already: those it has not made. */
  const madeBeside = (others: Others, became: ReadonlyArray<Change.Became>): ReadonlyArray<Change.Became> =>
    became.map((one, at) => {
      const there = others[at] ?? []
      if (there.length === 0) return one
      return one === "unknown" || (typeof one === "object" && there.includes(one.id ?? "")) ? "none" : one
    })

  /** `creation` describes it. Of what is known to be absent nobody has to ask whether it is there. */
  const creation = <B>(
    wanted: ReadonlyArray<W>,
    isAbsent: boolean,
    answers: {
      readonly planned: (items: ReadonlyArray<A>) => B
      readonly became: (answer: B) => ReadonlyArray<Change.Became>
      readonly again: (there: ReadonlyArray<A | undefined>) => Effect.Effect<B, SessionError>
    }
  ) =>
    described<B>((list) => ({
      action: "create",
      ...belowCreated(backend, wanted, reads.get),
      ...(backend.place && Object.keys(backend.place).length > 0 && { place: backend.place }),
      objects: wanted.map((after) => ({ name: after.name, after })),
      planned: (ids) => answers.planned(wanted.map((one, at) => plannedItem(one, ids[at]))),
      undo: (answer, others = []) => {
        const became = Option.match(answer, {
          onNone: () => wanted.map(() => "unknown" as const),
          onSome: answers.became
        })
        return undoCreation(list, wanted, madeBeside(others, became), backend.irremovable)
      },
      ...(!isAbsent && { others: thereAlready(wanted) }),
      became: answers.became,
      // The device answered it to this kind's verbs.
      again: (there) => answers.again(there as ReadonlyArray<A | undefined>)
    }))

  const removal = <B>(
    present: ReadonlyArray<Known<A>>,
    answers: Pick<Change.Change<B>, "became" | "again"> & { readonly planned: B }
  ) =>
    described<B>((list) => ({
      ...answers,
      action: "remove",
      objects: present.map((before) => ({ name: before.name, id: before.id, before })),
      planned: () => answers.planned,
      undo: (answer) =>
        undoRemoval(
          list,
          present,
          Option.getOrUndefined(Option.map(answer, (one) => answers.became?.(one) ?? [])),
          backend.recreation,
          secrets
        )
    }))

  const create = (given: W, isAbsent = false): Effect.Effect<A, WriteError> => {
    const wanted = wantedOf(given)
    const invalid = writes.check(wanted)
    return Change.make(
      invalid === undefined
        ? creation<A>([wanted], isAbsent, {
            planned: ([item]) => item as A,
            became: (item) => [item],
            again: ([item]) => Effect.succeed(item as A)
          })
        : Effect.fail(invalid),
      writes.create(wanted)
    )
  }

  const update = (item: Known<A>, known?: A): Effect.Effect<A, WriteError> =>
    checkObject("item", item) ??
    Change.inWorkflow(
      (recorder) =>
        Effect.gen(function* () {
          yield* PathSegment.encode("id", item.id)
          const invalid = JsonValue.faultOf("body", item)
          if (invalid !== undefined) return yield* Effect.fail(invalid)
          const before = known ?? (yield* reads.get(item.id))
          // Nobody plans a change that changes nothing. What is left out is taken away.
          const isSame = !differs(withoutDeviceFields<Unnamed>(item), before, { exactNames: true })
          const own = recorder.written(yield* place, item.id) ?? before
          const after = { ...(type !== undefined && { type }), ...item }
          if (isSame && !leavesOut(after, withoutDeviceFields<Unnamed>(own))) {
            return yield* Effect.as(recorder.noteUnchanged(yield* listOf(before), item.name), before)
          }
          const change = yield* described<A>((list) => ({
            action: "update",
            objects: [{ name: item.name, id: item.id, before, after }],
            planned: () => item,
            undo: () => undoUpdate(list, before, item, secrets),
            became: (answer) => [answer],
            again: ([there]) => Effect.succeed((there ?? item) as A)
          }))
          return yield* recorder.record(change, writes.update(item))
        }),
      writes.update(item)
    )

  const remove = (id: string): Effect.Effect<void, SessionError> =>
    Change.make(
      Effect.flatMap(PathSegment.encode("id", id), () =>
        Effect.flatMap(reads.get(id), (before) => {
          const present = [{ ...before, id }]
          return removal<void>(present, {
            planned: undefined,
            became: () => present,
            again: () => Effect.void
          })
        })
      ),
      writes.remove(id)
    )

  const createEach = (
    wanted: ReadonlyArray<W>,
    isAbsent = false
  ): Effect.Effect<ReadonlyArray<Settled<W, A>>, SessionError> =>
    wanted.length === 0
      ? Effect.succeed([])
      : Change.make(
          creation<ReadonlyArray<Settled<W, A>>>(wanted, isAbsent, {
            planned: (items) => items.map((item, at) => done(wanted[at] as W, item)),
            became: (settled) => wanted.map((one) => becameOf(settled.find(({ wanted }) => wanted === one))),
            again: (there) =>
              Effect.map(
                createEach(
                  wanted.filter((_, at) => there[at] === undefined),
                  isAbsent
                ),
                (rest) => {
                  const others = [...rest]
                  return wanted.flatMap((one, at) =>
                    there[at] === undefined ? (others.shift() ?? []) : [done(one, there[at])]
                  )
                }
              )
          }),
          backend.createEach(wanted, writes.create)
        )

  const removeEach = (
    ids: ReadonlyArray<string>
  ): Effect.Effect<ReadonlyArray<Settled<string, void>>, SessionError> =>
    Change.inWorkflow(
      (recorder) =>
        Effect.gen(function* () {
          const present = yield* presentOf(ids)
          const planned = ids.map((id) => done(id, undefined))
          if (present.length === 0) return planned
          const gone = yield* removal<ReadonlyArray<Settled<string, void>>>(present, {
            planned,
            became: (settled) =>
              present.map((one) => {
                const end = settled.find(({ wanted }) => wanted === one.id)
                return end?._tag === "Done" ? one : becameOf(end)
              }),
            again: (there) => (there.includes(undefined) ? removeEach(ids) : Effect.succeed(planned))
          })
          return yield* recorder.record(gone, backend.removeEach(ids, writes.removeIfPresent))
        }),
      backend.removeEach(ids, writes.removeIfPresent)
    )

  /** `presentOf` gives what there is of them: by the list, unless few requests do. */
  const presentOf = (ids: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<Known<A>>, SessionError> => {
    const wanted = new Set(ids)
    const isWanted = (one: A): one is Known<A> => one.id !== undefined && wanted.has(one.id)
    return ids.length > maxReadAlone
      ? Effect.map(Stream.runCollect(Stream.filter(reads.listUnordered(), isWanted)), (found) => [...found])
      : Effect.map(
          Effect.forEach(ids, (id) =>
            reads.get(id).pipe(
              Effect.map((one): ReadonlyArray<Known<A>> => [{ ...one, id }]),
              Effect.catchIf(isAbsent, () => Effect.succeed([]))
            )
          ),
          (found) => found.flat()
        )
  }

  const noteUnchanged = (there: A) =>
    Effect.flatMap(listOf(there), (list) => Change.noteUnchanged(list, there.name))

  return { ...writes, create, update, remove, createEach, removeEach, noteUnchanged }
}

/** `Others` are, for each of what is created, the ids of what was there under its name. */
type Others = ReadonlyArray<Change.ObjectChange["others"]>

const maxReadAlone = 3

const done = <W, A>(wanted: W, result: A): Settled<W, A> => ({ _tag: "Done", wanted, result })

/** `becameOf` is what became of one of many: the object, or what may be there and has to be looked for. */
const becameOf = (settled: Settled<unknown, Entry | void> | undefined): Change.Became => {
  if (settled?._tag === "Done") return settled.result ?? "unknown"
  return settled?._tag === "Failed" && !hasRefused(settled.error) ? "unknown" : "none"
}

const kindOf = (
  [first]: Change.Change<unknown>["objects"],
  type: string | undefined,
  { path }: Change.List
): string => {
  const own = first?.after?.type ?? first?.before?.type
  return typeof own === "string" ? own : (type ?? path.split("/").at(-1) ?? path)
}
