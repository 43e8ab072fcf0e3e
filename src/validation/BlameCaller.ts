import { InvalidInput } from "./InvalidInput.ts"

/**
 * `blameCaller` gives a function of which the stack of an `InvalidInput` begins at the line that called it: a script's,
 * which is what has to be mended.
 */
export const blameCaller = <Given extends ReadonlyArray<unknown>, A>(
  work: (...given: Given) => A
): ((...given: Given) => A) => {
  const called = (...given: Given): A => {
    try {
      return work(...given)
    } catch (error) {
      if (error instanceof InvalidInput) Error.captureStackTrace(error, called)
      throw error
    }
  }
  return called
}
