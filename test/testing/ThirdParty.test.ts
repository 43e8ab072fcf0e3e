// A third party's plugin is the package in examples/plugin-asa, whose own tests run with ours.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Testing from "sallyport/testing"
import * as Asa from "../../examples/plugin-asa/src/index.ts"
import * as FakeAsa from "../../examples/plugin-asa/test/fakeAsa.ts"
import { root } from "../support/runtime.ts"

// What cannot be tried is skipped, the rest is kept.
Testing.authProvider("asa, a device of which nothing is known,", {
  make: Effect.map(FakeAsa.make, (device) => ({
    provider: Asa.provider(device),
    request: "/api/objects/networkobjects"
  }))
})

describe("a third party's package", () => {
  const read = (path: string) => readFileSync(join(root, path), "utf8")
  const folder = "examples/plugin-asa"
  const importsOf = (part: string) =>
    readdirSync(join(root, folder, part)).flatMap((file) =>
      [...read(`${folder}/${part}/${file}`).matchAll(/ from "([^".][^"]*)"/g)].map(([, name = ""]) => name)
    )
  const [src, all] = [importsOf("src"), [...importsOf("src"), ...importsOf("test")]]
  const ours = JSON.parse(read("package.json"))
  const own = JSON.parse(read(`${folder}/package.json`))

  it("asks for what it imports in our versions, as peers where its users bring it", () => {
    const versions: Readonly<Record<string, string>> = {
      ...ours.peerDependencies,
      sallyport: `^${ours.version}`
    }
    const asked = (imports: ReadonlyArray<string>) =>
      Object.fromEntries(
        Object.entries(versions).filter(([name]) =>
          imports.some((specifier) => `${specifier}/`.startsWith(`${name}/`))
        )
      )
    expect(own.peerDependencies).toEqual(asked(src))
    expect(Object.keys(own.peerDependencies)).toEqual(["@effect/platform", "effect", "sallyport"])
    expect(own.devDependencies).toEqual(asked([...all, "vitest"]))
  })

  it("finds in this project what package.json publishes, by the paths of tsconfig.json", () => {
    const paths = [...read("tsconfig.json").matchAll(/"(sallyport[^"]*)": \["([^"]+)"\]/g)]
    const published = Object.entries<Readonly<Record<string, string>>>(ours.exports).flatMap(
      ([path, given]) => {
        const source = given["@sallyport/source"]
        return source === undefined ? [] : [[path.replace(".", "sallyport"), source]]
      }
    )
    expect(paths.map(([, name, file]) => [name, file])).toEqual(published)
  })

  it("is explained by code that is in it, and is as long as it says", () => {
    const guide = read(`${folder}/README.md`)
    const parts = ["src", "test"].flatMap((part) =>
      readdirSync(join(root, folder, part)).map((file) => `${part}/${file}`)
    )
    const blocks = [...guide.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code)
    expect(blocks.length).toBeGreaterThan(5)
    // How far it is indented depends on where it stands.
    const flush = (code: string) => code.replace(/^ +/gm, "")
    const texts = parts.map((part) => flush(read(`${folder}/${part}`)))
    expect(blocks.filter((code) => !texts.some((text) => text.includes(flush(code))))).toEqual([])
    for (const part of parts) {
      const [, said] = new RegExp(`\\(${part}\\) *\\| (\\d+) *\\|`).exec(guide) ?? []
      const lines = read(`${folder}/${part}`).trimEnd().split("\n").length
      expect([part, Math.abs(lines - Number(said)) <= 10]).toEqual([part, true])
    }
  })
})
