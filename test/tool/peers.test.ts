// The packages that the command `sallyport` needs beside it.
//
// Invariant: where they are missing, it is told what to install, and not how Node fails to load the rest.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "@effect/vitest"
import { lackingPeers } from "../../src/tool/Peers.ts"
import { root } from "../support/runtime.ts"

const manifest = {
  peerDependencies: { "@effect/platform": "^0.97.0", effect: "^3.22.0", yaml: "^2.9.0" },
  peerDependenciesMeta: { yaml: { optional: true } }
}

/** What is lacking where these versions are installed. */
const lacking = (versions: Readonly<Record<string, string>>) =>
  lackingPeers((path) => {
    if (path === "sallyport/package.json") return manifest
    const version = versions[path.replace(/\/package\.json$/, "")]
    if (version === undefined) throw new Error("there is none")
    return { version }
  })

it.each<[Record<string, string>, ReadonlyArray<string>]>([
  [{ "@effect/platform": "0.97.0", effect: "3.22.0" }, []],
  [{ "@effect/platform": "0.97.3", effect: "3.23.0" }, []],
  [{ effect: "4.0.0-beta.3" }, ['@effect/platform@"^0.97.0"', 'effect@"^3.22.0"']],
  [{ "@effect/platform": "0.98.0", effect: "3.22.1" }, ['@effect/platform@"^0.97.0"']],
  [{ "@effect/platform": "0.97.0", effect: "3.21.9" }, ['effect@"^3.22.0"']]
])("are told as npm installs them, where they do not fit: %j", (versions, told) => {
  expect(lacking(versions)).toEqual(told)
})

it("are all there in this project, and the command loads none of them before it has looked", () => {
  expect(lackingPeers()).toEqual([])
  const imported = ["src/sallyport.ts", "src/tool/Peers.ts"].flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(/^import .* from "([^"]+)"$/gm)].map(
      ([, from]) => from
    )
  )
  expect(imported.filter((from) => from?.startsWith("node:") !== true)).toEqual(["./tool/Peers.ts"])
})
