import * as Effect from "effect/Effect"
import type { Workflow } from "../workflow/Definition.ts"
import type { PartDevices, Parts } from "../workflow/Parts.ts"
import type { Arguments } from "./Arguments.ts"
import type { CommandLineOptions } from "./CommandLineOptions.ts"
import { WrongUsage } from "./WrongUsage.ts"

/** `WithDevices` is a workflow, the devices that play its parts by default, and the flags. */
interface WithDevices<P extends Parts, A> {
  readonly workflow: Pick<Workflow<never, never, P, A, unknown>, "devices">
  readonly options: Pick<CommandLineOptions<P, A>, "devices">
  readonly given: Pick<Arguments, "values">
}

/** `partDevices` are the devices by the flags, else those of the script. Fails with `WrongUsage` where a part has none. */
export const partDevices = <P extends Parts, A>({
  given,
  options,
  workflow
}: WithDevices<P, A>): Effect.Effect<PartDevices<P>, WrongUsage> => {
  const parts = Object.keys(workflow.devices)
  const devices: Record<string, unknown> = { ...options.devices }
  const named = new Set<string>()
  const wrong: Array<string> = []
  for (const text of given.values.get("device") ?? []) {
    const [, only = "", ofOne] = /^([^=]+)(?:=(.+))?$/.exec(text) ?? []
    const [part, prefix] = ofOne === undefined && parts.length === 1 ? [parts[0] ?? "", only] : [only, ofOne]
    if (prefix === undefined)
      wrong.push(`--device: ${text} does not say which part it plays; give ${parts[0] ?? "part"}=PREFIX.`)
    else if (!parts.includes(part))
      wrong.push(`--device: the workflow has no part ${part}; it has ${parts.join(", ") || "none"}.`)
    else if (named.has(part)) wrong.push(`--device: ${part} is given twice; give one device.`)
    else devices[part] = prefix
    named.add(part)
  }
  for (const part of parts) {
    if (devices[part] === undefined && !named.has(part))
      wrong.push(
        `${part}: no device plays this part; give --device ${part}=PREFIX, the prefix of its variables: ${part.toUpperCase()} for ${part.toUpperCase()}_URL and its like.`
      )
  }
  if (wrong.length > 0) return new WrongUsage({ sentences: wrong })
  // Each part has one.
  return Effect.succeed(devices as PartDevices<P>)
}
