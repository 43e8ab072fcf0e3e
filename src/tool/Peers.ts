import { createRequire } from "node:module"

/** `lackingPeers` are the packages that the tool needs and that are missing, or of a version that does not fit, as npm installs them. */
export const lackingPeers = (
  load: (path: string) => unknown = createRequire(import.meta.url)
): ReadonlyArray<string> => {
  const { peerDependencies, peerDependenciesMeta } = load("sallyport/package.json") as {
    readonly peerDependencies: Readonly<Record<string, string>>
    readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>
  }
  return Object.entries(peerDependencies)
    .filter(([name]) => peerDependenciesMeta[name]?.optional !== true)
    .filter(([name, range]) => !fits(versionOf(name, load), range))
    .map(([name, range]) => `${name}@"${range}"`)
}

/** `versionOf` is the version of a package that is installed; `undefined` where none is. */
const versionOf = (name: string, load: (path: string) => unknown): string | undefined => {
  try {
    return (load(`${name}/package.json`) as { readonly version: string }).version
  } catch {
    return undefined
  }
}

/** `fits` says whether a version is one that `^1.2.3` means. Below 1, each minor version is another. */
const fits = (version: string | undefined, range: string): boolean => {
  const [given = [], least = []] = [version ?? "", range].map((text) =>
    (text.match(/\d+/g) ?? []).map(Number)
  )
  const [major = -1, minor = 0, patch = 0] = given
  const [leastMajor = 0, leastMinor = 0, leastPatch = 0] = least
  if (major !== leastMajor) return false
  if (minor !== leastMinor) return major > 0 && minor > leastMinor
  return patch >= leastPatch
}
