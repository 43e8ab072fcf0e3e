import { isIP } from "node:net"

/** `CanonicalAddress` is an address, a network or a range in the one spelling that all others of it come to. */
export interface CanonicalAddress {
  readonly kind: "Host" | "Network" | "Range"
  /** `text` is `10.0.0.1`, `10.0.0.0/8` or `10.0.0.1-10.0.0.9`; IPv6 with all of its eight groups. */
  readonly text: string
}

/**
 * `parse` reads an address, a network or a range in any of the spellings that devices use; `undefined` is none of them.
 *
 * - An address with its full length is the address: `10.0.0.1/32`, `2001:db8::1/128`.
 * - A mask is the prefix length that it stands for: `166.1.1.0/255.255.255.0` (Cisco's own example of a network).
 * - IPv6 in any case, with or without zeros left out, with its end as IPv4.
 * - White space round the whole, a `-` or a `/` does not count.
 *
 * Bits of the host are kept: no document says that `10.0.0.5/8` becomes `10.0.0.0/8`, so the two are not the same.
 *
 * @example
 * Address.parse("2001:DB8::1/128")?.text // "2001:db8:0:0:0:0:0:1"
 */
export const parse = (given: string): CanonicalAddress | undefined => {
  const text = given.trim()
  // Most texts are none, and longer than two addresses of 45 signs with what stands between them.
  if (text.length > 120 || !/^[0-9a-f:.][0-9a-f:.\s/-]*$/i.test(text)) return undefined
  return network(text) ?? range(text)
}

/** `prefixLength` is that of a mask such as `255.255.255.0`, or of its length by itself: `24` or `/24`. */
export const prefixLength = (mask: string): number | undefined => {
  const text = mask.trim().replace(/^\//, "")
  if (/^\d{1,3}$/.test(text)) return Number(text) <= 128 ? Number(text) : undefined
  return ofMask(text)
}

const network = (text: string): CanonicalAddress | undefined => {
  const [first = "", suffix, ...rest] = text.split("/")
  const address = parseOne(first)
  if (address === undefined || rest.length > 0) return undefined
  if (suffix === undefined) return { kind: "Host", text: address.text }
  const most = address.version === 4 ? 32 : 128
  const length = address.version === 4 || !suffix.includes(".") ? prefixLength(suffix) : undefined
  if (length === undefined || length > most) return undefined
  return length === most
    ? { kind: "Host", text: address.text }
    : { kind: "Network", text: `${address.text}/${length}` }
}

const range = (text: string): CanonicalAddress | undefined => {
  const [first = "", last = "", ...rest] = text.split("-")
  const [from, to] = [parseOne(first), parseOne(last)]
  if (from === undefined || to === undefined || rest.length > 0 || from.version !== to.version)
    return undefined
  return from.number > to.number ? undefined : { kind: "Range", text: `${from.text}-${to.text}` }
}

interface ParsedAddress {
  readonly version: 4 | 6
  readonly text: string
  readonly number: bigint
}

const parseOne = (given: string): ParsedAddress | undefined => {
  const text = given.trim()
  const version = isIP(text)
  if (version === 4) return { version, text, number: numberOf(text.split(".").map(Number), 8n) }
  // A zone is the business of one machine.
  if (version !== 6 || text.includes("%")) return undefined
  const groups = groupsOf(text)
  return { version, text: groups.map((group) => group.toString(16)).join(":"), number: numberOf(groups, 16n) }
}

/** `groupsOf` gives the eight groups of an IPv6 address that is one: `::` stands for as many zeros as are missing. */
const groupsOf = (text: string): ReadonlyArray<number> => {
  const [head = [], tail] = text.split("::").map((half) => half.split(":").flatMap(group))
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - head.length - tail.length }, () => 0)
  return [...head, ...zeros, ...(tail ?? [])]
}

/** `group` gives one group, or two where the end is written as IPv4. */
const group = (text: string): ReadonlyArray<number> => {
  if (text === "") return []
  if (!text.includes(".")) return [Number.parseInt(text, 16)]
  const [one = 0, two = 0, three = 0, four = 0] = text.split(".").map(Number)
  return [one * 256 + two, three * 256 + four]
}

const numberOf = (parts: ReadonlyArray<number>, bits: bigint): bigint =>
  parts.reduce((number, part) => (number << bits) | BigInt(part), 0n)

const ofMask = (text: string): number | undefined => {
  if (isIP(text) !== 4) return undefined
  const bits = text
    .split(".")
    .map((octet) => Number(octet).toString(2).padStart(8, "0"))
    .join("")
  const length = bits.indexOf("0")
  // A wildcard, or holes in it: nobody knows what a device makes of them.
  return bits.includes("01") ? undefined : length < 0 ? 32 : length
}
