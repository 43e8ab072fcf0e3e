import { isIP } from "node:net"

/** `isAddress` says whether the text is an IPv4 or IPv6 address. */
export const isAddress = (text: string): boolean => isIP(text) !== 0

/** `isNetwork` says whether the text is an address with a prefix length, or an IPv4 address with a mask. */
export const isNetwork = (text: string): boolean => {
  const [address = "", suffix = "", ...rest] = text.split("/")
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  if (/^\d{1,3}$/.test(suffix)) return Number(suffix) <= (version === 4 ? 32 : 128)
  return version === 4 && isMask(suffix)
}

/**
 * `isRange` says whether the text is two addresses of one version with a dash between, the lower IPv4 address first.
 */
export const isRange = (text: string): boolean => {
  const [first = "", last = "", ...rest] = text.split("-")
  const version = isIP(first)
  if (version === 0 || version !== isIP(last) || rest.length > 0) return false
  return version === 6 || numberOf(first) <= numberOf(last)
}

export const ipType = (text: string): "V_4" | "V_6" => (text.includes(":") ? "V_6" : "V_4")

const numberOf = (text: string): number =>
  text.split(".").reduce((number, octet) => number * 256 + Number(octet), 0)

const isMask = (text: string): boolean => {
  if (isIP(text) !== 4) return false
  const bits = text
    .split(".")
    .map((octet) => Number(octet).toString(2).padStart(8, "0"))
    .join("")
  return !bits.includes("01")
}
