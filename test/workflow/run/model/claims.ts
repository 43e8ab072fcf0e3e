// What properties claim, outside of a test runner too.
import { isDeepStrictEqual } from "node:util"

const shown = (value: unknown): string =>
  JSON.stringify(value, (_, one) => (one instanceof Map ? Object.fromEntries(one) : one), 1) ?? "undefined"

/** Dies of what does not hold, with all that is about it. */
export const holds = (isSo: boolean, claim: string, about: unknown): void => {
  if (!isSo) throw new Error(`${claim}: ${shown(about)}`)
}

export const same = (actual: unknown, expected: unknown, claim: string, about?: unknown): void => {
  if (isDeepStrictEqual(actual, expected)) return
  throw new Error(
    `${claim}: it is ${shown(actual)}\nand not ${shown(expected)}${about === undefined ? "" : `\n${shown(about)}`}`
  )
}
