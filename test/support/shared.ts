import { globalValue } from "effect/GlobalValue"

/**
 * `forgetShared` lets begin anew what the sessions of one process share: what is known of accounts, the quotas of
 * devices, warnings that were given. So test files that follow each other in a process know nothing of each other.
 * Effect keeps the defaults of references under this name, and has no other way to reach them.
 */
export const forgetShared = (): void => {
  const defaults = globalValue("effect/Context/defaultValueCache", () => new Map<string, unknown>())
  for (const key of [...defaults.keys()]) {
    if (key.startsWith("sallyport/")) defaults.delete(key)
  }
}
