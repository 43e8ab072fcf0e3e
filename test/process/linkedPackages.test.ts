// Packages that are loaded late, from behind a link (pnpm, `npm link`, workspaces): Node 20 does not find what they need
// after it was asked of a pipe, in plain numbers, what it is. As the package is shipped: a loader of TypeScript hides it.
import { execFile } from "node:child_process"
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { promisify } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { builtPackage } from "../support/builtPackage.ts"
import { runtime } from "../support/runtime.ts"

/** A package `one` that needs `two`, as pnpm lays them, below a folder from which Node has loaded before. */
const linked = (): string => {
  const at = mkdtempSync(join(builtPackage(), "linked-"))
  const store = join(at, ".pnpm", "one", "node_modules")
  for (const [name, text] of [
    ["one", "module.exports = require('two')"],
    ["two", "module.exports = 'both are there'"]
  ] as const) {
    mkdirSync(join(store, name), { recursive: true })
    writeFileSync(join(store, name, "index.js"), text)
    writeFileSync(join(store, name, "package.json"), JSON.stringify({ name, version: "1.0.0" }))
  }
  mkdirSync(join(at, "node_modules"))
  symlinkSync(join(store, "one"), join(at, "node_modules", "one"))
  return join(at, "node_modules", "one", "index.js")
}

/** What a script says that loads a package, its standard error a pipe. */
const told = (LINKED: string) =>
  Effect.promise(async () => {
    const script = `
import * as Effect from "effect/Effect"
import { Main } from "sallyport"
const load = Effect.promise(() => import(process.env.LINKED).then(({ default: said }) => console.log(said)))
Main.run(load)
`
    const path = join(builtPackage(), `linked-${process.pid}-${Math.random()}.mjs`)
    writeFileSync(path, script)
    const ended = await promisify(execFile)(process.execPath, [path], { env: { ...process.env, LINKED } })
    return ended.stdout
  })

describe.runIf(runtime === "node")("a package behind a link is loaded late", () => {
  it.live("by a script whose output goes into a pipe", () =>
    Effect.gen(function* () {
      expect(yield* told(linked())).toBe("both are there\n")
    })
  )
})
