/**
 * `heldAt` are the lists below each object of a list that go with it: the routes and zones of a virtual router, and the
 * interfaces on an EtherChannel (Cisco's FTD API reference, v6, addStaticRouteEntry, addECMPZone and
 * addEtherChannelSubInterface). Policies and physical interfaces nobody creates.
 */
export const heldAt = (path: string): ReadonlyArray<string> => held.get(path) ?? []

const held: ReadonlyMap<string, ReadonlyArray<string>> = new Map([
  ["/devices/default/routing/virtualrouters", ["staticrouteentries", "ecmpzones"]],
  ["/devices/default/etherchannelinterfaces", ["subinterfaces"]]
])
