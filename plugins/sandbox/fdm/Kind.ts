import type { Fields } from "./Entity.ts"
import type { Field } from "./Field.ts"

/** `Kind` is what tells one kind of object from another: a new kind is one of these, a few lines of data. */
export interface Kind {
  /**
   * `path` begins below the version; `{parentId}` in it is the id of what holds it, or `default` for the only one there
   * is.
   */
  readonly path: string
  readonly type: string
  /** `tag` and `model` are those of the device's description of itself. */
  readonly tag: string
  readonly model: string
  /** `verbs` are what can be done beside reading. @default all */
  readonly verbs?: ReadonlyArray<"create" | "update" | "delete"> | undefined
  /** `searched` are its own fields that filters and sorting know, beside the name. */
  readonly searched?: ReadonlyArray<string> | undefined
  readonly fields: Readonly<Record<string, Field>>
  /**
   * `names` is the space that its names share with other kinds.
   *
   * @default its tag; inside a holder, that holder alone
   */
  readonly names?: string | undefined
  /**
   * `named` is what its names look like.
   *
   * @default what has no space in it, as nobody has seen one in names of networks
   */
  readonly named?: RegExp | undefined
  /** `isUnnamed` says whether it may have no name. @default false */
  readonly isUnnamed?: boolean | undefined
  /** `isDescribed` says whether it has a description. @default true */
  readonly isDescribed?: boolean | undefined
  /** `isNameless` says whether its model has no name at all. @default false */
  readonly isNameless?: boolean | undefined
  /** `isOpen` says whether fields that it does not name are kept as they are sent. @default false */
  readonly isOpen?: boolean | undefined
  /** `isListOnly` says whether its things cannot be read one by one. @default false */
  readonly isListOnly?: boolean | undefined
  /** `operations` stands for the model in the names of its operations. @default the model */
  readonly operations?: string | undefined
  /**
   * `isOrdered` says whether its place in the list counts: `at` of a creation says where, and a `ruleId` which.
   *
   * @default false
   */
  readonly isOrdered?: boolean | undefined
  /** `check` looks at the whole, once its fields have been read, and throws what it refuses. */
  readonly check?: ((fields: Fields) => void) | undefined
  /** `initial` are those that exist at the start. */
  readonly initial?: ReadonlyArray<{ readonly name: string } & Fields> | undefined
}

/** `holderOf` gives the path of what holds the things of a kind; `undefined` for one that stands by itself. */
export const holderOf = ({ path }: Pick<Kind, "path">): string | undefined =>
  path.includes("{parentId}") ? path.split("/{parentId}")[0] : undefined

/** `spaced` are names that may hold spaces, such as "PostgreSQL port" in Cisco's sample. */
export const spaced = /^[^\u0000-\u001f]{1,128}$/
