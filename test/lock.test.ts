// What is installed is what was looked at: each package of a lock file has a version and a hash, those for other kinds of
// machines, too. `npm ci` takes no other: it refuses a lock file that lacks a package which another may ask for.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { root } from "./support/runtime.ts"

interface Locked {
  readonly version?: string
  readonly integrity?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  /** `link` is true of a folder of this repository, which is at `resolved`. */
  readonly link?: true
  readonly resolved?: string
}

describe.each(["package-lock.json", "test/bench/package-lock.json"])("%s", (file) => {
  const { packages }: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
    readFileSync(join(root, file), "utf8")
  )
  const installed = Object.entries(packages).filter(
    ([path, { link }]) => path.includes("node_modules/") && link !== true
  )

  it("has a hash for each package", () => {
    expect(installed.length).toBeGreaterThan(20)
    const lacking = installed.filter(([, { integrity = "" }]) => !/^sha512-[\w+/]{86}==$/.test(integrity))
    expect(lacking.map(([path]) => path)).toEqual([])
  })

  it("names all that package.json asks for, in a version that it asks for", () => {
    const manifest = JSON.parse(readFileSync(join(root, file.replace("-lock", "")), "utf8"))
    const wanted = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    const other = wanted.filter(([name, range]) => {
      const { link, resolved, version } = packages[`node_modules/${name}`] ?? {}
      if (link === true) return range !== `file:${resolved}`
      const [, least = ""] = /^\^([\d.]+)$/.exec(String(range)) ?? []
      const [major] = least.split(".")
      return version === undefined || (least !== "" && version.split(".")[0] !== major)
    })
    expect(other).toEqual([])
  })

  /** Where Node would look for a package from there, from the inside out. */
  const placesOf = (name: string, from: string): ReadonlyArray<string> => {
    const folders = from.split("/").filter((folder) => folder !== "")
    return [...folders, ""].map((_, up) =>
      [...folders.slice(0, folders.length - up), "node_modules", name].join("/")
    )
  }

  it("names all that its packages ask for, those for other kinds of machines, too", () => {
    const lost = Object.entries(packages).flatMap(
      ([path, { dependencies, devDependencies, optionalDependencies }]) =>
        Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies })
          .filter((name) => !placesOf(name, path).some((place) => place in packages))
          .map((name) => `${path} asks for ${name}`)
    )
    expect(lost).toEqual([])
  })
})
