import process from "node:process"

type Permission =
  | { readonly name: "env"; readonly variable: string }
  | { readonly name: "read"; readonly path: string }

interface Permissions {
  readonly querySync: (what: Permission) => { readonly state: string }
}

/**
 * `grantedVariable` gives a variable of the environment that need not be there; empty where this process may not read it.
 * Deno would ask its user for a permission that it has not been given, and is not asked.
 */
export const grantedVariable = (variable: string): string => {
  try {
    return isGranted({ name: "env", variable }) ? (process.env[variable] ?? "") : ""
  } catch {
    return ""
  }
}

/** `isReadGranted` says whether a file may be read without asking the user of Deno. */
export const isReadGranted = (path: string): boolean => isGranted({ name: "read", path })

const isGranted = (what: Permission): boolean => {
  const { Deno: deno } = globalThis as { readonly Deno?: { readonly permissions?: Permissions } }
  return (deno?.permissions?.querySync(what).state ?? "granted") === "granted"
}
