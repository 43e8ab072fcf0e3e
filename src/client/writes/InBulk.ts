import * as Needed from "../../validation/Needed.ts"

/** `InBulk` says which requests of a list write many of its objects at once: data, so that an undo has it, too. */
export interface InBulk {
  /** `create` is sent a list of new objects, and answers with them. */
  readonly create?: BodyInBulk | undefined
  /** `update` is sent a list of objects with their ids. */
  readonly update?: BodyInBulk | undefined
  readonly remove?: RemovalInBulk | undefined
}

/** `BodyInBulk` is a request whose body is a list, of which a device does all or nothing. */
export interface BodyInBulk {
  /** `query` is put behind the path. */
  readonly query: Readonly<Record<string, string>>
  /** `most` is how many objects one request takes. */
  readonly most: number
  /** `bytes` are how many its body takes, in UTF-8. */
  readonly bytes: number
}

/** `RemovalInBulk` is a request that names by their ids those that it removes: all, or none. */
export interface RemovalInBulk {
  readonly query: Readonly<Record<string, string>>
  /** `ids` is the parameter that has them, behind `prefix`, with commas between them. */
  readonly ids: string
  readonly prefix: string
  readonly most: number
  /** `characters` are how many of them the URL takes, as they are encoded. */
  readonly characters: number
}

/** `batches` splits what is written in bulk, by its number and by the size of each. One that is too large goes alone. */
const batches = <A>(
  items: ReadonlyArray<A>,
  most: { readonly items: number; readonly size: number },
  sizeOf: (item: A) => number
): ReadonlyArray<ReadonlyArray<A>> => {
  const done: Array<ReadonlyArray<A>> = []
  let batch: Array<A> = []
  let size = 0
  for (const item of items) {
    const more = sizeOf(item)
    if (batch.length > 0 && (batch.length === most.items || size + more > most.size)) {
      done.push(batch)
      batch = []
      size = 0
    }
    batch.push(item)
    size += more
  }
  return batch.length === 0 ? done : [...done, batch]
}

/** `bodyBatches` splits what stands in a body, counted as it is sent. */
export const bodyBatches = <A>(
  items: ReadonlyArray<A>,
  limits: Pick<BodyInBulk, "bytes" | "most">,
  written: (item: A) => unknown
): ReadonlyArray<ReadonlyArray<A>> => {
  check(items, limits, "{ bytes, most }")
  Needed.fn("written", written)
  // With the comma that stands between two; the brackets of the list take two bytes.
  const most = { items: limits.most, size: limits.bytes - 2 }
  return batches(items, most, (item) => bytesOf(JSON.stringify(written(item))) + 1)
}

/** `idBatches` splits identifiers that stand in a URL. */
export const idBatches = <A>(
  items: ReadonlyArray<A>,
  limits: Pick<RemovalInBulk, "characters" | "most">,
  idOf: (item: A) => string
): ReadonlyArray<ReadonlyArray<A>> => {
  check(items, limits, "{ characters, most }")
  Needed.fn("idOf", idOf)
  // The comma between two becomes %2C.
  const most = { items: limits.most, size: limits.characters }
  return batches(items, most, (item) => encodeURIComponent(idOf(item)).length + 3)
}

const check = (items: unknown, limits: unknown, form: string): void => {
  Needed.list("items", items)
  Needed.object("limits", limits, form)
}

/** `isPlainId` says that a list of ids takes it: of other signs it could make two. */
export const isPlainId = (id: string): boolean => typeof id === "string" && /^[\w.-]+$/.test(id)

const bytesOf = (text: string): number => new TextEncoder().encode(text).length
