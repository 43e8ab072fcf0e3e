/** `Place` is where in a list with an order something is put, in the device's own words, such as `section: mandatory`. */
export type Place = Readonly<Record<string, string>>

/** `Placed` is an object of a list. One that is only planned has nothing but an id, and the place that is asked for. */
export interface Placed {
  readonly item: { readonly id?: string | undefined; readonly [field: string]: unknown }
  readonly place: Place | undefined
}

/** `IndexIn` says before which index a device puts what is created at a place; `undefined` where nobody can tell. */
export type IndexIn = (place: Place | undefined, list: ReadonlyArray<Placed>) => number | undefined
