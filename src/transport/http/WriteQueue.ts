/** `WriteQueue` does work one after another, such as writing to a file, and knows how much of it waits. */
export interface WriteQueue {
  /** `enqueue` does something behind all that waits; `bytes` are held until it is done. */
  readonly enqueue: (bytes: number, work: () => Promise<void>) => void
  /** `settled` comes when all is done, and fails with the first failure. */
  readonly settled: () => Promise<void>
  /** `stop` begins nothing more. Comes when what is under way is over. */
  readonly stop: () => Promise<void>
}

export interface Handlers {
  /** `full` is called when more waits than is to be held: nothing more is to come for now. */
  readonly full: () => void
  /** `room` is called when there is room again. */
  readonly room: () => void
  readonly failed: (error: unknown) => void
}

/** `maxQueuedBytes` are held at most, give or take one piece. */
const maxQueuedBytes = 1024 * 1024

export const make = (handlers: Handlers): WriteQueue => {
  let last: Promise<void> = Promise.resolve()
  let held = 0
  let isFull = false
  let isStopped = false
  return {
    stop: () => {
      isStopped = true
      return last.catch(() => undefined)
    },
    settled: () => last,
    enqueue: (bytes, work) => {
      held += bytes
      if (held >= maxQueuedBytes && !isFull) {
        isFull = true
        handlers.full()
      }
      // Nothing is done behind what has failed.
      last = last.then(() => (isStopped ? undefined : work()))
      last.then(() => {
        held -= bytes
        if (!isFull || held >= maxQueuedBytes / 2) return
        isFull = false
        handlers.room()
      }, handlers.failed)
    }
  }
}
