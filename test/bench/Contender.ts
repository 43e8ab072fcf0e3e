import type { Facts } from "./Facts.ts"

/** `Contender` is one way to ask a device. */
export interface Contender {
  readonly name: string
  /** `open` logs in, where it has something to log in with. */
  readonly open: (facts: Facts) => Promise<Client>
}

/** `Client` is a contender that has a token. */
export interface Client {
  /** `requests` asks for the short list so many times, `width` at once, and reads each answer as JSON. */
  readonly requests: (count: number, width: number) => Promise<void>
  /** `list` reads the long list to its end, a page at a time, and counts what is in it. */
  readonly list?: (() => Promise<number>) | undefined
  /** `fleet` logs in to each device, reads five short lists, and logs out, `width` devices at once. */
  readonly fleet?: ((width: number) => Promise<void>) | undefined
  readonly close: () => Promise<void>
}

/** `byPromises` asks by a function that asks once. */
export const byPromises =
  (get: () => Promise<{ readonly items: ReadonlyArray<unknown> }>): Client["requests"] =>
  (count, width) => {
    let left = count
    return atOnce(width, async () => {
      while (left-- > 0) {
        const { items } = await get()
        if (items.length !== 25) throw new Error(`there are ${items.length} items, and not 25`)
      }
    })
  }

/** `atOnce` does the same so many times at once. */
export const atOnce = async (width: number, work: () => Promise<void>): Promise<void> => {
  await Promise.all(Array.from({ length: width }, work))
}
