import { Bulk } from "sallyport/plugin"

// For one bulk request (FMC guide, Bulk Rule Posting and Payload Limiting).
const body = { query: { bulk: "true" }, most: 1000, bytes: 2_048_000 }

// About 7000 characters of URL are safe (read in public clients' code).
const removal = { query: { bulk: "true" }, ids: "filter", prefix: "ids:", most: 1000, characters: 7000 }

/**
 * `inBulkAt` says which requests of a list write many of its objects: those of the FMC OpenAPI document, and from 7.4 on
 * the removal of objects (read in public clients' code). An FMC that has it not answers 405.
 */
export const inBulkAt = (path: string): Bulk.InBulk => {
  const isOfRules = /\/(accessrules|prefilterrules)$/.test(path)
  return {
    ...((isOfRules || created.test(path)) && { create: body }),
    ...(isOfRules && { update: body }),
    ...((isOfRules || /^\/object\/[^/]+$/.test(path)) && { remove: removal })
  }
}

// Lists whose creation has `bulk` (FMC OpenAPI), beside those of access and prefilter rules.
const created = new RegExp(
  [
    "^/object/(dynamicobjects|fqdns|hosts|icmpv[46]objects|interfacegroups|intrusionrulegroups|intrusionrules|keychains)$",
    "^/object/(localrealmusers|networkgroups|networks|portobjectgroups|protocolportobjects|ranges|securityzones)$",
    "^/object/(slamonitors|timeranges|timezoneobjects|tunneltags|urlgroups|urls|vlangrouptags|vlantags)$",
    "^/policy/ftdnatpolicies/[^/]+/(autonatrules|manualnatrules)$",
    "^/devices/devicerecords/[^/]+/(routing/ipv[46]staticroutes|subinterfaces|virtualtunnelinterfaces)$"
  ].join("|")
)

/** `batches` splits what is to be created in bulk. One object that is too large by itself goes alone, for the FMC to judge. */
export const batches = <W>(
  items: ReadonlyArray<W>,
  written: (item: W) => unknown
): ReadonlyArray<ReadonlyArray<W>> => Bulk.bodyBatches(items, body, written)

/** `idBatches` splits identifiers so that the URL of a bulk delete stays short enough. */
export const idBatches = (ids: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> =>
  Bulk.idBatches(ids, removal, (id) => id)
