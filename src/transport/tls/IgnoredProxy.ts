import process from "node:process"

const names = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]

interface Permissions {
  readonly querySync: (what: { readonly name: "env"; readonly variable: string }) => {
    readonly state: string
  }
}

/**
 * `ignoredProxy` gives the variable that names a proxy to other programs, where one is set: a script that reaches
 * nothing may expect that it is obeyed. Deno is not asked for a permission that it has not given.
 */
export const ignoredProxy = (): string | undefined => {
  const { Deno: deno } = globalThis as { readonly Deno?: { readonly permissions?: Permissions } }
  return names.find((variable) => {
    try {
      const state = deno?.permissions?.querySync({ name: "env", variable }).state ?? "granted"
      return state === "granted" && (process.env[variable] ?? "") !== ""
    } catch {
      return false
    }
  })
}
