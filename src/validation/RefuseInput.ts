import { InvalidInput } from "./InvalidInput.ts"

/**
 * `refuseInput` is the `InvalidInput` of a field, and the Effect that fails with it: `sentence` says what is wrong with it,
 * and what to give instead. `value` is what was given, where it may be shown.
 */
export const refuseInput = (field: string, sentence: string, value?: string): InvalidInput =>
  new InvalidInput({ field, ...(value !== undefined && { value }), message: `${field}: ${sentence}` })
