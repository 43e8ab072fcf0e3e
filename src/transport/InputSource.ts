/** Where options were given, for the errors that they may cause: each is told by the path that it has there. */
export interface Source {
  /** The path of an option there, such as `devices.hq.url` or `FMC_URL` for `url`. */
  readonly field: (option: string) => string
  /**
   * Whether an error may show what was given. False for the environment and for files: a slip may have put a password
   * into any place of them.
   */
  readonly shows: boolean
}

/** The arguments of a call. */
export const call: Source = { field: (option) => option, shows: true }

/** A value there as a sentence calls it: by itself where it may be shown and can be. */
export const shown = ({ shows }: Source, value: unknown): string => {
  if (!shows) return "what stands there"
  if (typeof value === "string") return JSON.stringify(value)
  return typeof value === "object" || typeof value === "function" ? "this" : String(value)
}

/** The `value` of an `InvalidInput`, where it may be shown. */
export const value = ({ shows }: Source, given: unknown): { readonly value?: string } =>
  shows ? { value: String(given) } : {}
