/**
 * `systemErrorCode` gives a system's code such as `EACCES`, or Deno's name for what this process may not do; nothing else
 * of an error's words goes into an error of ours.
 */
export const systemErrorCode = (error: unknown): string | undefined => {
  const { code, name } = Object(error) as { readonly code?: unknown; readonly name?: unknown }
  if (name === "NotCapable") return name
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : undefined
}

/** `failureCode` gives the same of what has failed in any case: `Failed` where the system has no code for it. */
export const failureCode = (error: unknown): string => systemErrorCode(error) ?? "Failed"
