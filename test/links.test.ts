// The pages lead from one to the other: no link of theirs leads nowhere, to a heading neither, and none leaves the
// front door without a way to it.
import { existsSync } from "node:fs"
import { join, posix } from "node:path"
import GithubSlugger from "github-slugger"
import { describe, expect, it } from "vitest"
import { linksOf, type Page, pages, roomAt, rooms } from "./support/rooms.ts"
import { root } from "./support/runtime.ts"

/** `anchorsOf` gives what a `#` may lead to in a page, as GitHub and npm name headings. */
const anchorsOf = ({ text }: Page): ReadonlySet<string> => {
  const slugger = new GithubSlugger()
  const prose = text.replace(/^```.*?^```/gms, "")
  return new Set(
    [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => slugger.slug(heading.replaceAll("`", "")))
  )
}

const leadsSomewhere = (from: Page, link: string): boolean => {
  const [file = "", anchor] = link.split("#")
  const path = file === "" ? from.path : posix.join(posix.dirname(from.path), file)
  if (path.startsWith("..") || !existsSync(join(root, path))) return false
  const page = pages.find((page) => page.path === path)
  return anchor === undefined || (page !== undefined && anchorsOf(page).has(anchor))
}

describe("a link", () => {
  it.each(pages.map((page) => [page.path, page] as const))("in %s leads somewhere", (_, page) => {
    expect(linksOf(page).filter((link) => !leadsSomewhere(page, link))).toEqual([])
  })

  it("leads from the front door to every room", () => {
    const door = linksOf(roomAt("README.md")).map((link) => posix.normalize(link.split("#")[0] ?? ""))
    const beyond = linksOf(roomAt("examples/README.md")).map((link) => posix.join("examples", link))
    const missed = rooms.map(({ path }) => path).filter((path) => ![...door, ...beyond].includes(path))
    expect(missed).toEqual(["README.md"])
  })
})

describe("the front door", () => {
  it("is no more than ten kilobytes", () => {
    expect(Buffer.byteLength(roomAt("README.md").text)).toBeLessThanOrEqual(10_000)
  })
})
