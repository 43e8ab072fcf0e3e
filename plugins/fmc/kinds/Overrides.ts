import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import {
  Change,
  Collection,
  InputSchema,
  Lenient,
  Pages,
  PathSegment,
  Pending,
  ReadBack,
  refuseInput,
  type SessionError,
  WorkflowReads
} from "sallyport/plugin"
import type { DomainContext } from "../domain/DomainContext.ts"

const Link = Schema.Struct(
  { id: Lenient.Text, type: Lenient.optional(Lenient.Text), name: Lenient.optional(Lenient.Text) },
  Lenient.others
)

const Override = Schema.Struct(
  {
    id: Lenient.optional(Lenient.Text),
    name: Lenient.optional(Lenient.Text),
    type: Lenient.optional(Lenient.Text),
    overrides: Schema.Struct({ parent: Lenient.optional(Link), target: Link }, Lenient.others)
  },
  Lenient.others
)
/**
 * `Override` is what an object is on one device or in one domain, in place of what it is elsewhere. It has the object's
 * id and name.
 */
export type Override = typeof Override.Type

/** `OverrideTarget` is where an override holds: a device or a domain, by its id. */
export interface OverrideTarget {
  readonly id: string
  readonly type: "Device" | "Domain"
  readonly name?: string | undefined
}

// A device that was read has more than is known of a target.
const Target = Schema.Struct(
  {
    id: Schema.optional(Schema.Unknown),
    type: Schema.Literal("Device", "Domain").annotations({ description: '"Device" or "Domain"' })
  },
  Lenient.others
).annotations({ description: 'an object such as { id, type: "Device" }' })
const Fields = Schema.Record({ key: Schema.String, value: Schema.Unknown }).annotations({
  description: 'an object with the fields that hold there, such as { value: "10.1.0.1" }'
})

/**
 * `Overrides` are what the objects of one kind are on some devices or in some domains. An override has the id and the
 * name of the object, so it is known by the two of them, object and target.
 */
export interface Overrides {
  /** `list` gives those of the object of this id, for all targets. */
  readonly list: (id: string) => Stream.Stream<Override, SessionError>
  /**
   * `set` makes it so: for this target the object has these fields. What is so already is left alone. The object has to
   * be `overridable`, else `InvalidInput`.
   *
   * @example
   * yield* branch.hosts.overrides.set(host.id, { id: device.id, type: "Device" }, { value: "10.1.0.1" })
   */
  readonly set: (
    id: string,
    target: OverrideTarget,
    fields: Readonly<Record<string, unknown>>
  ) => Effect.Effect<Collection.Upserted<Override>, Collection.WriteError>
  /**
   * `remove` makes the object for this target again what it is elsewhere. Where there is no override, nothing is sent.
   */
  readonly remove: (id: string, targetId: string) => Effect.Effect<void, SessionError>
}

/**
 * `make` gives the overrides of the objects at a path, as the FMC OpenAPI document has them: listed below each, told
 * apart by `overrideTargetId`.
 */
export const make = ({ rest, targetName }: DomainContext, path: string): Overrides => {
  const at = (id: string) => PathSegment.join(path, { id })

  const list = (id: string) =>
    Pending.stream(Stream.unwrap(Effect.map(at(id), (one) => Pages.list(rest, `${one}/overrides`, Override))))

  const find = (id: string, targetId: string) =>
    Effect.gen(function* () {
      const there = Stream.runHead(
        Stream.filter(list(id), ({ overrides }) => overrides.target.id === targetId)
      )
      const place = { targetName, path: yield* rest.at(`${yield* at(id)}/overrides`) }
      return Option.map(yield* WorkflowReads.object(place, targetId, there), (one) => ({ ...one, id }))
    })

  const whole = Schema.Struct(
    { type: Lenient.Text, name: Lenient.Text, overridable: Lenient.optional(Lenient.Flag) },
    Lenient.others
  )

  const set: Overrides["set"] = (id, target, fields) =>
    Effect.gen(function* () {
      const one = yield* at(id)
      yield* InputSchema.check(Target, target, "a target of an override", "target")
      yield* InputSchema.check(Fields, fields, "an override", "fields")
      yield* PathSegment.text("target.id", target.id)
      const there = yield* find(id, target.id)
      if (Option.isSome(there) && Collection.containsAll(fields, there.value)) {
        return { change: "unchanged" as const, item: there.value }
      }
      const object = yield* rest.get(one, whole)
      if (object.overridable === false) {
        return yield* refuseInput(
          "overridable",
          `${JSON.stringify(object.name)} is not, so it is the same everywhere; set its overridable to true first.`
        )
      }
      const { name, type } = object
      const overrides = { parent: { id, type }, target: { ...target } }
      const before = Option.match(there, { onNone: () => ({}), onSome: withoutDeviceFields })
      const body = { type, name, ...before, ...fields, id, overridable: true, overrides }
      const [method, where] = Option.isNone(there) ? (["POST", path] as const) : (["PUT", one] as const)
      const ours = Effect.map(
        find(id, target.id),
        Option.filter((now) => Collection.unkeptFields(fields, now).length === 0)
      )
      const send = Effect.gen(function* () {
        yield* ReadBack.readBack(rest.send(method, where, Schema.Unknown, { body }), ours)
        // Its answer may be that of the object itself, so what holds is read.
        const item = Option.getOrUndefined(yield* find(id, target.id))
        const lost = item === undefined ? ["overrides"] : Collection.unkeptFields(fields, item)
        if (item !== undefined && lost.length === 0) {
          return { change: Option.isNone(there) ? ("created" as const) : ("updated" as const), item }
        }
        const operation = `${method} ${path}`
        return yield* new Collection.NotKept({
          targetName: targetName,
          operation,
          objectName: name,
          id,
          fields: lost,
          item
        })
      })
      return yield* Change.make(
        described<Collection.Upserted<Override>>(
          id,
          Option.getOrUndefined(there),
          body,
          {
            change: Option.isNone(there) ? "created" : "updated",
            item: body
          },
          fields
        ),
        send
      )
    })

  /** `described` says what becomes of an override, which is as `after` says then. */
  const described = <A>(
    id: string,
    before: Override | undefined,
    after: Override | undefined,
    answer: A,
    /** `expect` are the fields that it has from then on. */
    expect: Change.Fields = {}
  ): Effect.Effect<Change.Change<A>, SessionError> =>
    Effect.gen(function* () {
      const list = yield* rest.at(path)
      const { name, overrides, type } = after ?? before ?? {}
      const target = overrides?.target
      return {
        targetName,
        path: yield* rest.at(`${yield* at(id)}/overrides`),
        kind: `override of ${type ?? path}`,
        action: before === undefined ? "create" : after === undefined ? "remove" : "update",
        objects: [{ name: `${name ?? id} for ${target?.name ?? target?.id}`, id: target?.id, before, after }],
        // It has the id of the object, as all others of it have.
        lookup: { where: { overrides: { target: { id: target?.id } } } },
        planned: () => answer,
        undo: () => undoOf(list, { id, before, after, expect })
      }
    })

  const undoOf = (list: string, { after, before, expect, id }: OverrideChange): Change.Undo => {
    if (before !== undefined) {
      const body = { ...withoutDeviceFields(before), id }
      return after === undefined
        ? [{ method: "POST", path: list, body, expect: undefined }]
        : [{ method: "PUT", path: list, id, body, expect }]
    }
    const overrideTargetId = after?.overrides.target.id
    return overrideTargetId === undefined || withoutDocumentedDelete.has(path)
      ? { cannot: "no document says how an FMC takes such an override away alone" }
      : [{ method: "DELETE", path: list, id, query: { overrideTargetId }, expect }]
  }

  const remove: Overrides["remove"] = (id, targetId) =>
    Effect.gen(function* () {
      const one = yield* at(id)
      if (withoutDocumentedDelete.has(path)) {
        return yield* refuseInput(
          "path",
          `whether an FMC takes an override of ${path} away alone is in no document, and it might take the object; remove it in the web interface.`,
          path
        )
      }
      // Without it the request would remove the object itself.
      const overrideTargetId = yield* PathSegment.text("targetId", targetId)
      const there = yield* find(id, targetId)
      if (Option.isNone(there)) return
      yield* Change.make(
        described<unknown>(id, there.value, undefined, undefined),
        ReadBack.readBack(
          rest.send("DELETE", one, Schema.Unknown, { query: { overrideTargetId } }),
          Effect.map(find(id, targetId), (there) =>
            Option.isNone(there) ? Option.some(undefined) : Option.none()
          )
        )
      )
    })

  return { list, set, remove }
}

/** `OverrideChange` is an override before and after a change; the id is the object's. */
interface OverrideChange {
  readonly id: string
  readonly before: Override | undefined
  readonly after: Override | undefined
  readonly expect: Change.Fields
}

/**
 * `withoutDocumentedDelete` are the kinds with overrides for which the FMC OpenAPI document shows no
 * `DELETE …?overrideTargetId=`.
 */
const withoutDocumentedDelete: ReadonlySet<string> = new Set([
  "/object/anyconnectcustomattributes",
  "/object/ipv4addresspools",
  "/object/ipv6addresspools",
  "/object/keychains",
  "/object/ssoservers"
])

const withoutDeviceFields = ({
  links: _links,
  metadata: _metadata,
  ...fields
}: Override): Readonly<Record<string, unknown>> => fields
