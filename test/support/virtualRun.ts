// Work that reads and writes files, in a time of its own. Node only: nobody else says what is under way.
import process from "node:process"
import { setImmediate } from "node:timers/promises"
import * as Effect from "effect/Effect"
import type { VirtualTime } from "./virtualTime.ts"

/** How long nothing at all may be under way before it is taken for stuck, in real milliseconds. */
const longestLull = 5000

/**
 * Runs something to its end in virtual time, which passes only while nothing else is under way: nobody has a turn, no
 * promise can go on, and no file is being read or written.
 */
export const runInVirtualTime = async <A, E>(time: VirtualTime, work: Effect.Effect<A, E>): Promise<A> => {
  const fiber = time.fork(work)
  let isOver = false
  fiber.addObserver(() => {
    isOver = true
  })
  let lullSince: number | undefined
  while (!isOver) {
    time.drain()
    // Behind it, every promise that could go on has gone on.
    await setImmediate()
    if (isOver || time.isReady || isDiskBusy()) lullSince = undefined
    else if (time.hasSleepers) time.wakeNext()
    else {
      lullSince ??= performance.now()
      if (performance.now() - lullSince > longestLull)
        throw new Error(`nothing is under way at ${time.now} ms, and it is not over`)
    }
  }
  return Effect.runPromise(fiber)
}

const isDiskBusy = () =>
  process.getActiveResourcesInfo().some((resource) => /^(FSReq|CloseReq|FileHandle)/.test(resource))
