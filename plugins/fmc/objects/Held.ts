/**
 * `heldAt` says which lists below an object go with it: the rules of policies, and the endpoints of a VPN (FMC OpenAPI,
 * the paths below `/policy/{…}/{containerUUID}`); and where it is `overridable`, what it is on some devices (the paths
 * `/object/{…}/{objectId}/overrides`).
 */
export const heldAt =
  (path: string) =>
  (created: object): ReadonlyArray<string> =>
    held.get(path) ?? ("overridable" in created && created.overridable === true ? ["overrides"] : [])

const held: ReadonlyMap<string, ReadonlyArray<string>> = new Map([
  ["/policy/accesspolicies", ["accessrules"]],
  ["/policy/ftdnatpolicies", ["autonatrules", "manualnatrules"]],
  ["/policy/ftds2svpns", ["endpoints"]],
  ["/policy/prefilterpolicies", ["prefilterrules"]]
])
