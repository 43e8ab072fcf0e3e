/** `systemErrorCode` gives the system's code of a network error; nothing else of it goes into an error of ours. */
export const systemErrorCode = (error: unknown): string => {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown }
  if (typeof code === "string" && /^[A-Z][A-Z0-9_]{1,60}$/.test(code)) return code
  // Deno, asked for an address that it may not reach.
  return name === "NotCapable" ? name : "Failed"
}
