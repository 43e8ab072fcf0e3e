import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SessionError } from "../../auth/AuthError.ts"
import { ProtocolViolation } from "../../transport/DeviceError.ts"
import * as Needed from "../../validation/Needed.ts"
import * as PathSegment from "../../validation/PathSegment.ts"
import type { Place } from "../changes/Placement.ts"
import type { Rest } from "./Rest.ts"

/** `RestKind` is where a kind of objects lies on a device, and their form on the wire. */
export interface RestKind<A, I> {
  readonly rest: Rest
  /** `targetName` is the device's name, for errors. */
  readonly targetName: string
  /** `path` begins below the base of `rest`: `/object/hosts`. */
  readonly path: string
  readonly schema: Schema.Schema<A, I>
  /** `written` is what is sent for what a script wants, without what the device keeps for itself. */
  readonly written: (wanted: Readonly<Record<string, unknown>>) => unknown
  /** `place` is put behind the path where one is created. @default nothing */
  readonly place?: Place | undefined
}

/**
 * `restVerbs` gives the verbs for one object as REST has them: GET, PUT and DELETE of the object's own path, POST to
 * that of its kind.
 *
 * A change that was answered was carried out. So an answer in no shape to be read is no reason to lose what is known:
 * the object is read by its id, and only where there is none is it `ProtocolViolation`.
 */
export const restVerbs = <A, I>(kind: RestKind<A, I>) => {
  Needed.fields("kind", kind, fields, "{ rest, targetName, path, schema, written }")
  Needed.schema("kind.schema", kind.schema)
  const { path, place, rest, schema, targetName, written } = kind
  const at = (id: string) => PathSegment.join(path, { id })
  const get = (id: string): Effect.Effect<A, SessionError> =>
    Effect.flatMap(at(id), (one) => rest.get(one, schema))
  const read = Schema.decodeUnknownEither(schema, { onExcessProperty: "preserve" })
  const answered = (operation: string, answer: unknown, known: string | undefined) => {
    const item = read(answer)
    if (item._tag === "Right") return Effect.succeed(item.right)
    const id = known ?? idOf(answer)
    const detail = "the change was answered as done, in a shape that cannot be read"
    const unread = Effect.fail(new ProtocolViolation({ targetName, operation, detail, isChange: true }))
    // Why it cannot be read now says nothing of the change: a request that was not sent would pass for the change.
    return id === undefined ? unread : Effect.orElse(get(id), () => unread)
  }
  return {
    get,
    create: (wanted: Readonly<Record<string, unknown>>): Effect.Effect<A, SessionError> =>
      Effect.flatMap(
        rest.send("POST", path, Schema.Unknown, { query: place, body: written(wanted) }),
        (answer) => answered(`POST ${path}`, answer, undefined)
      ),
    update: (item: {
      readonly id: string
      readonly [field: string]: unknown
    }): Effect.Effect<A, SessionError> =>
      at(item.id).pipe(
        Effect.flatMap((one) => rest.send("PUT", one, Schema.Unknown, { body: written(item) })),
        Effect.flatMap((answer) => answered(`PUT ${path}`, answer, item.id))
      ),
    remove: (id: string): Effect.Effect<void, SessionError> =>
      Effect.flatMap(at(id), (one) => Effect.asVoid(rest.send("DELETE", one, Schema.Unknown)))
  }
}

const fields = ["rest", "targetName", "path", "schema", "written", "place"]

const idOf = (answer: unknown): string | undefined =>
  typeof answer === "object" && answer !== null && "id" in answer && typeof answer.id === "string"
    ? answer.id
    : undefined
