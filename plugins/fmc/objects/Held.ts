/**
 * `heldAt` are the lists below each object of a list that go with it: the rules of policies, and the endpoints of a VPN
 * (FMC OpenAPI, the paths below `/policy/{…}/{containerUUID}`).
 */
export const heldAt = (path: string): ReadonlyArray<string> | undefined => held.get(path)

const held: ReadonlyMap<string, ReadonlyArray<string>> = new Map([
  ["/policy/accesspolicies", ["accessrules"]],
  ["/policy/ftdnatpolicies", ["autonatrules", "manualnatrules"]],
  ["/policy/ftds2svpns", ["endpoints"]],
  ["/policy/prefilterpolicies", ["prefilterrules"]]
])
