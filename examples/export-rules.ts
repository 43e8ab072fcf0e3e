// Writes all access rules of a policy to standard output, as CSV or as one JSON object a line. A page of a thousand
// rules at a time is in memory, however many there are. If the login expires on the way, it is renewed, and the page
// that was refused for it is asked for again: no rule is lost or comes twice.
//
// Every condition of a rule has a column: "any" is said only of what limits nothing, and a field that is not known here
// stands by its name in the last column. A rule or a condition that is not as it should be is told as far as it can be
// read, with a "?" for what cannot, and is not the end. What a spreadsheet would take for a formula is made harmless.
//
//   export-rules.ts <policy> [--json] [--domain <name>] > rules.csv
//
// The FMC is that of FMC_URL, FMC_USERNAME, FMC_PASSWORD, and FMC_PIN or FMC_CA_FILE. An FMC does not say how long its
// tokens are good. Where it is less than the usual 30 minutes, nothing has to be set: its first 401 tells.

import process from "node:process"
import { parseArgs } from "node:util"
import { stringify } from "csv-stringify/sync"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { InvalidInput, Main } from "sallyport"
import * as Fmc from "sallyport/fmc"
import { Pages } from "sallyport/plugin"

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { domain: { type: "string", default: "Global" }, json: { type: "boolean", default: false } }
})
const [policyName = ""] = positionals

/** `conditions` are the conditions of an access rule (FMC OpenAPI, AccessRule). */
const conditions = [
  "sourceNetworks",
  "destinationNetworks",
  "sourcePorts",
  "destinationPorts",
  "sourceZones",
  "destinationZones",
  "applications",
  "urls",
  "users",
  "vlanTags",
  "sourceDynamicObjects",
  "destinationDynamicObjects",
  "sourceSecurityGroupTags",
  "destinationSecurityGroupTags",
  "destSGTTypes",
  "endPointDeviceTypes",
  "networkAccessDeviceIPs",
  "originalSourceNetworks",
  "timeRangeObjects",
  "safeSearch",
  "youTube"
] as const
const header = ["index", "section", "category", "name", "action", "enabled", ...conditions, "other"]

/**
 * `known` is what else a rule has: what it is called, does, inspects and logs. Whatever is in neither list is told as
 * "other".
 */
const known = new Set<string>([
  ...["id", "name", "type", "version", "links", "metadata", "description", "commentHistoryList"],
  ...["action", "enabled", "ipsPolicy", "filePolicy", "variableSet"],
  ...["logBegin", "logEnd", "logFiles", "sendEventsToFMC", "enableSyslog", "syslogConfig", "syslogSeverity"],
  "snmpConfig",
  ...conditions
])

const script = Effect.gen(function* () {
  const fmc = yield* Fmc.Fmc
  const domain = yield* fmc.domain(values.domain)
  const policy = yield* domain.objects("/policy/accesspolicies").find(policyName)
  if (Option.isNone(policy)) {
    const message = `policy: ${domain.name} has no access policy ${JSON.stringify(policyName)}; give the name of one that it has.`
    return yield* Effect.fail(new InvalidInput({ field: "policy", value: policyName, message }))
  }
  const path = `/policy/accesspolicies/${policy.value.id}/accessrules`
  const rules = Pages.list(domain.rest, path, Schema.Unknown, { expanded: true })

  if (!values.json) yield* write(stringify([header]))
  yield* Stream.runForEach(Stream.chunks(rules), (page) =>
    write(
      values.json
        ? [...page].map((rule) => `${JSON.stringify(rule)}\n`).join("")
        : stringify([...page].map(row), { escape_formulas: true })
    )
  )
})

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const row = (rule: unknown): ReadonlyArray<string> => {
  if (!isFields(rule)) return header.map((column) => (column === "other" ? `no rule: ${shown(rule)}` : "?"))
  const place = isFields(rule.metadata) ? rule.metadata : {}
  const own = [
    place.ruleIndex,
    place.section,
    // As an FMC spells it where there is none.
    place.category === "--Undefined--" ? "" : place.category,
    rule.name ?? `? ${shown(rule.id ?? "")}`,
    rule.action,
    rule.enabled
  ]
  const others = Object.entries(rule).filter(([key, value]) => !known.has(key) && !isEmpty(value))
  return [
    ...own.map((value) => (value === undefined || value === null ? "" : shown(value))),
    ...conditions.map((name) => (isOff(name, rule[name]) ? "any" : cell(rule[name]))),
    others.map(([key, value]) => `${key}: ${cell(value)}`).join("; ")
  ]
}

const cell = (condition: unknown): string => (isEmpty(condition) ? "any" : parts(condition).join("; "))

const isOff = (name: string, value: unknown): boolean =>
  (name === "safeSearch" || name === "youTube") && isFields(value) && value.enabled === false

/** `isEmpty` finds what limits nothing: it is not there, or has nothing in it. */
const isEmpty = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.length === 0
  if (isFields(value)) return Object.values(value).every(isEmpty)
  return value === undefined || value === null || value === "" || value === false
}

/** `parts` gives objects by their names, literals by themselves, and whatever else is there by its fields. */
const parts = (value: unknown): ReadonlyArray<string> => {
  if (Array.isArray(value)) return value.flatMap(parts)
  if (!isFields(value)) return [value === null || value === "" ? "?" : shown(value)]
  const fields = Object.entries(value).filter(([key, inner]) => !isAside(key) && !isEmpty(inner))
  const label = labelOf(value)
  if (label !== undefined) return [fields.some(isNegation) ? `not ${label}` : label]
  // A reference without a name.
  if (typeof value.id === "string") return [`${shown(value.type ?? "?")} ${value.id}`]
  const inner = fields.flatMap(([key, one]) =>
    Array.isArray(one) ? parts(one) : [`${key}: ${parts(one).join(", ")}`]
  )
  return inner.length > 0 ? inner : [`? ${shown(value)}`]
}

const labelOf = (value: Fields): string | undefined => {
  const {
    category,
    code,
    endTag,
    icmpType,
    name,
    port,
    protocol,
    reputation,
    startTag,
    url,
    value: literal
  } = value
  const named = name ?? literal ?? url
  const realm = isFields(value.realm) && value.realm.name ? `${shown(value.realm.name)}\\` : ""
  if (named !== undefined && named !== null && named !== "") return `${realm}${shown(named)}`
  if (protocol !== undefined) {
    const rest = [port ?? icmpType ?? "any", code].filter((one) => one !== undefined && one !== null)
    return [protocol, ...rest].map(shown).join("/")
  }
  if (startTag !== undefined) return [startTag, endTag ?? startTag].map(shown).join("-")
  if (isFields(category)) return `${parts(category).join()}${reputation ? ` (${shown(reputation)})` : ""}`
  return undefined
}

const isAside = (key: string): boolean => key === "links" || key === "metadata" || key === "version"
const isNegation = ([key, value]: readonly [string, unknown]): boolean =>
  value === true && /^(is)?(not|negat|exclu|invert)/i.test(key)
const shown = (value: unknown): string => (typeof value === "object" ? JSON.stringify(value) : String(value))

/** `write` is done when it is on its way: a slow reader slows the reading of the rules down. */
const write = (text: string): Effect.Effect<void> =>
  Effect.async((resume) => {
    process.stdout.write(text, (error) => resume(error ? Effect.die(error) : Effect.void))
  })

Main.run(Effect.provide(script, Fmc.layerConfig("FMC")))
