import { fileURLToPath } from "node:url"
import type { Contender } from "../Contender.ts"
import { sallyport } from "./sallyport.ts"

const own = fileURLToPath(new URL("../../..", import.meta.url))

/** `strangers` need what `test/bench/package.json` names; they are JavaScript, since no types are installed for them. */
const strangers: Readonly<Record<string, readonly [file: string, name: string]>> = {
  octokit: ["./octokit.js", "octokit"],
  "openid-client": ["./openidClient.js", "openidClient"],
  azure: ["./azure.js", "azure"]
}

/** `byName` loads a contender; `sallyport:PATH` is the library of another checkout. */
export const byName = async (name: string): Promise<Contender> => {
  if (name === "fetch") return (await import("./fetch.ts")).plainFetch
  if (name === "https") return (await import("./https.ts")).nodeHttps
  if (name === "platform") return (await import("./fetchHttpClient.ts")).fetchHttpClient
  if (name === "sallyport") return sallyport("sallyport", own)
  const [, checkout] = /^sallyport:(.+)$/.exec(name) ?? []
  if (checkout !== undefined) return sallyport(`sallyport at ${checkout}`, checkout)
  const stranger = strangers[name]
  if (stranger === undefined) throw new Error(`there is no contender ${name}`)
  const [file, exported] = stranger
  return (await import(file))[exported]
}
