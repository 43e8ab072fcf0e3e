import type { InvalidInput } from "../../transport/DeviceError.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"
import * as Address from "./Address.ts"

/**
 * `Check` says what is wrong with a value that no device would take, before it is sent; `name` is that of the object. A
 * value that is not given is for the device to judge.
 */
export type Check = (given: unknown, name: unknown) => InvalidInput | undefined

/** `host` takes an address, with its full prefix length or without. */
export const host: Check = (given, name) =>
  checkValue(isOf("Host"), "an address such as 10.0.0.1", "value", given, name)

/** `network` takes an address with a prefix length or a mask; what one without means is for the device to judge. */
export const network: Check = (given, name) =>
  checkValue(isOf("Host", "Network"), "a network such as 10.0.0.0/8", "value", given, name)

/** `range` takes two addresses of one version, the lower one first. */
export const range: Check = (given, name) =>
  checkValue(
    isOf("Range"),
    "a range such as 10.0.0.1-10.0.0.9, the lower address first",
    "value",
    given,
    name
  )

/** `dnsName` takes what has the form of a name of DNS. */
export const dnsName: Check = (given, name) =>
  checkValue(
    (text) => /^[^\s/:,;@]{1,254}$/.test(text.trim()),
    "a name of DNS such as www.example.com",
    "value",
    given,
    name
  )

/** `port` takes a port or a range of ports, as text or as number. */
export const port: Check = (given, name) =>
  checkValue(
    isPort,
    "a port up to 65535 or a range of ports such as 8000-8010",
    "port",
    typeof given === "number" ? String(given) : given,
    name
  )

const checkValue = (
  fits: (text: string) => boolean,
  want: string,
  field: string,
  given: unknown,
  name: unknown
): InvalidInput | undefined => {
  if (given === undefined || given === null || (typeof given === "string" && fits(given))) return undefined
  const text = typeof given === "string" ? given.slice(0, 100) : undefined
  const shown = text === undefined ? "no text" : JSON.stringify(text)
  return refuseInput(field, `that of ${JSON.stringify(name)} is ${shown}; give ${want}.`, text)
}

const isOf =
  (...kinds: ReadonlyArray<Address.CanonicalAddress["kind"]>) =>
  (text: string) =>
    kinds.some((kind) => Address.parse(text)?.kind === kind)

const isPort = (text: string) => {
  const [, first, last = first] = /^\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?\s*$/.exec(text) ?? []
  return first !== undefined && Number(first) <= Number(last) && Number(last) <= 65_535
}
