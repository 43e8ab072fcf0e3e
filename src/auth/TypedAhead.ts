import process from "node:process"
import { clearTimeout, setImmediate, setTimeout } from "node:timers"
import * as Effect from "effect/Effect"

/** `Keyboard` is the input of a terminal. */
export type Keyboard = NodeJS.ReadableStream & {
  readonly isTTY?: boolean | undefined
  /** `setRawMode` is that of a real terminal. */
  readonly setRawMode?: (isRaw: boolean) => unknown
}

/**
 * `discard` drops what was typed before somebody is asked: it cannot be meant for a question that was not to be seen yet.
 * Ctrl-C among it is the signal that it is elsewhere.
 */
export const discard = (keyboard: Keyboard): Effect.Effect<void> =>
  Effect.async<void>((resume) => {
    let hasHeard = false
    let isInterrupt = false
    let timer: NodeJS.Timeout | undefined
    const hear = (chunk: unknown) => {
      hasHeard = true
      isInterrupt ||= String(chunk).includes("\u0003")
    }
    const end = () => {
      clearTimeout(timer)
      keyboard.off("data", hear)
      keyboard.pause()
      keyboard.setRawMode?.(false)
    }
    const untilQuiet = () => {
      hasHeard = false
      timer = setTimeout(() => {
        // What has come while the process was busy is heard by then.
        setImmediate(() => {
          if (timer === undefined) return
          if (hasHeard) return untilQuiet()
          end()
          if (isInterrupt) interruptProcess()
          resume(Effect.void)
        })
      }, quiet)
    }
    // Else a line that has no end yet would stay, and be the beginning of the answer.
    keyboard.setRawMode?.(true)
    keyboard.on("data", hear)
    untilQuiet()
    return Effect.sync(() => {
      end()
      timer = undefined
    })
  })

/** `quiet` is for how many milliseconds nothing is to come: a busy Deno needs some until it reads at all. */
const quiet = 200

/** `isOver` says that nothing can be typed any more. */
export const isOver = (keyboard: Keyboard): boolean =>
  "readableEnded" in keyboard && keyboard.readableEnded === true

/** `interruptProcess` does what Ctrl-C does where it is a key. */
export const interruptProcess = (): void => {
  // A signal to oneself ends a process on Windows, whoever listens.
  if (process.listenerCount("SIGINT") > 0) process.emit("SIGINT", "SIGINT")
  else process.kill(process.pid, "SIGINT")
}
