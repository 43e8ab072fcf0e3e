import { randomBytes } from "node:crypto"
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import type { RequestRecord } from "./Ledger.ts"

/** All optional: without options the sandbox behaves like a quiet device with its defaults. */
export interface Options {
  /** The address to listen on. Default: `127.0.0.1`. */
  readonly host?: string
  /** Default: 0, a free port. */
  readonly port?: number
  /** Default: `api`. */
  readonly username?: string
  /** Default: a random one. */
  readonly password?: Redacted.Redacted
  /**
   * FMC: also accepted as `Authorization: Bearer`, for ever, as a cdFMC accepts an API token. Default: a random one.
   */
  readonly apiToken?: Redacted.Redacted
  /** `tokenLifetime` is how long an access token is good. @default 30 minutes for both protocols (Cisco's text) */
  readonly tokenLifetime?: Duration.DurationInput
  /** FMC: refreshes per login. Default: 3 (Cisco's text). */
  readonly refreshLimit?: number
  /** FMC: how long after its expiry a token can still be refreshed. Default: 5 minutes (seen on real devices). */
  readonly refreshGrace?: Duration.DurationInput
  /** FDM: how long a refresh token is good. Default: 2400 seconds (Cisco's text). */
  readonly refreshLifetime?: Duration.DurationInput
  /** FMC: a second login of the account ends the first (seen on real devices). Default: false. */
  readonly evictOnLogin?: boolean
  /** FDM: sessions at once; one more ends the oldest. Default: 5 (Cisco's text). */
  readonly fdmSessionLimit?: number
  /** FMC: requests in any 60 seconds before 429. `true`: 120 (Cisco's text). Default: no limit. */
  readonly requestsPerMinute?: number | boolean
  /** FMC: connections before 429 on the surplus ones. `true`: 10 (Cisco's text). Default: no limit. */
  readonly connectionLimit?: number | boolean
  /** FMC: names of the domains. Default: `Global` and `Global/ Branch`, with the space that real devices write. */
  readonly domains?: ReadonlyArray<string>
  /** FMC: how many hosts and networks exist in `Global` beside the built-in ones; FDM: networks. Default: 30. */
  readonly objects?: number
  /**
   * FMC: how many rules the policy `Edge` has. Default: 0, and then the policy on the devices is `Base`, without any.
   */
  readonly rules?: number
  /** FMC: how many firewalls it manages, or which. Default: 2, `ftd-1` and `ftd-2`. */
  readonly devices?: number | ReadonlyArray<DeviceOptions>
  /** FMC: the word for a deployment that went well; devices have several. Default: `DEPLOYED`. */
  readonly deployedState?: string
  /** FMC: the word for the last part of a deployment that goes on. Default: `DEPLOYING`. */
  readonly deployingState?: string
  /** FMC: the high-availability pairs of its firewalls, each deployed to as one. Default: none. */
  readonly haPairs?: ReadonlyArray<HaPairOptions>
  /** FMC: the clusters of its firewalls, each deployed to as one. Default: none. */
  readonly clusters?: ReadonlyArray<ClusterOptions>
  /** FMC: how the pair is that this management centre is of. Default: `NONE`, it stands alone. */
  readonly fmcHa?: "NONE" | "GOOD" | "DEGRADED" | "SPLIT_BRAIN"
  /** FMC: default `7.4.2 (build 172)`. */
  readonly serverVersion?: string
  /** FDM: the versions that paths may name, in the order listed. Default: `v6`, `latest` and `v5` to `v1`. */
  readonly apiVersions?: ReadonlyArray<string>
  /** FDM: whether `/api/versions` exists; it does not on old builds. Default: true. */
  readonly listsVersions?: boolean
  /** FDM: a device fresh from its box, which answers 403 until it is provisioned. Default: false. */
  readonly firstBoot?: boolean
  /** FDM: its place in a high-availability pair; a standby node refuses writes. Default: `SINGLE_NODE`. */
  readonly ha?: HaOptions
  /** FDM: how deployments end. Default: `DEPLOYED`. */
  readonly fdmDeployment?: "DEPLOYED" | "DEPLOY_FAILED" | "DEPLOY_TIMEOUT" | "FAILED"
  /** FDM: how backups end. Default: `SUCCESS`. */
  readonly fdmBackup?: "SUCCESS" | "FAILED"
  /** `deployTime` is how long a deployment takes by the sandbox's clock; on FDM a backup too. @default no time */
  readonly deployTime?: Duration.DurationInput
  /** `false`: the REST API of an FMC is switched off, so its paths answer 404. Default: true. */
  readonly fmc?: boolean
  /** `false`: FDM's paths answer 404. Default: true. */
  readonly fdm?: boolean
  /** Real time before each answer. Default: none. */
  readonly latency?: Duration.DurationInput
  /** A certificate and its key, PEM, in place of a fresh self-signed one. */
  readonly certificate?: { readonly cert: string; readonly key: string }
  /** Sees each request when it is answered. */
  readonly onRequest?: (request: RequestRecord) => void
}

/** `HaOptions` are what a node of a high-availability pair says of itself and of its peer, in FDM's own words. */
export interface HaOptions {
  /** A standby node (`HA_STANDBY_NODE`) refuses writes. */
  readonly nodeState: "SINGLE_NODE" | `HA_${string}`
  /** Default: `HA_PRIMARY`, and none for a single node. */
  readonly nodeRole?: "HA_PRIMARY" | "HA_SECONDARY"
  /** Default: standby beside an active node and active beside any other; none for a single node. */
  readonly peerNodeState?: string
  /** Default: `IN_SYNC`, and `UNKNOWN` for a single node. */
  readonly configStatus?: string
  /** Default: `HEALTHY`, and none for a single node. */
  readonly haHealthStatus?: string
}

/** A firewall that an FMC manages. */
export interface DeviceOptions {
  readonly name: string
  /** The name of its domain. Default: the first one. */
  readonly domain?: string
  /** Default: true. */
  readonly canBeDeployed?: boolean
  /** Default: `NO`. */
  readonly trafficInterruption?: "YES" | "NO" | "UNDETERMINED" | "ERROR"
  /** It is out of date from the start, and should get this version. Default: it is up to date. */
  readonly version?: number
}

/** Two firewalls that stand in for each other; their status in the FMC's words. */
export interface HaPairOptions {
  readonly name: string
  /** Names of devices. */
  readonly primary: string
  readonly secondary: string
  /** Default: `Active`. */
  readonly primaryStatus?: string
  /** Default: `Standby`. */
  readonly secondaryStatus?: string
}

/** Firewalls that work as one. */
export interface ClusterOptions {
  readonly name: string
  /** Names of devices: the control unit first. */
  readonly members: ReadonlyArray<string>
}

/** The options with every default filled in; durations in milliseconds. */
export interface Settings extends Required<Omit<Options, "certificate" | "onRequest" | DurationOption>> {
  readonly tokenLifetime: number
  readonly refreshGrace: number
  readonly refreshLifetime: number
  readonly latency: number
  readonly deployTime: number
  readonly devices: ReadonlyArray<DeviceOptions>
  /** `Infinity` where there is no limit. */
  readonly requestsPerMinute: number
  readonly connectionLimit: number
}

type DurationOption = "tokenLifetime" | "refreshGrace" | "refreshLifetime" | "latency" | "deployTime"

export const withDefaults = (options: Options): Settings => ({
  host: options.host ?? "127.0.0.1",
  port: options.port ?? 0,
  username: options.username ?? "api",
  password: options.password ?? Redacted.make(randomBytes(12).toString("hex")),
  apiToken: options.apiToken ?? Redacted.make(randomBytes(24).toString("base64url")),
  tokenLifetime: Duration.toMillis(options.tokenLifetime ?? "30 minutes"),
  refreshLimit: options.refreshLimit ?? 3,
  refreshGrace: Duration.toMillis(options.refreshGrace ?? "5 minutes"),
  refreshLifetime: Duration.toMillis(options.refreshLifetime ?? "2400 seconds"),
  evictOnLogin: options.evictOnLogin ?? false,
  fdmSessionLimit: options.fdmSessionLimit ?? 5,
  requestsPerMinute: limit(options.requestsPerMinute, 120),
  connectionLimit: limit(options.connectionLimit, 10),
  domains: options.domains ?? ["Global", "Global/ Branch"],
  objects: options.objects ?? 30,
  rules: options.rules ?? 0,
  devices: devices(options.devices ?? 2),
  deployedState: options.deployedState ?? "DEPLOYED",
  deployingState: options.deployingState ?? "DEPLOYING",
  haPairs: options.haPairs ?? [],
  clusters: options.clusters ?? [],
  fmcHa: options.fmcHa ?? "NONE",
  serverVersion: options.serverVersion ?? "7.4.2 (build 172)",
  // Out of order on purpose: a client has to sort them, as numbers.
  apiVersions: options.apiVersions ?? ["v6", "latest", "v5", "v4", "v1", "v2", "v3"],
  listsVersions: options.listsVersions ?? true,
  firstBoot: options.firstBoot ?? false,
  ha: options.ha ?? { nodeState: "SINGLE_NODE" },
  fdmDeployment: options.fdmDeployment ?? "DEPLOYED",
  fdmBackup: options.fdmBackup ?? "SUCCESS",
  fmc: options.fmc ?? true,
  fdm: options.fdm ?? true,
  latency: Duration.toMillis(options.latency ?? 0),
  deployTime: Duration.toMillis(options.deployTime ?? 0)
})

const devices = (given: number | ReadonlyArray<DeviceOptions>): ReadonlyArray<DeviceOptions> =>
  typeof given === "number" ? Array.from({ length: given }, (_, at) => ({ name: `ftd-${at + 1}` })) : given

const limit = (given: number | boolean | undefined, usual: number): number => {
  if (given === true) return usual
  return given === false || given === undefined ? Number.POSITIVE_INFINITY : given
}
