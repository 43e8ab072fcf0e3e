import { randomBytes } from "node:crypto"
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import type { RequestRecord } from "./Ledger.ts"

/** `Options` may all be left out: then the sandbox behaves like a quiet device with its defaults. */
export interface Options {
  /** `host` is the address to listen on. @default `127.0.0.1` */
  readonly host?: string
  /** `port` is the one that is listened on. @default 0, a free port */
  readonly port?: number
  /** `username` is the account's. @default `api` */
  readonly username?: string
  /** `password` is the account's. @default a random one */
  readonly password?: Redacted.Redacted
  /**
   * `apiToken` is for FMC: it is also accepted as `Authorization: Bearer`, for ever, as a cdFMC accepts an API token.
   *
   * @default a random one
   */
  readonly apiToken?: Redacted.Redacted
  /**
   * `tokenLifetime` is how long an access token is good.
   *
   * @default 30 minutes for both protocols (FMC guide, Authentication from a REST API Client; FTD reference, token)
   */
  readonly tokenLifetime?: Duration.DurationInput
  /** `refreshLimit` is for FMC: refreshes per login. @default 3 (FMC guide, Authentication from a REST API Client) */
  readonly refreshLimit?: number
  /**
   * `refreshGrace` is for FMC: how long after its expiry a token can still be refreshed.
   *
   * @default 5 minutes (seen on real devices)
   */
  readonly refreshGrace?: Duration.DurationInput
  /** `refreshLifetime` is for FDM: how long a refresh token is good. @default 2400 seconds (FTD reference, token) */
  readonly refreshLifetime?: Duration.DurationInput
  /** `evictOnLogin` is for FMC: a second login of the account ends the first (seen on real devices). @default false */
  readonly evictOnLogin?: boolean
  /**
   * `fdmSessionLimit` is for FDM: sessions at once; one more ends the oldest.
   *
   * @default 5 (FTD guide, Authenticating Your REST API Client Using OAuth)
   */
  readonly fdmSessionLimit?: number
  /**
   * `requestsPerMinute` is for FMC: requests in any 60 seconds before 429. `true` is 120 (FMC guide, Rate Limiting).
   *
   * @default no limit
   */
  readonly requestsPerMinute?: number | boolean
  /**
   * `connectionLimit` is for FMC: connections before 429 on the surplus ones. `true` is 10 (FMC guide, Rate Limiting).
   *
   * @default no limit
   */
  readonly connectionLimit?: number | boolean
  /**
   * `domains` is for FMC: the names of the domains.
   *
   * @default `Global` and `Global/ Branch`, with the space that real devices write
   */
  readonly domains?: ReadonlyArray<string>
  /**
   * `objects` says how many hosts and networks exist in an FMC's `Global` beside the built-in ones, and how many
   * networks on an FDM.
   *
   * @default 30
   */
  readonly objects?: number
  /**
   * `rules` is for FMC: how many rules the policy `Edge` has.
   *
   * @default 0, and then the policy on the devices is `Base`, without any
   */
  readonly rules?: number
  /** `devices` is for FMC: how many firewalls it manages, or which. @default 2, `ftd-1` and `ftd-2` */
  readonly devices?: number | ReadonlyArray<DeviceOptions>
  /** `deployedState` is for FMC: the word for a deployment that went well; devices have several. @default `DEPLOYED` */
  readonly deployedState?: string
  /** `deployingState` is for FMC: the word for the last part of a deployment that goes on. @default `DEPLOYING` */
  readonly deployingState?: string
  /** `haPairs` is for FMC: the high-availability pairs of its firewalls, each deployed to as one. @default none */
  readonly haPairs?: ReadonlyArray<HaPairOptions>
  /** `clusters` is for FMC: the clusters of its firewalls, each deployed to as one. @default none */
  readonly clusters?: ReadonlyArray<ClusterOptions>
  /** `fmcHa` is for FMC: how the pair is that this management centre is of. @default `NONE`, it stands alone */
  readonly fmcHa?: "NONE" | "GOOD" | "DEGRADED" | "SPLIT_BRAIN"
  /** `serverVersion` is for FMC. @default `7.4.2 (build 172)` */
  readonly serverVersion?: string
  /**
   * `apiVersions` is for FDM: the versions that paths may name, in the order listed.
   *
   * @default `v6`, `latest` and `v5` to `v1`
   */
  readonly apiVersions?: ReadonlyArray<string>
  /** `listsVersions` is for FDM: `/api/versions` exists; it does not on old builds. @default true */
  readonly listsVersions?: boolean
  /** `firstBoot` is for FDM: a device fresh from its box, which answers 403 until it is provisioned. @default false */
  readonly firstBoot?: boolean
  /** `ha` is for FDM: its part in a high-availability pair; a standby node refuses writes. @default `SINGLE_NODE` */
  readonly ha?: HaOptions
  /** `fdmDeployment` is for FDM: how deployments end. @default `DEPLOYED` */
  readonly fdmDeployment?: "DEPLOYED" | "DEPLOY_FAILED" | "DEPLOY_TIMEOUT" | "FAILED"
  /** `fdmBackup` is for FDM: how backups end. @default `SUCCESS` */
  readonly fdmBackup?: "SUCCESS" | "FAILED"
  /** `deployTime` is how long a deployment takes by the sandbox's clock; on FDM a backup too. @default no time */
  readonly deployTime?: Duration.DurationInput
  /** `fmc` as `false` switches the REST API of an FMC off, so its paths answer 404. @default true */
  readonly fmc?: boolean
  /** `fdm` as `false` lets FDM's paths answer 404. @default true */
  readonly fdm?: boolean
  /** `latency` is real time before each answer. @default none */
  readonly latency?: Duration.DurationInput
  /** `certificate` is a certificate and its key, PEM. @default a fresh self-signed one */
  readonly certificate?: { readonly cert: string; readonly key: string }
  /** `onRequest` sees each request when it is answered. */
  readonly onRequest?: (request: RequestRecord) => void
}

/** `HaOptions` are what a node of a high-availability pair says of itself and of its peer, in FDM's own words. */
export interface HaOptions {
  /** `nodeState` is that of this node: a standby node (`HA_STANDBY_NODE`) refuses writes. */
  readonly nodeState: "SINGLE_NODE" | `HA_${string}`
  /** `nodeRole` is that of this node. @default `HA_PRIMARY`, and none for a single node */
  readonly nodeRole?: "HA_PRIMARY" | "HA_SECONDARY"
  /**
   * `peerNodeState` is that of the other node.
   *
   * @default standby beside an active node and active beside any other; none for a single node
   */
  readonly peerNodeState?: string
  /** `configStatus` is that of the pair. @default `IN_SYNC`, and `UNKNOWN` for a single node */
  readonly configStatus?: string
  /** `haHealthStatus` is that of the pair. @default `HEALTHY`, and none for a single node */
  readonly haHealthStatus?: string
}

/** `DeviceOptions` is a firewall that an FMC manages. */
export interface DeviceOptions {
  readonly name: string
  /** `domain` is the name of its domain. @default the first one */
  readonly domain?: string
  /** `canBeDeployed` says whether it can be deployed to. @default true */
  readonly canBeDeployed?: boolean
  /** `trafficInterruption` says whether a deployment interrupts traffic. @default `NO` */
  readonly trafficInterruption?: "YES" | "NO" | "UNDETERMINED" | "ERROR"
  /** `version` makes it out of date from the start: it should get this version. @default it is up to date */
  readonly version?: number
}

/** `HaPairOptions` are two firewalls that stand in for each other; their status in the FMC's words. */
export interface HaPairOptions {
  readonly name: string
  /** `primary` and `secondary` are names of devices. */
  readonly primary: string
  readonly secondary: string
  /** `primaryStatus` is that of the primary. @default `Active` */
  readonly primaryStatus?: string
  /** `secondaryStatus` is that of the secondary. @default `Standby` */
  readonly secondaryStatus?: string
}

/** `ClusterOptions` are firewalls that work as one. */
export interface ClusterOptions {
  readonly name: string
  /** `members` are names of devices: the control unit first. */
  readonly members: ReadonlyArray<string>
}

/** `Settings` are the options with every default filled in; durations in milliseconds. */
export interface Settings extends Required<Omit<Options, "certificate" | "onRequest" | DurationOption>> {
  readonly tokenLifetime: number
  readonly refreshGrace: number
  readonly refreshLifetime: number
  readonly latency: number
  readonly deployTime: number
  readonly devices: ReadonlyArray<DeviceOptions>
  /** `requestsPerMinute` is `Infinity` where there is no limit. */
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
