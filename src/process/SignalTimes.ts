/** `oneWish` is for how many milliseconds signals are one: nobody presses Ctrl-C again that fast and means more by it. */
const oneWish = 300

let lastAt = Number.NEGATIVE_INFINITY

/**
 * `isRepeated` says that a signal is one that has come already. `deno task` hands on a single Ctrl-C three times, and a
 * terminal that is closed, a shell or a service manager may send a second signal right behind the first.
 */
export const isRepeated = (): boolean => {
  const now = performance.now()
  if (now - lastAt < oneWish) return true
  lastAt = now
  return false
}
