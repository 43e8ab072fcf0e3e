import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { makeFolder } from "../auth/store/MakeFolder.ts"
import { refuse, type WrongUsage } from "../commandline/WrongUsage.ts"
import { failureCode, systemErrorCode } from "../transport/SystemErrorCode.ts"
import * as FirstScript from "./FirstScript.ts"
import { ownManifest } from "./OwnManifest.ts"
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
      yield* attempt(folder, () => makeFolder(folder))
      const manifest = yield* ownManifest
      const files = Object.entries({
        "package.json": `${JSON.stringify(FirstScript.manifestFor(manifest), null, 2)}\n`,
        [FirstScript.scriptName]: FirstScript.script,
        [FirstScript.tableName]: FirstScript.table,
        [FirstScript.inventoryName]: FirstScript.inventory
      })
      for (const [name, content] of files) {
        const path = join(folder, name)
        output.write(
          `${(yield* isWritten(path, content, name === FirstScript.scriptName)) ? "written    " : "there already"} ${path}\n`
        )
      }
      if (!(yield* isModule(join(folder, "package.json"))))
        output.write(`\nAdd "type": "module" to its package.json: the script is one.\n`)
      const missing = yield* missingIn(
        join(folder, "package.json"),
        FirstScript.manifestFor(manifest).dependencies
      )
      if (missing.length > 0)
        output.write(`\nIts package.json lacks what the script needs: npm install ${missing.join(" ")}\n`)
      output.write(FirstScript.nextIn(folder))
    })
}

const attempt = <A>(path: string, what: () => Promise<A>): Effect.Effect<A, WrongUsage> =>
  Effect.tryPromise({
    try: what,
    catch: (error) => refuse(`${path}: it cannot be written (${failureCode(error)}); give another folder.`)
  })

/** `isWritten` writes a file, unless there is one. */
const isWritten = (path: string, content: string, isProgram: boolean): Effect.Effect<boolean, WrongUsage> =>
  attempt(path, () =>
    writeFile(path, content, { flag: "wx", mode: isProgram ? 0o777 : 0o666 }).then(
      () => true,
      (error: unknown) => {
        if (systemErrorCode(error) === "EEXIST") return false
        throw error
      }
    )
  )

/** `manifestAt` is a package.json, as far as it can be read. */
const manifestAt = (path: string): Effect.Effect<unknown> =>
  Effect.orElseSucceed(
    Effect.tryPromise(async (): Promise<unknown> => JSON.parse(await readFile(path, "utf8"))),
    () => undefined
  )

const isModule = (path: string): Effect.Effect<boolean> =>
  Effect.map(
    manifestAt(path),
    (manifest) => Predicate.hasProperty(manifest, "type") && manifest.type === "module"
  )

/** `missingIn` are those of these packages that a package.json does not name, as npm installs them. */
const missingIn = (
  path: string,
  needed: Readonly<Record<string, string | undefined>>
): Effect.Effect<ReadonlyArray<string>> =>
  Effect.map(manifestAt(path), (manifest) => {
    const named = ["dependencies", "devDependencies"].flatMap((field) =>
      Predicate.hasProperty(manifest, field) && Predicate.isReadonlyRecord(manifest[field])
        ? Object.keys(manifest[field])
        : []
    )
    return Object.entries(needed)
      .filter(([name]) => !named.includes(name))
      .map(([name, version]) => `${name}@"${version}"`)
  })
