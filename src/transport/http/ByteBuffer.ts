/**
 * `ByteBuffer` holds bytes that come in pieces of any size: at most twice what came is in memory, or 1 MiB where as much
 * was announced.
 */
export interface ByteBuffer {
  readonly size: () => number
  /** `add` takes some more, which are its own from then on. */
  readonly add: (bytes: Uint8Array) => void
  /** `take` gives all of them, and begins anew. */
  readonly take: () => Uint8Array
}

/** `maxAtOnce` is how many bytes room is made for at once: an announcement may be all that ever comes. */
const maxAtOnce = 1024 * 1024

const empty = new Uint8Array(0)

/** `make` makes an empty one; `expected` is how many bytes will come, where that is known. */
export const make = (expected = 0): ByteBuffer => {
  let buffer: Uint8Array = empty
  let size = 0

  const grow = (needed: number) => {
    const doubled = Math.max(needed, buffer.length * 2, 256)
    const larger = new Uint8Array(
      expected < needed ? doubled : Math.min(expected, Math.max(doubled, maxAtOnce))
    )
    larger.set(buffer.subarray(0, size))
    buffer = larger
  }

  return {
    size: () => size,
    add: (bytes) => {
      // A short answer comes all at once, and nobody else goes on using what it came in.
      if (size === 0 && bytes.length === expected)
        buffer = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
      else {
        if (size + bytes.length > buffer.length) grow(size + bytes.length)
        buffer.set(bytes, size)
      }
      size += bytes.length
    },
    take: () => {
      const whole = size === buffer.length ? buffer : buffer.slice(0, size)
      buffer = empty
      size = 0
      return whole
    }
  }
}
