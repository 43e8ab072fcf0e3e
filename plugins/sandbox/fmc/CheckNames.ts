import { few, type InvalidInput, refuseInput } from "sallyport/plugin"
import type { Settings } from "../appliance/Options.ts"
import { folded } from "./Domains.ts"

/**
 * `faultOf` finds a pair, a cluster or a firewall that names what there is not: it would be left out, or be in another
 * domain, without a word.
 */
export const faultOf = ({ clusters, devices, domains, haPairs }: Settings): InvalidInput | undefined => {
  const names = devices.map(({ name }) => name)
  const isDevice = (name: string) => names.includes(name)
  const areThere =
    names.length === 0 ? "there is none, so leave it out." : `give those that there are: ${few(names)}.`
  if (!haPairs.every(({ primary, secondary }) => isDevice(primary) && isDevice(secondary)))
    return refuseInput("haPairs", `one of them is of a device that there is not; ${areThere}`)
  if (!clusters.flatMap(({ members }) => members).every(isDevice))
    return refuseInput("clusters", `one of them has a member that there is not; ${areThere}`)
  const known = domains.map(folded)
  return devices.every(({ domain }) => domain === undefined || known.includes(folded(domain)))
    ? undefined
    : refuseInput(
        "devices",
        `one of them is in a domain that there is not; give it one of domains: ${few(domains)}.`
      )
}
