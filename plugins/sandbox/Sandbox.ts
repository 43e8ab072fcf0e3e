import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { Credentials, type InvalidInput, Target, Trust } from "sallyport/plugin"
import * as ArmedFaults from "./ArmedFaults.ts"
import type { Appliance } from "./appliance/Appliance.ts"
import { checkFault } from "./appliance/CheckFault.ts"
import { checkOptions } from "./appliance/CheckOptions.ts"
import type { Fault } from "./appliance/Fault.ts"
import * as Ledger from "./appliance/Ledger.ts"
import { type Options, withDefaults } from "./appliance/Options.ts"
import * as Sessions from "./appliance/Sessions.ts"
import { type Certificate, identity } from "./Certificate.ts"
import { type ExchangeContext, serve } from "./Exchange.ts"
import * as FdmDevice from "./fdm/FdmDevice.ts"
import * as CheckNames from "./fmc/CheckNames.ts"
import * as FmcDevice from "./fmc/FmcDevice.ts"
import type { SandboxFailed } from "./SandboxFailed.ts"
import * as Server from "./Server.ts"

/** `Endpoint` is where one of the protocols is spoken, and the account there. */
export interface Endpoint {
  /** `target` pins the sandbox's certificate; it is named `sandbox-fmc`, `sandbox-fdm` or `sandbox-cdfmc`. */
  readonly target: Target.Target
  /** `credentials` is the sandbox's account, with its password (or its API token) of the moment of each login. */
  readonly credentials: Credentials.Credentials
}

/** `Sandbox` is a running sandbox: one HTTPS server that speaks as an FMC and as an FDM. */
export interface Sandbox {
  readonly url: string
  readonly port: number
  readonly username: string
  /** `password` is the password of now: another one after `setPassword`. */
  readonly password: Redacted.Redacted
  /** `certificate` is what the sandbox presents; the targets below pin it. */
  readonly certificate: Certificate
  readonly fmc: Endpoint
  readonly fdm: Endpoint
  /** `cdfmc` is the FMC once more, as a cdFMC: by the API token of the moment, without logins. */
  readonly cdfmc: Endpoint
  /** `ledger` is a live account of every session and request. */
  readonly ledger: Ledger.Ledger
  /**
   * `fail` arms a fault; faults armed earlier go first. Dies of `InvalidInput` for what is none.
   *
   * @example
   * yield* sandbox.fail({ method: "POST", path: /hosts/, how: Sandbox.Fault.loseAnswer })
   */
  readonly fail: (fault: Fault) => Effect.Effect<void>
  /** `clearFaults` disarms all faults. */
  readonly clearFaults: () => Effect.Effect<void>
  /** `setPassword` rotates the account's password. Sessions that are open stay open. Dies of `InvalidInput`. */
  readonly setPassword: (password: Redacted.Redacted) => Effect.Effect<void>
  /** `setApiToken` replaces the API token: the one before gets 401. Dies of `InvalidInput`. */
  readonly setApiToken: (token: Redacted.Redacted) => Effect.Effect<void>
  /**
   * `failDeployment` lets the next deployment of this device of the FMC, or of the FDM by the name `fdm`, fail with
   * these words. Dies where there is no such device.
   */
  readonly failDeployment: (device: string, message?: string) => Effect.Effect<void>
  /** `hangDeployment` lets the next deployment of this device (`fdm`: the FDM) not end before `releaseDeployment`. */
  readonly hangDeployment: (device: string) => Effect.Effect<void>
  /** `releaseDeployment` lets a deployment that hangs come to its end now. */
  readonly releaseDeployment: (device: string) => Effect.Effect<void>
  /** `evict` ends every session now, custom tokens too, as a reboot or an administrator would: their tokens get 401. */
  readonly evict: () => Effect.Effect<void>
  /** `down` refuses connections from now on and breaks those there are; sessions live on. */
  readonly down: () => Effect.Effect<void>
  /** `up` listens again, on the same port. */
  readonly up: () => Effect.Effect<void, SandboxFailed>
}

export const Sandbox = Context.GenericTag<Sandbox>("sallyport/sandbox/Sandbox")

/**
 * `make` starts a sandbox on loopback with a fresh certificate. It ages by the `Clock` that it is made under, so a day
 * can pass in a test over real sockets; latency and slow answers take real time. When the scope closes, it stops at
 * once and breaks what is still connected.
 *
 * Fails with `SandboxFailed` when it cannot listen or make its certificate, and with `InvalidInput` for options that cannot
 * be right.
 *
 * @example
 * const sandbox = yield* Sandbox.make({ tokenLifetime: "2 seconds" })
 * const fmc = yield* Fmc.make(sandbox.fmc)
 */
export const make = (given?: Options): Effect.Effect<Sandbox, SandboxFailed | InvalidInput, Scope.Scope> =>
  Effect.gen(function* () {
    const options = yield* checkOptions(given)
    const settings = withDefaults(options)
    yield* CheckNames.faultOf(settings) ?? Effect.void
    const clock = yield* Effect.clock
    const now = () => clock.unsafeCurrentTimeMillis()
    const sessions = Sessions.make(now)
    const recorder = Ledger.make(sessions, now)
    const faults = ArmedFaults.make()
    let { apiToken, password } = settings

    const appliance: Appliance = {
      settings,
      sessions,
      recorder,
      now,
      accepts: (username, given) => username === settings.username && given === Redacted.value(password),
      setPassword: (next) => {
        password = Redacted.make(next)
      },
      acceptsToken: (given) => given === Redacted.value(apiToken)
    }
    const fmc = FmcDevice.make(appliance)
    const fdm = FdmDevice.make(appliance)
    const { certificate, cert, key } = yield* identity(settings.host, options.certificate)
    const runFork = yield* FiberSet.makeRuntime<never>()
    const context: ExchangeContext = {
      devices: [fmc.device, fdm.device],
      faults,
      recorder,
      latency: settings.latency,
      connectionLimit: settings.connectionLimit,
      writing: new Set(),
      onRequest: options.onRequest ?? (() => {})
    }
    const server = yield* Server.make({
      host: settings.host,
      port: settings.port,
      cert,
      key,
      onConnected: recorder.connected,
      onDisconnected: recorder.disconnected,
      onRequest: (request, response, rank) => runFork(serve(context, request, response, rank))
    })

    const url = urlOf(settings.host, server.port)
    const endpoint = (name: string, credentials: () => Credentials.Credentials): Endpoint => ({
      target: Target.make({
        url,
        name,
        trust: Trust.pin(certificate.sha256),
        // One that counts nobody's requests need not be spared.
        ...(Number.isFinite(settings.requestsPerMinute)
          ? {}
          : { requestsPerMinute: Number.POSITIVE_INFINITY })
      }),
      credentials: Effect.suspend(credentials)
    })
    const account = () => Credentials.password({ username: settings.username, password })
    return {
      url,
      port: server.port,
      username: settings.username,
      get password() {
        return password
      },
      certificate,
      fmc: endpoint("sandbox-fmc", account),
      fdm: endpoint("sandbox-fdm", account),
      cdfmc: endpoint("sandbox-cdfmc", () => Credentials.token(apiToken)),
      ledger: recorder.ledger,
      fail: (fault) => Effect.map(Effect.orDie(checkFault(fault)), () => faults.arm(fault)),
      clearFaults: () => Effect.sync(() => faults.clear()),
      setPassword: (next) =>
        Effect.map(Effect.orDie(Credentials.secret("password", next)), (known) => {
          password = known
        }),
      setApiToken: (next) =>
        Effect.map(Effect.orDie(Credentials.secret("token", next)), (known) => {
          apiToken = known
        }),
      failDeployment: (device, message = "The sandbox was told to let it fail.") =>
        Effect.sync(() =>
          device === "fdm" ? fdm.deployment.fail(message) : fmc.deployments.fail(device, message)
        ),
      hangDeployment: (device) =>
        Effect.sync(() => (device === "fdm" ? fdm.deployment.hang() : fmc.deployments.hang(device))),
      releaseDeployment: (device) =>
        Effect.sync(() => (device === "fdm" ? fdm.deployment.release() : fmc.deployments.release(device))),
      evict: () =>
        Effect.sync(() => {
          for (const session of sessions.all) sessions.end(session, "eviction")
        }),
      down: () => server.down,
      up: () => server.up
    }
  })

/**
 * `layer` gives a sandbox as a layer; it lives as long as the layer's scope. Fails with `SandboxFailed` or
 * `InvalidInput`, as `make` does.
 */
export const layer = (options?: Options): Layer.Layer<Sandbox, SandboxFailed | InvalidInput> =>
  Layer.scoped(Sandbox, make(options))

// What listens everywhere is reached on loopback, which is what its certificate is for.
const urlOf = (host: string, port: number): string => {
  if (host === "0.0.0.0" || host === "::") return `https://127.0.0.1:${port}`
  return `https://${host.includes(":") ? `[${host}]` : host}:${port}`
}
