import * as ClusterWorkflowEngine from "@effect/cluster/ClusterWorkflowEngine"
import * as RunnerAddress from "@effect/cluster/RunnerAddress"
import * as ShardingConfig from "@effect/cluster/ShardingConfig"
import * as SingleRunner from "@effect/cluster/SingleRunner"
import type { SocketServerError } from "@effect/platform/SocketServer"
import type { SqlClient } from "@effect/sql/SqlClient"
import type { WorkflowEngine } from "@effect/workflow/WorkflowEngine"
import type { ConfigError } from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as InputSchema from "../validation/InputSchema.ts"
import * as OptionNames from "../validation/OptionNames.ts"
import { refuseInput } from "../validation/RefuseInput.ts"

/** `Sharding` are settings of the engine's runners that are not its own. They are the same on all of them. */
export type Sharding = Partial<ShardingConfig.ShardingConfig["Type"]>

// Its own default is 15 seconds, in which one that ends waits for work that is to be left.
const settings = { entityTerminationTimeout: "1 second" } satisfies Sharding

/**
 * `oneRunner` is the engine in one process: where that is killed, the next one goes on. Two at a time are in each other's
 * way. For SQLite or PostgreSQL. Fails with `InvalidInput`, and where the environment sets it wrongly.
 */
export const oneRunner = (
  sharding: Sharding = {}
): Layer.Layer<WorkflowEngine, InvalidInput | ConfigError, SqlClient> =>
  checked(
    sharding,
    Layer.provide(
      ClusterWorkflowEngine.layer,
      SingleRunner.layer({ runnerStorage: "sql", shardingConfig: { ...settings, ...sharding } })
    )
  )

const checked = <A, E, R>(
  sharding: unknown,
  layer: Layer.Layer<A, E, R>
): Layer.Layer<A, E | InvalidInput, R> => {
  const fault = OptionNames.faultOf("an engine", sharding, Object.keys(ShardingConfig.defaults))
  return fault === undefined ? layer : Layer.fail(fault)
}

/** `RunnerOptions` say where the other runners reach this one. */
export interface RunnerOptions {
  /** `host` is its address for the others, and where it listens. @default `localhost` */
  readonly host?: string | undefined
  /** `port` is its own: no two runners of a host share one. */
  readonly port: number
  readonly sharding?: Sharding | undefined
}

/**
 * `runner` is the engine on one of several runners, which speak with each other by sockets. For PostgreSQL.
 *
 * Fails with `InvalidInput` where its port is taken, and where the environment sets it wrongly.
 */
export const runner = (
  options: RunnerOptions
): Layer.Layer<WorkflowEngine, InvalidInput | ConfigError, SqlClient> =>
  Layer.unwrapEffect(
    Effect.map(InputSchema.check(runnerOptions, options, "a runner"), () =>
      checked(options.sharding, listening(options))
    )
  )

const listening = ({ host = "localhost", port, sharding }: RunnerOptions) =>
  overSockets(false, {
    ...settings,
    ...sharding,
    runnerAddress: Option.some(RunnerAddress.make(host, port))
  }).pipe(
    Layer.catchAll((error): Layer.Layer<WorkflowEngine, InvalidInput | ConfigError> => {
      if (!isOfSockets(error)) return Layer.fail(error)
      return Layer.fail(
        refuseInput(
          "port",
          `nothing can listen on ${host}:${port}; see whether something does so already, and give each runner a port of its own.`,
          String(port)
        )
      )
    })
  )

const runnerOptions = Schema.Struct({
  host: InputSchema.optional(Schema.NonEmptyString, "the name or the address of this machine"),
  port: Schema.Int.pipe(Schema.between(1, 65_535)).annotations({
    description: "a whole number from 1 to 65535"
  }),
  sharding: InputSchema.optional(
    Schema.declare(Predicate.isReadonlyRecord),
    "settings of the engine's runners"
  )
})

/**
 * `client` is the engine for one who has runs carried out and carries out none. For PostgreSQL. Fails as `oneRunner`.
 */
export const client = (
  sharding: Sharding = {}
): Layer.Layer<WorkflowEngine, InvalidInput | ConfigError, SqlClient> =>
  checked(
    sharding,
    Layer.catchAll(
      overSockets(true, { ...settings, ...sharding, runnerAddress: Option.none() }),
      // It listens nowhere.
      (error): Layer.Layer<WorkflowEngine, ConfigError> =>
        isOfSockets(error) ? Layer.die(error) : Layer.fail(error)
    )
  )

const overSockets = (clientOnly: boolean, shardingConfig: Sharding) =>
  Layer.unwrapEffect(
    // For one runner alone it is not needed.
    Effect.map(
      Effect.promise(() => import("@effect/platform-node/NodeClusterSocket")),
      (NodeClusterSocket) =>
        Layer.provide(
          ClusterWorkflowEngine.layer,
          NodeClusterSocket.layer({ storage: "sql", clientOnly, shardingConfig })
        )
    )
  )

const isOfSockets = (error: SocketServerError | ConfigError): error is SocketServerError =>
  Predicate.isTagged(error, "SocketServerError")
