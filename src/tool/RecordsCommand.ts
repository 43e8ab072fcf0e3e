import * as Effect from "effect/Effect"
import { runs } from "../commandline/RunsCommand.ts"
import { parse, type ToolCommand } from "./ToolCommand.ts"

/** `recordsCommand` tells of the runs of whatever workflow. */
export const recordsCommand: ToolCommand = {
  name: "runs",
  operands: "[list | show RUN]",
  description: "lists the runs of workflows, or shows the report of one",
  help: `Lists the runs of workflows that have a journal, the one that was last at work first, or shows the report of one.

  --folder PATH  where the journals are, where they are not in the user's state folder
  --json         prints JSON`,
  run: (words, caller) =>
    Effect.gen(function* () {
      const flags = { folder: { type: "string" }, json: { type: "boolean" } } as const
      const { isOn, operands, text } = yield* parse(words, 3, flags)
      const switches = new Map([["json", isOn("json")]])
      yield* runs({ operands, switches }, caller, { folder: text("folder") })
    })
}
