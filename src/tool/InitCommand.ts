import { mkdir, readFile, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { refuse, type WrongUsage } from "../commandline/WrongUsage.ts"
import { failureCode, systemErrorCode } from "../transport/SystemErrorCode.ts"
import * as FirstScript from "./FirstScript.ts"
import { parse, type ToolCommand } from "./ToolCommand.ts"

/** `initCommand` writes a first script, and what it needs. It writes over nothing. */
export const initCommand: ToolCommand = {
  name: "init",
  operands: "[FOLDER]",
  description: "writes a first script, with its package.json",
  help: "Writes a first workflow, a table and an inventory for it, and a package.json into a folder, which is this one\nwhere none is given. What is there already is left as it is.",
  run: (words, { output }) =>
    Effect.gen(function* () {
      const { operands } = yield* parse(words, 1)
      const [folder = "."] = operands
      yield* attempt(folder, () => mkdir(folder, { recursive: true }))
      const manifest = yield* ownManifest
      const files = Object.entries({
        "package.json": `${JSON.stringify(FirstScript.manifestFor(manifest), null, 2)}\n`,
        [FirstScript.scriptName]: FirstScript.script,
        [FirstScript.tableName]: FirstScript.table,
        [FirstScript.inventoryName]: FirstScript.inventory
      })
      for (const [name, content] of files) {
        const path = join(folder, name)
        output.write(`${(yield* isWritten(path, content)) ? "written    " : "there already"} ${path}\n`)
      }
      if (!(yield* isModule(join(folder, "package.json"))))
        output.write(`\nAdd "type": "module" to its package.json: the script is one.\n`)
      output.write(FirstScript.next)
    })
}

const Manifest = Schema.Struct({
  version: Schema.String,
  peerDependencies: Schema.Record({ key: Schema.String, value: Schema.String })
})

/** `ownManifest` is the package's own: by it the versions go that fit. */
const ownManifest = Effect.sync(() =>
  Schema.decodeUnknownSync(Manifest)(createRequire(import.meta.url)("sallyport/package.json"))
)

const attempt = <A>(path: string, what: () => Promise<A>): Effect.Effect<A, WrongUsage> =>
  Effect.tryPromise({
    try: what,
    catch: (error) => refuse(`${path}: it cannot be written (${failureCode(error)}); give another folder.`)
  })

/** `isWritten` writes a file, unless there is one. */
const isWritten = (path: string, content: string): Effect.Effect<boolean, WrongUsage> =>
  attempt(path, () =>
    writeFile(path, content, { flag: "wx" }).then(
      () => true,
      (error: unknown) => {
        if (systemErrorCode(error) === "EEXIST") return false
        throw error
      }
    )
  )

const isModule = (path: string): Effect.Effect<boolean> =>
  Effect.tryPromise(async (): Promise<unknown> => JSON.parse(await readFile(path, "utf8"))).pipe(
    Effect.map((manifest) => Predicate.hasProperty(manifest, "type") && manifest.type === "module"),
    Effect.orElseSucceed(() => false)
  )
