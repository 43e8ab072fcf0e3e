import * as Effect from "effect/Effect"
import { refuse } from "../commandline/WrongUsage.ts"
import { InvalidInput } from "../transport/DeviceError.ts"
import { loadSandbox } from "./OwnPlugins.ts"
import type { ToolCommand } from "./ToolCommand.ts"

/** `sandboxCommand` starts a device to try scripts on. */
export const sandboxCommand: ToolCommand = {
  name: "sandbox",
  operands: "[--port N] [--token-lifetime SECONDS] …",
  description: "starts a device to try scripts on",
  help: "Starts a device on this machine that speaks as an FMC and as an FDM until it is stopped. The first line of\nits output is JSON: url, username, password, ca (a PEM file's path), pin. It needs the package selfsigned.",
  tellFlags: Effect.flatMap(loadSandbox, ({ command }) => command(["--help"])),
  run: (words) =>
    Effect.flatMap(loadSandbox, ({ command }) => command(words)).pipe(
      // All that it is given stands in its flags.
      Effect.catchIf(
        (error): error is InvalidInput => error instanceof InvalidInput,
        ({ message }) => refuse(message)
      )
    )
}
