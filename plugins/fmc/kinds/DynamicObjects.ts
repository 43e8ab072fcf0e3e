import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import {
  Change,
  Check,
  Collection,
  type InvalidInput,
  Lenient,
  Pages,
  PathSegment,
  ReadBack,
  refuseInput,
  type SessionError,
  WorkflowReads
} from "sallyport/plugin"
import type { DomainContext } from "../domain/DomainContext.ts"
import { batches } from "../objects/InBulk.ts"
import * as KindItem from "../objects/KindItem.ts"
import * as Objects from "../objects/Objects.ts"
import { type MemberAction, opposite } from "./MemberAction.ts"

/**
 * `DynamicObjects` are sets of addresses and networks that rules use, and that change without a deployment (from 7.0
 * on; FMC OpenAPI, DynamicObjectMappings).
 */
export interface DynamicObjects
  extends Objects.Objects<KindItem.DynamicObject, KindItem.WantedDynamicObject> {
  /** `listMappings` gives the addresses and networks that are mapped to it, page by page as they are asked for. */
  readonly listMappings: (id: string, options?: Pages.PageOptions) => Stream.Stream<string, SessionError>
  /**
   * `addMappings` maps addresses and networks to it, a thousand in one request; what is mapped already stays as it is,
   * so that several scripts may add at once. What is neither is `InvalidInput`, before anything is sent.
   *
   * @example
   * yield* domain.dynamicObjects.addMappings(id, ["192.0.2.7", "198.51.100.0/24"])
   */
  readonly addMappings: (id: string, mappings: Iterable<string>) => Effect.Effect<void, Collection.WriteError>
  /**
   * `removeMappings` takes addresses and networks off it, in the same way. They are to be spelled as `listMappings`
   * has them.
   */
  readonly removeMappings: (
    id: string,
    mappings: Iterable<string>
  ) => Effect.Effect<void, Collection.WriteError>
}

const Mapping = Schema.Struct({ mapping: Lenient.Text })

export const make = (domain: DomainContext): DynamicObjects => {
  const path = "/object/dynamicobjects"
  const kind = { path, type: "DynamicObject", schema: KindItem.DynamicObject }
  const objects = Objects.make<
    KindItem.DynamicObject,
    typeof KindItem.DynamicObject.Encoded,
    KindItem.WantedDynamicObject
  >(domain, kind)
  const at = (id: string) => Effect.map(PathSegment.join(path, { id }), (one) => `${one}/mappings`)

  const listMappings = (id: string, options?: Pages.PageOptions) =>
    Pages.byOptions<Pages.PageOptions, string>(["limit"], ({ limit }) =>
      Stream.unwrap(
        Effect.gen(function* () {
          const place = yield* at(id)
          const there = Stream.map(
            Pages.list(domain.rest, place, Mapping, { limit }),
            ({ mapping }) => mapping
          )
          const path = yield* Effect.option(domain.rest.at(place))
          return Option.match(path, {
            onNone: () => there,
            onSome: (path) => WorkflowReads.values({ targetName: domain.targetName, path }, there, spelled)
          })
        })
      )
    )(options)

  const change = (action: MemberAction) => (id: string, given: Iterable<string>) =>
    Effect.gen(function* () {
      const wanted = [...new Set(yield* Collection.listed("mappings", given))]
      for (const mapping of wanted) yield* checked(mapping, id)
      const place = yield* at(id)
      const object = yield* Effect.cached(describedObject(place, id, wanted, action))
      // Each request is a change by itself: one that is refused takes nothing back of those before it.
      yield* Effect.forEach(
        batches(wanted, (mapping) => mapping),
        (batch) =>
          Change.make(
            Effect.map(object, (known) => describe(known, batch, action)),
            sendBatch(place, id, batch, action)
          ),
        { discard: true }
      )
    })

  /** `lacking` are those that are not as they should be now. */
  const lacking = (id: string, mappings: ReadonlyArray<string>, action: MemberAction) =>
    Effect.map(Stream.runCollect(listMappings(id)), (all) => {
      const there = new Set(Chunk.map(all, spelled))
      return mappings.filter((one) => there.has(spelled(one)) !== (action === "add"))
    })

  const sendBatch = (place: string, id: string, batch: ReadonlyArray<string>, action: MemberAction) =>
    Effect.gen(function* () {
      const left = lacking(id, batch, action)
      yield* ReadBack.readBack(
        domain.rest.send("PUT", place, Schema.Unknown, {
          query: { action },
          body: { type: "DynamicObjectMappings", id, mappings: batch }
        }),
        Effect.map(left, (rest) => (rest.length === 0 ? Option.some(undefined) : Option.none()))
      )
      const rest = yield* left
      if (rest.length > 0) return yield* Effect.fail(notKept(domain.targetName, action, id, rest))
    })

  const describedObject = (
    place: string,
    id: string,
    wanted: ReadonlyArray<string>,
    action: MemberAction
  ): Effect.Effect<DescribedObject, SessionError> =>
    Effect.gen(function* () {
      const { name } = yield* objects.get(id)
      const list = { targetName: domain.targetName, path: yield* domain.rest.at(place) }
      const isEmpty = yield* isPlannedEmpty(list)
      const mappings = isEmpty ? (action === "add" ? wanted : []) : yield* lacking(id, wanted, action)
      return { id, name, list, changed: new Set(mappings) }
    })

  return { ...objects, listMappings, addMappings: change("add"), removeMappings: change("remove") }
}

/**
 * `isPlannedEmpty` says that an object is only planned so far, and that nothing is planned to be mapped to it: there is
 * nothing to read on the device.
 */
const isPlannedEmpty = (list: Change.List): Effect.Effect<boolean> =>
  Effect.map(Change.Changes, (recorder) => {
    const planned = recorder?.plannedObjects(list)
    return planned?.isPlanned === true && planned.present.size === 0
  })

/** `DescribedObject` is a dynamic object whose mappings are changed, and which of those that are wanted are not so yet. */
interface DescribedObject {
  readonly id: string
  readonly name: string
  readonly list: Change.List
  readonly changed: ReadonlySet<string>
}

const describe = (
  { changed, id, list, name }: DescribedObject,
  batch: ReadonlyArray<string>,
  action: MemberAction
): Change.Change<void> => {
  const mappings = batch.filter((one) => changed.has(one))
  const [before, after] = action === "add" ? [[], mappings] : [mappings, []]
  const isSame = mappings.length === 0
  return {
    ...list,
    kind: "mappings",
    action: "update",
    objects: isSame ? [] : [{ name, id, before: { mappings: before }, after: { mappings: after } }],
    lookup: { values: { field: "mappings", from: "mapping" }, members: true },
    wanted: { id, mappings: batch, isAddition: action === "add" },
    planned: () => undefined,
    undo: () =>
      isSame
        ? []
        : [
            {
              method: "PUT",
              path: list.path,
              query: { action: opposite[action] },
              body: { type: "DynamicObjectMappings", id, mappings },
              expect: { mappings: after }
            }
          ]
  }
}

/** `spelled` gives the one spelling that all of an address come to. */
const spelled = (mapping: string): string => Collection.valueKey("value", mapping)

const notKept = (targetName: string, action: string, id: string, rest: ReadonlyArray<string>) =>
  new Collection.NotKept({
    targetName,
    operation: `PUT /object/dynamicobjects/{id}/mappings?action=${action}`,
    objectName: undefined,
    id,
    fields: ["mappings"],
    item: { id, mappings: rest }
  })

const checked = (mapping: unknown, id: string): Effect.Effect<void, InvalidInput> =>
  typeof mapping === "string" && Check.network(mapping, id) === undefined
    ? Effect.void
    : refuseInput(
        "mappings",
        `${JSON.stringify(String(mapping).slice(0, 100))} is neither an address nor a network; give such as 192.0.2.7 or 198.51.100.0/24.`,
        typeof mapping === "string" ? mapping.slice(0, 100) : undefined
      )
