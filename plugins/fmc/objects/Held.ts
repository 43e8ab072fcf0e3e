/**
 * `heldAt` says which lists below an object go with it: what lies in it, and where it is `overridable`, what it is on
 * some devices (the paths `/object/{…}/{objectId}/overrides`).
 */
export const heldAt =
  (path: string) =>
  (created: object): ReadonlyArray<string> => [
    ...(held.find(([at]) => at.test(path))?.[1] ?? []),
    ...("overridable" in created && created.overridable === true ? ["overrides"] : [])
  ]

/**
 * `held` are the rules and categories of policies, the endpoints of a VPN, the mappings of a dynamic object (FMC
 * OpenAPI, the paths below `{containerUUID}` and `{objectId}`), and the routes and zones of a virtual router (Cisco's
 * documentation of its FMC modules for Ansible, createVrfEigrpPolicyModel and others). Nothing is in them at first.
 */
const held: ReadonlyArray<readonly [path: RegExp, lists: ReadonlyArray<string>]> = [
  [/^\/policy\/accesspolicies$/, ["accessrules", "categories"]],
  [/^\/policy\/ftdnatpolicies$/, ["autonatrules", "manualnatrules"]],
  [/^\/policy\/ftds2svpns$/, ["endpoints"]],
  [/^\/policy\/prefilterpolicies$/, ["prefilterrules"]],
  [/^\/object\/dynamicobjects$/, ["mappings"]],
  [
    /\/routing\/virtualrouters$/,
    ["ipv4staticroutes", "ipv6staticroutes", "ecmpzones", "policybasedroutes", "eigrproutes"]
  ]
]

/**
 * `settingsAt` are the lists below an object in which the FMC itself puts something, and people change it: the one that it
 * has of each kind of settings (FMC OpenAPI, the paths below `{containerUUID}`), some of which are changed at the screen
 * alone. Of an intrusion policy that would be tens of thousands of rules, so of those nothing is known.
 */
export const settingsAt = (path: string): ReadonlyArray<string> =>
  settings.find(([at]) => at.test(path))?.[1] ?? []

const settings: ReadonlyArray<readonly [path: RegExp, lists: ReadonlyArray<string>]> = [
  [
    /^\/policy\/accesspolicies$/,
    ["defaultactions", "inheritancesettings", "loggingsettings", "securityintelligencepolicies"]
  ],
  [/^\/policy\/ftds2svpns$/, ["advancedsettings", "ikesettings", "ipsecsettings"]],
  [/^\/policy\/networkanalysispolicies$/, ["inspectoroverrideconfigs"]],
  [/^\/policy\/prefilterpolicies$/, ["defaultactions"]],
  [/\/routing\/virtualrouters$/, ["bgp", "ospfinterface", "ospfv2routes"]]
]

/**
 * `irremovableAt` says why an undo does not remove what was created in a list: the firewalls of a pair would go with it,
 * and with a firewall what is configured on it, of which an FMC finds the most by itself.
 */
export const irremovableAt = (path: string): string | undefined => irremovable.get(path)

const irremovable: ReadonlyMap<string, string> = new Map([
  [
    // FMC OpenAPI, deleteFTDHADeviceContainer and updateFTDHADeviceContainer.
    "/devicehapairs/ftddevicehapairs",
    "an FMC that removes a pair removes both firewalls of it, too; break the pair by a PUT with the action HABREAK"
  ],
  [
    // FMC OpenAPI, deleteDevice, and the paths below `/devices/devicerecords/{containerUUID}`.
    "/devices/devicerecords",
    "an FMC that unregisters a firewall forgets its interfaces, routes and all else that is configured on it, whoever has done that; unregister it by hand if it is not wanted"
  ]
])
