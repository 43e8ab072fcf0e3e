// Devices from an inventory: which there are, where each value of one comes from, and what those say that are selected.
//
//   inventory.ts <inventory> list [<filter>…]
//   inventory.ts <inventory> show <name>
//   inventory.ts <inventory> versions [<filter>…]
//
// The inventory is a file in YAML, JSON or CSV; inventory.yaml beside this script is one to copy from. A filter is a name
// with stars (branch-*), tag:prod, kind:fdm or group:emea, each also after a !; quote it for the shell.

import process from "node:process"
import * as Effect from "effect/Effect"
import { Inventory, Main } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"

const plugins = [Fmc.plugin, Fdm.plugin] as const
type Entry = Inventory.Entry<(typeof plugins)[number]>

const [file = "", command = "list", ...words] = process.argv.slice(2)

/** `versionOf` logs in to a device, asks it, and logs out. */
const versionOf = (entry: Entry) =>
  Effect.scoped(
    Effect.gen(function* () {
      if (entry.kind === "fmc") return (yield* (yield* entry.open).serverVersion).serverVersion
      const { http } = yield* entry.open
      const system = (yield* (yield* http.get("/operational/systeminfo/default")).json) as {
        readonly softwareVersion?: string
      }
      return system.softwareVersion
    })
  )

const script = Effect.gen(function* () {
  const inventory = yield* Inventory.fromFile(file, { plugins })
  if (command === "show") {
    const shown = yield* inventory.show(words[0] ?? "")
    console.log(Inventory.showText(shown))
    return
  }
  const entries = yield* inventory.select(...words)
  if (command === "list") {
    for (const { kind, name, tags } of entries) console.log(`${name}: ${kind}, ${tags.join(" ")}`)
    return
  }
  yield* Effect.forEach(
    entries,
    (entry) =>
      versionOf(entry).pipe(
        Effect.catchAll((error) => {
          process.exitCode = 1
          return Effect.succeed(error.message)
        }),
        Effect.tap((told) => Effect.sync(() => console.log(`${entry.name}: ${told}`)))
      ),
    { concurrency: 10, discard: true }
  )
})

Main.run(script)
