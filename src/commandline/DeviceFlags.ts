import * as Effect from "effect/Effect"
import type { Workflow } from "../workflow/Definition.ts"
import type { PartDevices, Parts } from "../workflow/Parts.ts"
import type { Arguments } from "./Arguments.ts"
import type { CommandLineOptions } from "./CommandLineOptions.ts"
import * as FleetFlags from "./FleetFlags.ts"
import { asUsage, WrongUsage } from "./WrongUsage.ts"

/** `WithDevices` is a workflow, the devices that play its parts by default, and the flags. */
interface WithDevices<P extends Parts, A> {
  readonly workflow: Pick<Workflow<never, never, P, A, unknown>, "devices">
  readonly options: Pick<CommandLineOptions<P, A>, "devices" | "plugins">
  readonly given: Pick<Arguments, "values">
}

/**
 * `partDevices` are the devices by the flags, else those of the script: an inventory has them by their names, and the
 * environment by the prefix of variables. Fails with `WrongUsage` where a part has none.
 */
export const partDevices = <P extends Parts, A>(
  call: WithDevices<P, A>
): Effect.Effect<PartDevices<P>, WrongUsage> => {
  const { given, options, workflow } = call
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
  const all = devices as PartDevices<P>
  return given.values.has("inventory") ? ofInventory(call, all, named) : Effect.succeed(all)
}

/** `ofInventory` gives for each name that a flag has named what the inventory has of it. */
const ofInventory = <P extends Parts, A>(
  { given, options: { plugins = [] }, workflow }: WithDevices<P, A>,
  devices: PartDevices<P>,
  named: ReadonlySet<string>
): Effect.Effect<PartDevices<P>, WrongUsage> =>
  Effect.gen(function* () {
    const kinds = new Set([...Object.values(workflow.devices), ...plugins])
    const inventory = yield* FleetFlags.inventoryOf(given, [...kinds])
    const found = yield* Effect.forEach(Object.entries(devices), ([part, device]) =>
      named.has(part)
        ? asUsage(Effect.flatMap(inventory.get(String(device)), ({ options }) => options)).pipe(
            Effect.map((options) => [part, options] as const)
          )
        : Effect.succeed([part, device] as const)
    )
    return Object.fromEntries(found) as PartDevices<P>
  })
