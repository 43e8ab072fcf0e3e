import type { Domain } from "./Domains.ts"

/** `Fields` are the JSON of a body, or what is kept of it. */
export type Fields = Readonly<Record<string, unknown>>

/** `Schema` is a schema of the device's description. */
export type Schema = Readonly<Record<string, unknown>>

/** `Field` is one field of a kind: how it is described, and how it is read from a body. */
export interface Field {
  readonly schema: Schema
  /** `isRequired` is `described` where the device's description says so, and its own examples leave it out. */
  readonly isRequired?: boolean | "described" | undefined
  /** `otherwise` stands in its place where it is not given. */
  readonly otherwise?: unknown
  /** `want` is what would fit, for the words of a refusal. */
  readonly want: string
  /** `read` gives what is kept of a value, and what it refers to; `undefined` for one that does not fit. */
  readonly read: (value: unknown, context: Context) => Read | undefined
}

interface Read {
  readonly value: unknown
  readonly references?: ReadonlyArray<string>
}

/** `Verb` is what can be done with the things of a kind; those of many are in bulk. */
export type Verb = "create" | "createMany" | "update" | "updateMany" | "delete" | "deleteMany"

/** `Kind` is a kind of objects, policies or rules: a new one is a value of this type, made by `Define.kind`. */
export interface Kind {
  /** `path` is the path behind the domain, such as `object/hosts`, or behind what holds it. */
  readonly path: string
  /**
   * `inside` is the path of what holds it, such as `policy/ftdnatpolicies`; in that of what is held itself, a word in
   * braces stands for the id of its holder.
   */
  readonly inside?: string | undefined
  readonly type: string
  /** `model` is the name of its model in the device's description, of which its operations' names are made. */
  readonly model: string
  readonly tag: string
  readonly verbs: ReadonlyArray<Verb>
  /** `query` are the parameters of its list beside those of every list. */
  readonly query: ReadonlyArray<string>
  readonly fields: Readonly<Record<string, Field>>
  /** `parent` contains it on the device's links, where it has such a parent. */
  readonly parent?: string | undefined
  /** `names` is the space in which its names are told apart: kinds of one space share it. */
  readonly names: string
  /** `isFoundByName` says whether its path may end with its name in place of its id. @default false */
  readonly isFoundByName?: boolean | undefined
  /** `creation` are the parameters of a creation that are kept with it. */
  readonly creation?: ReadonlyArray<string> | undefined
  /** `order` is for one whose order counts. */
  readonly order?: Order | undefined
  /** `idOf` gives the id that it takes from its body, where it has none of its own. */
  readonly idOf?: ((given: Fields) => unknown) | undefined
  /** `named` is what its names look like; `undefined` for a kind without names. */
  readonly named: RegExp | undefined
  /** `accept` reads what a body holds beside name and type, and refuses with 400 what does not fit. */
  readonly accept: (given: Fields, context: Context) => Accepted
  /** `value` is what `nameOrValue` searches beside the name. */
  readonly value?: ((fields: Fields) => string) | undefined
  readonly metadata?: ((fields: Fields) => Fields) | undefined
  /** `merge` is what a body with `?action=` makes of the stored one; the others ignore that parameter. */
  readonly merge?: ((action: string, old: Fields, given: Fields) => Fields) | undefined
}

/** `Order` says where in the list of a kind new things stand. */
interface Order {
  /** `parameters` are those of a creation that say so, beside the ones that are kept. */
  readonly parameters: ReadonlyArray<string>
  /** `place` is how many of the others stand before, by what the parameters say; it refuses with 400. */
  readonly place: (wanted: Fields, others: ReadonlyArray<Item>) => number
}

export interface Context {
  readonly id: string
  /** `find` gives an object that can be referred to: of the same domain, or of one above it. */
  readonly find: (id: unknown) => Item | undefined
}

export interface Accepted {
  readonly fields: Fields
  /** `references` are the ids of the objects that are used. */
  readonly references: ReadonlyArray<string>
  /** `name` is that of one whose kind takes no names from bodies. */
  readonly name?: string | undefined
}

/** `Item` is an object, a policy or a rule, as the sandbox keeps it. */
export interface Item extends Omit<Accepted, "name"> {
  readonly id: string
  readonly kind: Kind
  readonly domain: Domain
  /** `name` is empty for one of a kind without names. */
  readonly name: string
  readonly builtIn: boolean
  readonly changedAt: number
}

/**
 * `isOfType` says whether a body's `type` means this kind, whatever its case: Cisco's samples write `networkobject` for
 * a `Network`, whose model is `NetworkObject`.
 */
export const isOfType = ({ model, type }: Pick<Kind, "model" | "type">, given: unknown): boolean =>
  typeof given === "string" && [type, model].some((name) => name.toLowerCase() === given.toLowerCase())

/**
 * `keptId` gives the id under which a thing is kept: an assignment goes by its policy's, so that its own has to be
 * another.
 */
export const keptId = (kind: Kind, domain: Domain, id: string): string =>
  kind.idOf === undefined ? id : `${id}@${domain.uuid}/${kind.path}`

/** `shownId` gives the id by which clients know a thing. */
export const shownId = ({ id }: Pick<Item, "id">): string => id.split("@", 1)[0] ?? id

/** `referencedAs` is how a thing is named by what uses it. */
export const referencedAs = (item: Item): Fields => ({
  type: item.kind.type,
  name: item.name,
  id: shownId(item)
})

/** `within` gives the kind as it is inside one of those that hold it: a place and names of its own. */
export const within = (kind: Kind, holder: string): Kind => ({
  ...kind,
  path: `${kind.inside}/${holder}/${kind.path}`,
  parent: kind.parent?.replace("{}", holder),
  inside: undefined,
  names: `${kind.names} of ${holder}`
})
