import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { Inventory } from "sallyport"
import * as CdFmc from "sallyport/cdfmc"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { temporaryFolder } from "./temporaryFolder.ts"

/** The kinds of devices of the tests' inventories. */
export const plugins = [Fmc.plugin, Fdm.plugin, CdFmc.plugin] as const

type Plugin = (typeof plugins)[number]

/** Reads an inventory from a file of that name. */
export const read = (
  file: string,
  content: string | Uint8Array,
  beside: Inventory.GivenBeside<Plugin> = {}
) =>
  Effect.scoped(
    Effect.flatMap(temporaryFolder, (folder) => {
      writeFileSync(join(folder, file), content)
      return Inventory.fromFile(join(folder, file), { plugins, ...beside })
    })
  )

/** What is wrong with an inventory, line by line, without the folder of the file. */
export const faultsOf = (file: string, content: string | Uint8Array) =>
  Effect.map(Effect.flip(read(file, content)), ({ message }) =>
    message.split("\n").map((line) => line.replace(/^.*?\/sallyport-\w+\//, ""))
  )

/** The same of an inventory in code, of whatever form. */
export const faultsInCode = (given: unknown) =>
  Effect.map(Effect.flip(Inventory.make(given as never, { plugins })), ({ message }) => message.split("\n"))

/** The fields of a device, and where each is from. */
export const shown = (inventory: Inventory.Inventory, name: string) =>
  Effect.map(inventory.show(name), ({ fields }) =>
    fields.map(({ field, from, place, value }) => [field, value, from, place?.replace(/^.*\//, "")])
  )
