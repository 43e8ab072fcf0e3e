// How the high-availability pairs are: the firewalls of an FMC, the FMC itself, and a firewall that manages itself. A
// line for each, and an exit code as monitoring systems have it:
//
//   0  all are well (what stands alone is well, too: a pair that was broken up does not say that it was one)
//   2  something is degraded
//   3  nothing is known to be degraded, but not all could be asked, or said how it is
//   1  a variable is missing or wrong
//
//   ha-status.ts
//
// Asks the FMC of FMC_URL, FMC_USERNAME, FMC_PASSWORD (FMC_PIN or FMC_CA_FILE), and the FDM of FDM_URL and so on:
// whichever is set, or both.

import process from "node:process"
import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { Main, type SessionError } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"

interface Finding {
  readonly is: "OK" | "DEGRADED" | "UNKNOWN"
  readonly words: string
}

type Said = string | null | undefined

const finding = (isWell: boolean, words: string): Finding => ({ is: isWell ? "OK" : "DEGRADED", words })

/**
 * `areActiveAndStandby` says that the one is active and the other stands by: two that are active at once are no pair
 * any more.
 */
const areActiveAndStandby = (one: string, other: string) =>
  [one, other]
    .map((state) => /^(HA_)?(ACTIVE|STANDBY)(_NODE)?$/i.exec(state.trim())?.[2]?.toUpperCase())
    .sort()
    .join() === "ACTIVE,STANDBY"

/** `unknown` is the finding where nobody says how it is: that is neither well nor degraded. */
const unknown = (words: string): Finding => ({ is: "UNKNOWN", words })

const ofTwo = (one: Said, other: Said, words: string): Finding =>
  one == null || other == null ? unknown(words) : finding(areActiveAndStandby(one, other), words)

const ofFmc = Effect.gen(function* () {
  const fmc = yield* Fmc.Fmc
  const domains = yield* fmc.listDomains().pipe(
    Stream.mapEffect(({ name }) => fmc.domain(name)),
    Stream.runCollect
  )
  const pairs = yield* Stream.runCollect(
    Stream.flatMap(Stream.fromChunk(domains), (domain) => domain.listHaPairs())
  )
  // A domain may list what belongs to one below it.
  const firewalls = [...new Map([...pairs].map((pair) => [pair.id, pair])).values()]
  const [top] = domains
  const own = top === undefined ? Option.none() : yield* top.fmcHaStatus
  return [
    ...firewalls.map(({ name, primary, secondary }) =>
      ofTwo(
        primary.status,
        secondary.status,
        `${name}: ${[primary, secondary].map((one) => `${one.name ?? one.id} ${one.status ?? "unknown"}`).join(", ")}`
      )
    ),
    Option.match(own, {
      onNone: () => finding(true, `${fmc.session.target.name}: stands alone`),
      onSome: ({ haStatusMessages = [], overallStatus, syncStatus = "unknown" }) => {
        const words = `${fmc.session.target.name}: ${overallStatus ?? "unknown"}, sync ${syncStatus}. ${haStatusMessages.join(" ")}`
        return overallStatus === undefined ? unknown(words) : finding(overallStatus === "GOOD", words)
      }
    })
  ]
})

const ofFdm = Effect.gen(function* () {
  const fdm = yield* Fdm.Fdm
  const { configStatus, haHealthStatus, nodeState, peerNodeState } = yield* fdm.haStatus
  const { name } = fdm.session.target
  if (nodeState === "SINGLE_NODE") return [finding(true, `${name}: stands alone`)]
  const words = [
    `${name}: ${nodeState ?? "unknown"}, peer ${peerNodeState ?? "unknown"}`,
    configStatus ?? "unknown",
    haHealthStatus ?? "unknown"
  ].join(", ")
  const pair = ofTwo(nodeState, peerNodeState, words)
  const isOut = (state: Said, good: string) => state != null && state !== good
  if (isOut(configStatus, "IN_SYNC") || isOut(haHealthStatus, "HEALTHY")) return [finding(false, words)]
  const isSilent = configStatus == null || haHealthStatus == null
  return [pair.is === "OK" && isSilent ? unknown(words) : pair]
})

/** `orUnknown` keeps one that cannot be asked from hiding the other. */
const orUnknown = <E extends SessionError>(
  asked: Effect.Effect<ReadonlyArray<Finding>, E | ConfigError.ConfigError>
) =>
  Effect.catchAll(asked, (error) =>
    ConfigError.isConfigError(error)
      ? Effect.fail(error)
      : Effect.succeed<ReadonlyArray<Finding>>([{ is: "UNKNOWN", words: error.message }])
  )

const all = [
  ...(process.env.FMC_URL ? [orUnknown(Effect.provide(ofFmc, Fmc.layerConfig("FMC")))] : []),
  ...(process.env.FDM_URL ? [orUnknown(Effect.provide(ofFdm, Fdm.layerConfig("FDM")))] : [])
]

if (all.length === 0) {
  console.error("Usage: ha-status.ts, with FMC_URL, FMC_USERNAME and FMC_PASSWORD set, or those of an FDM")
  process.exitCode = 1
} else {
  Main.run(
    Effect.map(Effect.all(all, { concurrency: 2 }), (lists) => {
      const findings = lists.flat()
      for (const { is, words } of findings) console.log(`${is.padEnd(8)}  ${words}`)
      const has = (is: Finding["is"]) => findings.some((finding) => finding.is === is)
      process.exitCode = has("DEGRADED") ? 2 : has("UNKNOWN") ? 3 : 0
    })
  )
}
