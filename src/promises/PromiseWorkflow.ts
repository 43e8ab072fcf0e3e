import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Runtime from "effect/Runtime"
import type * as Schema from "effect/Schema"
import type { ClientOf } from "../plugin/Devices.ts"
import { make, type Workflow } from "../workflow/Definition.ts"
import type { Parts } from "../workflow/Parts.ts"
import * as CallSite from "./CallSite.ts"
import {
  type AnySubClients,
  defaultSubClients,
  type PromiseClient,
  toPromiseClientBy
} from "./PromiseClient.ts"
import type { Runner } from "./Runner.ts"
import * as ScriptBody from "./ScriptBody.ts"

/** `PromiseWorkflow` is a workflow whose script awaits. */
export interface PromiseWorkflow<I, Encoded, P extends Parts, A> {
  readonly name: string
  readonly input: Schema.Schema<I, Encoded>
  readonly devices: P
  readonly run: (
    clients: { readonly [Part in keyof P]: PromiseClient<ClientOf<P[Part]>> },
    input: I
  ) => Promise<A> | A
}

/**
 * `promise` is `make` for scripts that await: the clients are those of `Fmc.use`, and take part in the workflow in the
 * same way.
 *
 * @example
 * const importHosts = Workflow.promise({
 *   name: "import-hosts",
 *   input: Schema.Struct({ domain: Schema.String, hosts: Schema.Array(Host) }),
 *   devices: { fmc: Fmc.plugin },
 *   run: async ({ fmc }, { domain, hosts }) => (await fmc.domain(domain)).hosts.upsertAll(hosts)
 * })
 */
export const promise = <I, Encoded, const P extends Parts, A>({
  devices,
  input,
  name,
  run
}: PromiseWorkflow<I, Encoded, P, A>): Workflow<I, Encoded, P, A, unknown> =>
  make({
    name,
    input,
    devices,
    run: (clients, given) =>
      Effect.flatMap(Effect.runtime(), (runtime) => {
        const runner = runnerOf(runtime)
        const all = Object.entries(devices).map(([part, { subClients = defaultSubClients }]) => [
          part,
          toPromiseClientBy(clients[part], subClients as AnySubClients, runner)
        ])
        const plain = Object.fromEntries(all) as Parameters<typeof run>[0]
        return Effect.flatMap(
          Effect.tryPromise({ try: async () => run(plain, given), catch: (error) => error }),
          (result) => {
            const fault = ScriptBody.faultOfResult("workflow.run", result)
            return fault === undefined ? Effect.succeed(result) : Effect.fail(fault)
          }
        )
      })
  })

/** `runnerOf` runs the calls of a script in the workflow's own runtime, so that they take part in it. */
const runnerOf = (runtime: Runtime.Runtime<never>): Runner => ({
  promise: async (effect, { signal, site }) => {
    const exit = await Runtime.runPromiseExit(runtime)(effect, signal && { signal })
    if (Exit.isSuccess(exit)) return exit.value
    throw CallSite.attributed(Cause.squash(exit.cause), site)
  }
})
