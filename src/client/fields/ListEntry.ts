/** `Entry` is what a device keeps in a list, as the device sends it. Some of it has no name, and some no id. */
export interface Entry {
  readonly id?: string | undefined
  readonly name?: string | undefined
  readonly [field: string]: unknown
}

/** `Item` is an entry that is known by its name, as most are. */
export interface Item {
  readonly id: string
  readonly name: string
  readonly [field: string]: unknown
}

/** `Known` is an entry that can be read, changed and removed by itself. */
export type Known<A extends Entry> = A & { readonly id: string }

/** `Named` is an entry that was found by its name. */
export type Named<A extends Entry> = A & Item

/** `Unnamed` is an entry as a script wants it. */
export interface Unnamed {
  readonly name?: string | undefined
  readonly [field: string]: unknown
}

/** `Wanted` is an object as a script wants it: known by its name. */
export interface Wanted {
  readonly name: string
  readonly [field: string]: unknown
}

/** `Fields` are those of an object, as a script gives them or a device shows them. */
export type Fields = Readonly<Record<string, unknown>>
