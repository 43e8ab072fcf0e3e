// What is installed is what was looked at: each package of a lock file has a version and a hash, those for other kinds of
// machines, too.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { root } from "./support/runtime.ts"

interface Locked {
  readonly version?: string
  readonly integrity?: string
}

describe.each(["package-lock.json", "test/bench/package-lock.json"])("%s", (file) => {
  const { packages }: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
    readFileSync(join(root, file), "utf8")
  )
  const installed = Object.entries(packages).filter(([path]) => path !== "")

  it("has a hash for each package", () => {
    expect(installed.length).toBeGreaterThan(20)
    const lacking = installed.filter(([, { integrity = "" }]) => !/^sha512-[\w+/]{86}==$/.test(integrity))
    expect(lacking.map(([path]) => path)).toEqual([])
  })

  it("names all that package.json asks for, in a version that it asks for", () => {
    const manifest = JSON.parse(readFileSync(join(root, file.replace("-lock", "")), "utf8"))
    const wanted = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    const other = wanted.filter(([name, range]) => {
      const version = packages[`node_modules/${name}`]?.version
      const [, least = ""] = /^\^([\d.]+)$/.exec(String(range)) ?? []
      const [major] = least.split(".")
      return version === undefined || (least !== "" && version.split(".")[0] !== major)
    })
    expect(other).toEqual([])
  })
})
