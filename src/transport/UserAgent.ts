import process from "node:process"

/** `version` is the version of this package. */
const version = "0.2.0"

/**
 * `defaultUserAgent` is what a request says of who sends it, where nobody says otherwise: `sallyport/0.2.0
 * (node/20.20.2)`.
 */
export const defaultUserAgent = (): string => {
  const { bun, deno, node } = process.versions
  // Bun and Deno also claim to be a Node.
  const runtime =
    bun !== undefined ? `bun/${bun}` : deno !== undefined ? `deno/${deno}` : `node/${node ?? "unknown"}`
  return `sallyport/${version} (${runtime})`
}
