// The pages for users. README.md is the front door; each other stands in the folder that it is about.
import { readdirSync, readFileSync } from "node:fs"
import { join, posix } from "node:path"
import { root } from "./runtime.ts"

export interface Page {
  /** `path` is from the root, with slashes. */
  readonly path: string
  readonly text: string
}

const page = (path: string): Page => ({ path, text: readFileSync(join(root, path), "utf8") })

const below = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((path) => posix.join(folder, path.replaceAll("\\", "/")))
    .filter((path) => path.endsWith(".md") && !path.includes("/node_modules/"))
    .sort()

/** `guide` is for authors of plugins. What it shows are parts of the files beside it: ThirdParty.test.ts. */
const guide = "examples/plugin-asa/README.md"

/** `pages` are all that anybody reads, those for whoever works on this project too. */
export const pages: ReadonlyArray<Page> = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...["src", "plugins", "examples", "test"].flatMap(below)
].map(page)

/** `rooms` are those whose code is whole scripts, the front door first. */
export const rooms: ReadonlyArray<Page> = pages.filter(
  ({ path }) => path !== guide && path !== "SECURITY.md" && !path.startsWith("test/")
)

/** `scriptsOf` gives the scripts in a page. */
export const scriptsOf = ({ text }: Page): ReadonlyArray<string> =>
  [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = ""]) => code)

/** `roomAt` gives the room of this path. */
export const roomAt = (path: string): Page => {
  const found = rooms.find((room) => room.path === path)
  if (found === undefined) throw new Error(`there is no room ${path}`)
  return found
}

/** `linksOf` gives where a page leads within this project. */
export const linksOf = ({ text }: Pick<Page, "text">): ReadonlyArray<string> =>
  [...text.replace(/^```.*?^```/gms, "").matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
