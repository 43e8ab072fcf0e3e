import { Check, type Collection, type InvalidInput } from "sallyport/plugin"

/** `checkObject` finds what no FDM would take, before it is sent; what it does not know is for the device to judge. */
export const checkObject = ({ name, port, subType, value }: Collection.Unnamed): InvalidInput | undefined =>
  subTypes.get(String(subType).toUpperCase())?.(value, name) ??
  // Other kinds have something else there, such as a reference.
  (typeof port === "string" || typeof port === "number" ? Check.port(port, name) : undefined)

const subTypes: ReadonlyMap<string, Check.Check> = new Map([
  ["HOST", Check.host],
  ["NETWORK", Check.network],
  ["RANGE", Check.range],
  ["IPRANGE", Check.range],
  ["FQDN", Check.dnsName]
])
