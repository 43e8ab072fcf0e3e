import process from "node:process"

interface Permissions {
  readonly querySync: (what: { readonly name: "env"; readonly variable: string }) => {
    readonly state: string
  }
}

/**
 * `grantedVariable` gives a variable of the environment that need not be there; empty where this process may not read it.
 * Deno would ask its user for a permission that it has not been given, and is not asked.
 */
export const grantedVariable = (variable: string): string => {
  try {
    const { Deno: deno } = globalThis as { readonly Deno?: { readonly permissions?: Permissions } }
    const state = deno?.permissions?.querySync({ name: "env", variable }).state ?? "granted"
    return state === "granted" ? (process.env[variable] ?? "") : ""
  } catch {
    return ""
  }
}
