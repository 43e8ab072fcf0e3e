import { readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "./runtime.ts"

const { exports }: { readonly exports: Readonly<Record<string, string | object>> } = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8")
)

/** `subpaths` are the names by which the modules of the package are imported: `sallyport`, `sallyport/fmc` and so on. */
export const subpaths: ReadonlyArray<string> = Object.keys(exports)
  .filter((subpath) => typeof exports[subpath] === "object")
  .map((subpath) => subpath.replace(/^\./, "sallyport"))
