// For one bulk request (FMC guide, Bulk Rule Posting and Payload Limiting).
const maxItems = 1000
const maxBytes = 2_048_000

// About 7000 characters of URL are safe (read in public clients' code).
const maxCharacters = 7000

/**
 * `batches` splits what is to be created in bulk: at most 1000 objects and 2,048,000 bytes in one request, counted as
 * they are sent, in UTF-8. One object that is larger by itself goes alone, for the FMC to judge.
 */
export const batches = <W>(
  items: ReadonlyArray<W>,
  written: (item: W) => unknown
): ReadonlyArray<ReadonlyArray<W>> =>
  // With the comma that stands between two; the brackets of the list take two bytes.
  split(items, { items: maxItems, size: maxBytes - 2 }, (item) => bytesOf(JSON.stringify(written(item))) + 1)

/** `idBatches` splits identifiers so that the URL of a bulk delete stays short enough: about 7000 characters. */
export const idBatches = (ids: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> =>
  // The comma between two becomes %2C.
  split(ids, { items: maxItems, size: maxCharacters }, (id) => encodeURIComponent(id).length + 3)

const split = <A>(
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

const bytesOf = (text: string): number => new TextEncoder().encode(text).length
