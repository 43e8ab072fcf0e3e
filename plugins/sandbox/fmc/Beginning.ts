import type { Settings } from "../Options.ts"
import type { Configuration } from "./Configuration.ts"
import { type Domain, uuidOf } from "./Domains.ts"
import type { Fields, Item, Kind } from "./Kind.ts"
import { kinds } from "./Kinds.ts"
import { ruleKind } from "./RuleKind.ts"
import type { Rulebooks } from "./Rules.ts"

/** What exists in the first domain before anybody has written anything: the same, with the same ids, at every start. */
export const fill = (settings: Settings, configuration: Configuration, books: Rulebooks): void => {
  const domain = configuration.domains[0]
  if (domain === undefined) return
  const add = (kind: Kind, name: string, fields: Fields, builtIn = false): Item => {
    const id = uuidOf(`${kind.path.split("/").at(-1)} ${name}`)
    const item = configuration.accept(domain, kind, { name, ...fields }, id, new Map())
    const made = { ...item, builtIn }
    configuration.load([made])
    return made
  }

  for (const [name, value] of builtInNetworks) add(kinds.networks, name, { value }, true)
  for (const [name, protocol, port] of builtInPorts) add(kinds.ports, name, { protocol, port }, true)
  for (let at = 0; at < settings.objects; at++) {
    add(kinds.hosts, numbered("host", at), { value: `${prefix(at)}.10` })
    add(kinds.networks, numbered("net", at), { value: `${prefix(at)}.0/24` })
  }
  if (settings.rules > 0) edge(settings, configuration, books, domain, add)
}

/** The policy `Edge`: half of its rules are mandatory, and each uses an object where there is one. */
const edge = (
  settings: Settings,
  configuration: Configuration,
  books: Rulebooks,
  domain: Domain,
  add: (kind: Kind, name: string, fields: Fields) => Item
): void => {
  const policy = add(kinds.accessPolicies, "Edge", { defaultAction: { action: "BLOCK" } })
  const hosts = [...configuration.all(domain, kinds.hosts)]
  const https = [...configuration.all(domain, kinds.ports)].filter(({ name }) => name === "HTTPS")
  const rules = Array.from({ length: settings.rules }, (_, at) => {
    const host = hosts[at % Math.max(1, hosts.length)]
    return add(ruleKind(policy), numbered("rule", at), {
      action: at % 5 === 4 ? "BLOCK" : "ALLOW",
      enabled: at % 10 !== 9,
      logEnd: true,
      ...(host !== undefined && { sourceNetworks: { objects: [{ id: host.id }] } }),
      destinationPorts: { objects: https.map(({ id }) => ({ id })) }
    })
  })
  const ids = rules.map(({ id }) => id)
  const book = books.of(policy)
  const whole = { category: null, insertBefore: null, insertAfter: null }
  book.spot({ ...whole, section: "mandatory" })(ids.slice(0, Math.ceil(ids.length / 2)))
  book.spot({ ...whole, section: "default" })(ids.slice(Math.ceil(ids.length / 2)))
}

const numbered = (name: string, at: number): string => `${name}-${String(at + 1).padStart(3, "0")}`

const prefix = (at: number): string => `${10 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`

const builtInNetworks = [
  ["any-ipv4", "0.0.0.0/0"],
  ["any-ipv6", "::/0"],
  ["IPv4-Link-Local", "169.254.0.0/16"],
  ["IPv4-Multicast", "224.0.0.0/4"],
  ["IPv4-Private-10.0.0.0-8", "10.0.0.0/8"],
  ["IPv4-Private-172.16.0.0-12", "172.16.0.0/12"],
  ["IPv4-Private-192.168.0.0-16", "192.168.0.0/16"],
  ["IPv6-Link-Local", "fe80::/10"]
] as const

const builtInPorts = [
  ["HTTP", "TCP", "80"],
  ["HTTPS", "TCP", "443"],
  ["SSH", "TCP", "22"],
  ["DNS_over_UDP", "UDP", "53"]
] as const
