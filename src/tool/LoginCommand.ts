import * as Effect from "effect/Effect"
import { refuse, type WrongUsage } from "../commandline/WrongUsage.ts"
import { openDevice } from "../plugin/OpenDevice.ts"
import * as OpenOptions from "../plugin/OpenOptions.ts"
import type { AnyPlugin } from "../plugin/Plugin.ts"
import { kinds, loadPlugin } from "./OwnPlugins.ts"
import { parse, type ToolCommand } from "./ToolCommand.ts"

/** `loginCommand` tries an account: it logs in, and out again. */
export const loginCommand: ToolCommand = {
  name: "login",
  operands: "KIND [PREFIX]",
  description: "tries the account of a device: logs in, and out again",
  help: `Logs in to a device, and out again. KIND is ${kinds.join(", ")}. The device is that of the variables with
PREFIX, which is FMC for an fmc where it is left out: FMC_URL, FMC_USERNAME, FMC_PASSWORD, and FMC_PIN or
FMC_CA_FILE.`,
  run: (words, { output }) =>
    Effect.gen(function* () {
      const { operands } = yield* parse(words, 2)
      const [kind, prefix = kind?.toUpperCase()] = operands
      const plugin = yield* pluginOf(kind)
      const options = yield* OpenOptions.resolve(plugin, prefix)
      const { target } = options
      yield* Effect.scoped(openDevice(plugin, options, options, options))
      output.write(`${target.name}: the account is good; it was logged in, and out again.\n`)
    })
}

const pluginOf = (kind: string | undefined): Effect.Effect<AnyPlugin, WrongUsage> => {
  const known = kinds.find((one) => one === kind)
  return known === undefined
    ? refuse(
        kind === undefined
          ? `login: to which kind of device? Give ${kinds.join(", ")}.`
          : `${kind}: there is no such kind of device; give ${kinds.join(", ")}.`
      )
    : loadPlugin(known)
}
