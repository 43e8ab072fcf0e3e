import * as Field from "./Field.ts"
import type { Accepted, Context, Fields, Kind, Verb } from "./Kind.ts"

/** `Definition` is a kind as a few lines of data; all but the first four have a usual value. */
export interface Definition
  extends Pick<
    Kind,
    | "path"
    | "type"
    | "model"
    | "inside"
    | "parent"
    | "value"
    | "metadata"
    | "merge"
    | "creation"
    | "order"
    | "idOf"
    | "isFoundByName"
  > {
  /** `fields` are its own; a name, and whether it can be overridden, it has beside them. */
  readonly fields: Readonly<Record<string, Field.Field>>
  /** `tag` groups its operations in the device's description. @default what the path begins with */
  readonly tag?: string | undefined
  /** `verbs` are what can be done with it. @default all of them */
  readonly verbs?: ReadonlyArray<Verb> | undefined
  /** `query` are the parameters that its list knows. @default `filter` for objects, none for others */
  readonly query?: ReadonlyArray<string> | undefined
  /** `names` is the space that its names share with other kinds. @default its own */
  readonly names?: string | undefined
  /**
   * `named` is what its names look like.
   *
   * @default letters, digits and a few signs for objects, all but control characters for others
   */
  readonly named?: RegExp | undefined
  /** `isNamed` says whether it has names. @default true */
  readonly isNamed?: boolean | undefined
  /** `isDescribed` says whether it has a description. @default true */
  readonly isDescribed?: boolean | undefined
  /**
   * `isOverridable` says whether each device may have a value of its own for it.
   *
   * @default true for objects, false for others
   */
  readonly isOverridable?: boolean | undefined
  /** `check` looks at the whole, once its fields have been read, and refuses with 400. */
  readonly check?: ((accepted: Accepted, context: Context, given: Fields) => Accepted) | undefined
}

/** `kind` makes a kind of its definition. */
export const kind = (definition: Definition): Kind => {
  const { check, fields, path, type } = definition
  const isObject = path.startsWith("object/")
  const { isDescribed = true, isNamed = true, isOverridable = isObject } = definition
  const all = {
    ...(isOverridable && { overridable }),
    ...fields,
    ...(isObject && { description: Field.withDefault(Field.text, " ") }),
    ...(!isObject && isDescribed && fields.description === undefined && { description: Field.text })
  }
  return {
    ...definition,
    tag: definition.tag ?? tags[(definition.inside ?? path).split("/")[0] ?? ""] ?? "Object",
    verbs: definition.verbs ?? everything,
    query: definition.query ?? (isObject ? ["filter"] : []),
    names: definition.names ?? type,
    named: isNamed ? (definition.named ?? (isObject ? plain : free)) : undefined,
    fields: all,
    accept: (given, context) => {
      const accepted = Field.accept(all, given, context)
      return check === undefined ? accepted : check(accepted, context, given)
    }
  }
}

const everything: ReadonlyArray<Verb> = ["create", "createMany", "update", "delete", "deleteMany"]

/** `rules` are the verbs of rules, which are written in bulk as well as one by one. */
export const rules: ReadonlyArray<Verb> = [...everything, "updateMany"]

/** `single` are the verbs of what is written one by one only, as most policies. */
export const single: ReadonlyArray<Verb> = ["create", "update", "delete"]

/** `plain` are names of objects: letters, digits and a few signs. */
const plain = /^[\w.+ -]{1,64}$/
/** `free` are names of policies and rules. */
const free = /^[^\u0000-\u001f]{1,128}$/

// Whatever else is said of it counts as no.
const overridable: Field.Field = {
  schema: { type: "boolean" },
  want: "a boolean",
  otherwise: false,
  read: (value) => ({ value: value === true })
}

const tags: Readonly<Record<string, string>> = {
  object: "Object",
  policy: "Policy",
  devices: "Devices",
  assignment: "Policy Assignments",
  devicegroups: "Device Groups"
}
