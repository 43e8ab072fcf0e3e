import type * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { blameCaller } from "../validation/BlameCaller.ts"
import * as InputSchema from "../validation/InputSchema.ts"
import * as InputSource from "../validation/InputSource.ts"
import type { Clients, Parts } from "./Parts.ts"

/** `Workflow` is a script that can be planned. A value: it registers nothing and opens nothing. */
export interface Workflow<I, Encoded, P extends Parts, A, E> {
  /** `name` is what plans call it. */
  readonly name: string
  readonly input: Schema.Schema<I, Encoded>
  /** `devices` are the kinds of devices that it speaks with, by the parts that they play. */
  readonly devices: P
  readonly run: (clients: Clients<P>, input: I) => Effect.Effect<A, E, Scope.Scope>
}

/**
 * `make` defines a workflow: ordinary Effect code. It is handed the clients of its devices, whose verbs know that they
 * are in a workflow: each write is described before it is sent, without a word in the script.
 *
 * @example
 * const importHosts = Workflow.make({
 *   name: "import-hosts",
 *   input: Schema.Struct({ domain: Schema.String, hosts: Schema.Array(Host) }),
 *   devices: { fmc: Fmc.plugin },
 *   run: ({ fmc }, { domain, hosts }) =>
 *     Effect.flatMap(fmc.domain(domain), (branch) => branch.hosts.upsertAll(hosts))
 * })
 */
export const make: <I, Encoded, const P extends Parts, A, E>(
  workflow: Workflow<I, Encoded, P, A, E>
) => Workflow<I, Encoded, P, A, E> = blameCaller(<W>(workflow: W): W => {
  checkDefinition(workflow)
  return workflow
})

const Definition = Schema.Struct({
  name: Schema.NonEmptyString.annotations({ description: "text, by which plans call it" }),
  input: Schema.declare(Schema.isSchema).annotations({
    description: "a Schema such as Schema.Struct({ name: Schema.String })"
  }),
  devices: Schema.declare(Predicate.isReadonlyRecord).annotations({
    description: "plugins by the parts that they play, as in { fmc: Fmc.plugin }"
  }),
  run: Schema.declare(Predicate.isFunction).annotations({
    description: "a function of the clients and the input"
  })
})

const source = { ...InputSource.dataAt("workflow"), isSafeToShow: true }

/** `checkDefinition` looks at what the types say, too. Throws `InvalidInput`. */
export const checkDefinition = (workflow: unknown): void =>
  void InputSchema.decodeSync(Definition, workflow, source, "a workflow")
