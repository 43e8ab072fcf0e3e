import * as Effect from "effect/Effect"
import { tableText } from "../commandline/TableText.ts"
import { asUsage, refuse } from "../commandline/WrongUsage.ts"
import { fromFile } from "../inventory/Reading.ts"
import { showText } from "../inventory/Shown.ts"
import { kinds, loadPlugin } from "./OwnPlugins.ts"
import { parse, type ToolCommand } from "./ToolCommand.ts"

/** `inventoryCommand` shows what an inventory says of its devices; none of them is asked anything. */
export const inventoryCommand: ToolCommand = {
  name: "inventory",
  operands: "FILE [list [FILTER ...] | show NAME]",
  description: "lists the devices of an inventory, or shows where each value of one is from",
  help: `Lists the devices of an inventory that filters select, such as 'branch-*' tag:prod '!branch-7', or shows all that
it says of one, with the layer and the line that each value is from. The inventory is a file in YAML, JSON or CSV, with
devices of the kinds ${kinds.join(", ")}. No device is asked anything, and no secret is read.`,
  run: (words, { output }) =>
    Effect.gen(function* () {
      const { operands } = yield* parse(words, Number.POSITIVE_INFINITY)
      const [file, what = "list", ...rest] = operands
      if (file === undefined) return yield* refuse("inventory: of which file? Give its path.")
      const inventory = yield* asUsage(
        Effect.flatMap(Effect.forEach(kinds, loadPlugin), (plugins) => fromFile(file, { plugins }))
      )
      const [name, extra] = rest
      if (what === "list") {
        const entries = yield* asUsage(inventory.select(...rest))
        output.write(tableText(entries.map(({ kind, name, tags }) => [name, kind, tags.join("  ")])))
      } else if (what !== "show" || extra !== undefined)
        return yield* refuse(
          `inventory: nobody knows what ${extra ?? what} is for; give list and filters, or show and a name.`
        )
      else if (name === undefined) return yield* refuse("inventory show: which device? Give its name.")
      else output.write(`${showText(yield* asUsage(inventory.show(name)))}\n`)
    })
}
