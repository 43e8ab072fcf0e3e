/**
 * `InputSource` is where options were given, for the errors that they may cause: each is told by the path that it has
 * there.
 */
export interface InputSource {
  /** `field` gives the path of an option there, such as `devices.hq.url` or `FMC_URL` for `url`. */
  readonly field: (option: string) => string
  /**
   * `isSafeToShow` says whether an error may show what was given. It is false for the environment and for data: a slip
   * may have put a password into any place of them.
   */
  readonly isSafeToShow: boolean
}

/** `callArguments` gives the arguments of a call. */
export const callArguments: InputSource = { field: (option) => option, isSafeToShow: true }

/** `dataAt` gives data, such as that of a file, at a path in it: `devices.hq`. */
export const dataAt = (path: string): InputSource => ({
  field: (option) => [path, option].filter((part) => part !== "").join("."),
  isSafeToShow: false
})

/** `describe` gives a value there as a sentence calls it: by itself where it may be shown and can be. */
export const describe = ({ isSafeToShow }: InputSource, value: unknown): string => {
  if (!isSafeToShow) return "what stands there"
  if (typeof value === "string") return JSON.stringify(value)
  return isPlain(value) ? String(value) : "this"
}

/** `shownValue` gives the `value` of an `InvalidInput`; `undefined` where it may not be shown. */
export const shownValue = ({ isSafeToShow }: InputSource, given: unknown): string | undefined =>
  isSafeToShow && isPlain(given) ? String(given) : undefined

const isPlain = (value: unknown): boolean => typeof value !== "object" && typeof value !== "function"
