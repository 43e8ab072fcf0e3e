import { execFile } from "node:child_process"
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { promisify } from "node:util"
import { root } from "./runtime.ts"

const call = promisify(execFile)

/** `Packed` is what `npm pack` has made: the tarball, and the paths of the files in it. */
export interface Packed {
  readonly tarball: string
  readonly files: ReadonlyArray<string>
}

/** `placesIn` says where in a folder the project that uses the package is, and where in that the package. */
export const placesIn = (folder: string): { readonly consumer: string; readonly unpacked: string } => {
  const consumer = join(folder, "consumer")
  return { consumer, unpacked: join(consumer, "node_modules", "sallyport") }
}

/** `packInto` packs the package, which builds it, and unpacks it into another project, all in this folder. */
export const packInto = async (folder: string): Promise<Packed> => {
  const { consumer, unpacked } = placesIn(folder)
  // A copy, so that nothing is built into the tree in which others work.
  const copy = join(folder, "sallyport")
  const left = ["node_modules", ".git", "dist", "coverage"]
  cpSync(root, copy, {
    recursive: true,
    filter: (from) =>
      dirname(from) === root.replace(/\/$/, "")
        ? !left.includes(basename(from))
        : basename(from) !== ".scripts"
  })
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"))
  const { stdout } = await call("npm", ["pack", "--json", "--pack-destination", folder], { cwd: copy })
  const [{ filename, files }] = JSON.parse(stdout)
  const tarball = join(folder, filename)
  mkdirSync(unpacked, { recursive: true })
  await call("tar", ["-xzf", tarball, "--strip-components=1", "-C", unpacked])
  // As an install would put them there, but for the network.
  for (const peer of installed) {
    const to = join(consumer, "node_modules", peer)
    mkdirSync(dirname(to), { recursive: true })
    symlinkSync(join(root, "node_modules", peer), to)
  }
  const { version } = JSON.parse(readFileSync(join(unpacked, "package.json"), "utf8"))
  const dependencies = Object.fromEntries(peers.map((name) => [name, "*"]))
  writeFileSync(
    join(consumer, "package.json"),
    JSON.stringify({ type: "module", private: true, dependencies: { ...dependencies, sallyport: version } })
  )
  return { tarball, files: files.map(({ path }: { readonly path: string }) => path) }
}

const peers = ["effect", "@effect/platform", "@effect/schema", "selfsigned"]

const ofRunners = ["cluster", "experimental", "platform-node", "rpc", "sql", "sql-pg", "workflow"]

const installed = [
  ...peers,
  "@cfworker/json-schema",
  "csv-parse",
  ...ofRunners.map((name) => `@effect/${name}`),
  "@types/node",
  "vitest",
  "@effect/vitest"
]
