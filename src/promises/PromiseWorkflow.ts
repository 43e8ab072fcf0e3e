import type * as Schema from "effect/Schema"
import type { ClientOf } from "../plugin/Devices.ts"
import { blameCaller } from "../validation/BlameCaller.ts"
import { checkDefinition, type Workflow } from "../workflow/Definition.ts"
import type { Parts } from "../workflow/Parts.ts"
import { type PromiseClient, toPluginClient } from "./PromiseClient.ts"
import * as PromiseTools from "./PromiseTools.ts"
import { awaiting } from "./ScriptContext.ts"

/** `PromiseWorkflow` is a workflow whose script awaits. */
export interface PromiseWorkflow<I, Encoded, P extends Parts, A> {
  readonly name: string
  readonly input: Schema.Schema<I, Encoded>
  readonly devices: P
  readonly run: (
    clients: { readonly [Part in keyof P]: PromiseClient<ClientOf<P[Part]>> },
    input: I,
    tools: PromiseTools.PromiseTools
  ) => Promise<A> | A
}

/**
 * `promise` is `make` for scripts that await: the clients are those of `Fmc.use`, and take part in the workflow in the
 * same way. The third of what its function is given are the tools `step`, `note`, `unplanned`, `change` and `job`, in
 * the place of `Workflow.step` and so on, which are Effects.
 *
 * @example
 * const importHosts = Workflow.promise({
 *   name: "import-hosts",
 *   input: Schema.Struct({ domain: Schema.String, hosts: Schema.Array(Host) }),
 *   devices: { fmc: Fmc.plugin },
 *   run: async ({ fmc }, { domain, hosts }, { step }) => {
 *     const branch = await fmc.domain(domain)
 *     await step("hosts", () => branch.hosts.upsertAll(hosts))
 *   }
 * })
 */
export const promise: <I, Encoded, const P extends Parts, A>(
  workflow: PromiseWorkflow<I, Encoded, P, A>
) => Workflow<I, Encoded, P, A, unknown> = blameCaller(
  <I, Encoded, P extends Parts, A>(
    workflow: PromiseWorkflow<I, Encoded, P, A>
  ): Workflow<I, Encoded, P, A, unknown> => {
    checkDefinition(workflow)
    const { devices, run } = workflow
    return {
      ...workflow,
      run: (clients, given) =>
        awaiting("workflow.run", (runner) => {
          const all = Object.entries(devices).map(([part, plugin]) => [
            part,
            toPluginClient(plugin, clients[part], runner)
          ])
          const plain = Object.fromEntries(all) as Parameters<typeof run>[0]
          return run(plain, given, PromiseTools.make(runner))
        })
    }
  }
)
