import * as Needed from "../../validation/Needed.ts"
import * as Address from "./Address.ts"

/**
 * `areEqual` says whether two values of a field mean the same to a device, by the field's own notion of it: the one
 * place where that is decided. A value that is missing, `null`, empty or a space is none at all (devices write each of
 * them).
 *
 * `kind` is what the object is that has the field: its `subType` or `type`.
 */
export const areEqual = (field: string, wanted: unknown, there: unknown, kind = ""): boolean => {
  // Devices leave it out where it is not so (no other default is in the FMC OpenAPI document).
  if (field === "overridable" && (isBlank(wanted) || isBlank(there)))
    return lowerCase(wanted ?? false) === lowerCase(there ?? false)
  if (isBlank(wanted) || isBlank(there)) return isBlank(wanted) && isBlank(there)
  if (isObject(wanted) || isObject(there)) return false
  if (typeof wanted === "boolean" || typeof there === "boolean") return lowerCase(wanted) === lowerCase(there)
  return normalize(field, String(wanted), kind) === normalize(field, String(there), kind)
}

/**
 * `nameKey` is the same for names that a device takes for one: case, outer white space and how an accent is composed do
 * not count.
 */
export const nameKey = (name: string): string => {
  Needed.text("name", name)
  return name.trim().normalize("NFC").toLowerCase()
}

/** `valueKey` is the same for spellings of one value of a field. */
export const valueKey = (field: string, value: unknown, kind = ""): string =>
  normalize(field, String(value), kind)

/**
 * `isWriteOnly` holds for fields that a device does not show again as they were written: what they hold is masked,
 * encrypted or left out. The names are those of the FMC's and the FDM's own documents.
 */
export const isWriteOnly = (field: string): boolean => writeOnly.test(field)

/** `isMask` holds for what a device shows in place of a secret. */
export const isMask = (value: unknown): boolean => typeof value === "string" && /^[*•●]{2,}$/.test(value)

const writeOnly =
  /^(pass(word|phrase|wd)?|secret|regkey|natid|newcomments|community|communitystring|key|keystring|cryptokeystring|token)$|(password|passwd|passphrase|secret|secretkey|privatekey|sharedkey|authkey|encryptionkey|md5key|sitekey|authtoken|clitoken)$/i

const normalize = (field: string, given: string, kind: string): string => {
  const text = given.trim()
  switch (field) {
    case "name":
      return nameKey(text)
    case "value":
      return /^fqdn$/i.test(kind) ? dnsName(text) : (Address.parse(text)?.text ?? text)
    case "type":
      // Cisco's samples write `networkobject` for what an FMC calls a `Network`.
      return text.toLowerCase().replace(/(?<=.)object$/, "")
    case "subType":
      // What early versions of an FDM call a range (FDM OpenAPI, NetworkObjectType).
      return text.toLowerCase().replace("iprange", "range")
    case "hostName":
    case "hostname":
    case "fqdn":
    case "domainName":
      return dnsName(text)
    case "port":
      return port(text)
    case "protocol":
      return protocol(text)
    case "netmask":
    case "mask":
      return String(Address.prefixLength(text) ?? text)
    default:
      if (isFreeText.test(field)) return text.replace(/\r\n?/g, "\n").normalize("NFC")
      if (isEnumeration.test(field)) return text.toLowerCase()
      if (isMac.test(field)) return text.toLowerCase().replace(/[.:-]/g, "")
      return Address.parse(text)?.text ?? text
  }
}

// What has a few words to choose from, such as `interfaceMode`: in no enumeration of the FMC and FDM OpenAPI documents
// two of them differ by their case alone.
const isEnumeration =
  /(action|choice|direction|duplex|level|mechanism|method|mode|option|reputation|resolution|severity|setting|speed|state|status|type|units?)$/i

const isMac = /mac(address)?$/i

// What people write for people: an address in it is a word.
const isFreeText = /description|comment|label|banner|text|name$|title|reason/i

/** `dnsName` drops what does not count in DNS: case, and the dot at the end of a name that is complete. */
const dnsName = (text: string): string =>
  Address.parse(text)?.text ?? text.toLowerCase().replace(/(?<=[^.])\.$/, "")

const port = (text: string): string => {
  const [, first, last = first] = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(text) ?? []
  if (first === undefined) return text.toLowerCase()
  return Number(first) === Number(last) ? String(Number(first)) : `${Number(first)}-${Number(last)}`
}

const protocol = (text: string): string => {
  const name = text.toLowerCase()
  return protocols.get(name) ?? name
}

/** `protocols` are IANA's numbers of those that ports and rules are made with, and the names that they go by. */
const protocols = new Map([
  ["1", "icmp"],
  ["2", "igmp"],
  ["6", "tcp"],
  ["17", "udp"],
  ["47", "gre"],
  ["50", "esp"],
  ["51", "ah"],
  ["58", "icmpv6"],
  ["ipv6-icmp", "icmpv6"],
  ["icmp6", "icmpv6"],
  ["88", "eigrp"],
  ["89", "ospf"],
  ["103", "pim"],
  ["112", "vrrp"],
  ["115", "l2tp"],
  ["132", "sctp"]
])

const lowerCase = (value: unknown): string => String(value).trim().toLowerCase()

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "string" && value.trim() === "")

const isObject = (value: unknown): boolean => typeof value === "object" || typeof value === "function"
