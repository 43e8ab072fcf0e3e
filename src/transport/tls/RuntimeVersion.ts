import { refuseInput } from "../../validation/RefuseInput.ts"
import type { InvalidInput } from "../DeviceError.ts"

/** `Versions` are what `process.versions` says; Bun and Deno name themselves beside the Node that they stand in for. */
export interface Versions {
  readonly node?: string | undefined
  readonly deno?: string | undefined
  readonly bun?: string | undefined
}

interface MinimumVersion {
  readonly runtime: "bun" | "deno" | "node"
  readonly name: string
  readonly least: readonly [number, number, number]
  readonly why: string
}

// Bun and Deno first: both also claim to be a Node.
const minimumVersions: ReadonlyArray<MinimumVersion> = [
  {
    runtime: "bun",
    name: "Bun",
    least: [1, 4, 0],
    why: "an older one sends requests to servers whose certificate was refused"
  },
  {
    runtime: "deno",
    name: "Deno",
    least: [2, 8, 0],
    why: "an older one calls every bad certificate authorized"
  },
  { runtime: "node", name: "Node.js", least: [20, 0, 0], why: "an older one is not tested" }
]

/**
 * `unsupported` says why this runtime cannot be trusted with a password, or `undefined` if it can. The old ones fail
 * silently, so they are refused by name.
 */
export const unsupported = (versions: Versions): InvalidInput | undefined => {
  for (const { runtime, name, least, why } of minimumVersions) {
    const version = versions[runtime]
    if (version === undefined) continue
    return isAtLeast(version, least)
      ? undefined
      : refuseInput(
          "runtime",
          `${name} ${version} is too old: ${why}; upgrade to ${name} ${least.join(".")} or newer.`,
          `${name} ${version}`
        )
  }
  return refuseInput("runtime", "this one is not known; run on Node.js, Deno or Bun.")
}

const isAtLeast = (version: string, least: MinimumVersion["least"]): boolean => {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map((part) => Number.parseInt(part, 10))
  const numbers = [major, minor, patch] as const
  const first = numbers.findIndex((number, index) => number !== least[index])
  return first === -1 || (numbers[first] ?? 0) > (least[first] ?? 0)
}
