import type { Domain } from "./Domains.ts"

/** JSON of a body, or what is kept of it. */
export type Fields = Readonly<Record<string, unknown>>

/** A kind of objects, policies or rules: a new one is a value of this type. */
export interface Kind {
  /** The path behind the domain, such as `object/hosts`. */
  readonly path: string
  readonly type: string
  /** What contains it on the device's links, where it has such a parent. */
  readonly parent?: string | undefined
  /** Kinds of one space share their names. */
  readonly names: string
  readonly named: RegExp
  /** Reads what a body holds beside name and type, and refuses with 400 what does not fit. */
  readonly accept: (given: Fields, context: Context) => Accepted
  /** What `nameOrValue` searches beside the name. */
  readonly value?: ((fields: Fields) => string) | undefined
  readonly metadata?: ((fields: Fields) => Fields) | undefined
  /** What a body with `?action=` makes of the stored one; the others ignore that parameter. */
  readonly merge?: ((action: string, old: Fields, given: Fields) => Fields) | undefined
}

export interface Context {
  readonly id: string
  /** An object that can be referred to: of the same domain, or of one above it. */
  readonly find: (id: unknown) => Item | undefined
}

export interface Accepted {
  readonly fields: Fields
  /** Ids of the objects that are used. */
  readonly references: ReadonlyArray<string>
}

/** An object, a policy or a rule, as the sandbox keeps it. */
export interface Item extends Accepted {
  readonly id: string
  readonly kind: Kind
  readonly domain: Domain
  readonly name: string
  readonly builtIn: boolean
  readonly changedAt: number
}
