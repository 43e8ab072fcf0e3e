// Cisco's text, for one bulk request.
const mostItems = 1000
const mostBytes = 2_048_000

/**
 * Splits what is to be created in bulk: at most 1000 objects and 2,048,000 bytes in one request (Cisco's text), counted
 * as they are sent, in UTF-8. One object that is larger by itself goes alone, for the FMC to judge.
 */
export const batches = <W>(
  items: ReadonlyArray<W>,
  written: (item: W) => unknown
): ReadonlyArray<ReadonlyArray<W>> => {
  const done: Array<ReadonlyArray<W>> = []
  let now: Array<W> = []
  // The brackets of the list.
  let bytes = 2
  for (const item of items) {
    // With the comma that stands between two.
    const size = bytesOf(JSON.stringify(written(item))) + 1
    if (now.length > 0 && (now.length === mostItems || bytes + size > mostBytes)) {
      done.push(now)
      now = []
      bytes = 2
    }
    now.push(item)
    bytes += size
  }
  return now.length === 0 ? done : [...done, now]
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length

// About 7000 characters of URL are safe (read in public clients' code).
const mostCharacters = 7000

/** Splits identifiers so that the URL of a bulk delete stays short enough: about 7000 characters. */
export const idBatches = (ids: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> => {
  const done: Array<ReadonlyArray<string>> = []
  let now: Array<string> = []
  let characters = 0
  for (const id of ids) {
    // The comma between two becomes %2C.
    const length = encodeURIComponent(id).length + 3
    if (now.length > 0 && characters + length > mostCharacters) {
      done.push(now)
      now = []
      characters = 0
    }
    now.push(id)
    characters += length
  }
  return now.length === 0 ? done : [...done, now]
}
