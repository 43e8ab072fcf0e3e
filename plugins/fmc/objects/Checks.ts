import { Check, type Collection, type InvalidInput, refuseInput } from "sallyport/plugin"

/**
 * `checkFor` finds what no FMC would take at a path such as `/object/hosts`; what it does not know is for the FMC to
 * judge.
 */
export const checkFor =
  (path: string) =>
  (wanted: Collection.Unnamed): InvalidInput | undefined => {
    const [field = "", check] = checks.get(path) ?? []
    return checkOverride(wanted) ?? check?.(wanted[field], wanted.name)
  }

/**
 * `checkOverride` refuses an override: it has the name and the id of what it overrides, so neither says which one is
 * meant.
 */
const checkOverride = ({ name, overrides }: Collection.Unnamed): InvalidInput | undefined =>
  typeof overrides === "object" && overrides !== null && "target" in overrides
    ? refuseInput(
        "overrides",
        `${JSON.stringify(name ?? "an object")} is wanted as an override, which its name does not tell from the object itself; set it by overrides.set, with the id of the object and the target.`
      )
    : undefined

const checks: ReadonlyMap<string, readonly [field: string, Check.Check]> = new Map([
  ["/object/hosts", ["value", Check.host]],
  ["/object/networks", ["value", Check.network]],
  ["/object/ranges", ["value", Check.range]],
  ["/object/fqdns", ["value", Check.dnsName]],
  ["/object/protocolportobjects", ["port", Check.port]]
])
