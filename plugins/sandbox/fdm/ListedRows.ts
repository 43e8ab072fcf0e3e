/**
 * `Row` is a list that the FDM OpenAPI document has, and of which the sandbox knows no more than that: its path, the
 * name of its model, its tag where that is another, and the fields that have to be there, with their types but for text.
 */
export type Row = readonly [path: string, model: string, tag?: string, needs?: string]

/** `read` are for reading alone. Actions that the sandbox does not take are among them, and what holds a secret. */
export const read: ReadonlyArray<Row> = [
  ["/object/urlfeedcategories", "URLFeedCategory"],
  ["/object/networkfeedcategories", "NetworkFeedCategory"],
  [
    "/integration/identityservicesengine",
    "IdentityServicesEngine",
    "IdentityServicesEngine",
    "pxGridCertificate:object mntCertificate:object ftdCertificate:object enabled:boolean"
  ],
  ["/object/countries", "Country", "Country", "code:integer"],
  ["/object/continents", "Continent", "Continent", "code:integer"],
  ["/operational/auditevents", "AuditEvent"],
  ["/action/scheduledbackup", "BackupScheduled"],
  ["/action/restore", "RestoreImmediate", "RestoreImmediate", "archiveName"],
  ["/action/updategeolocation", "GeolocationUpdateImmediate"],
  ["/action/updatesru", "SRUUpdateImmediate"],
  ["/action/updatevdb", "VDBUpdateImmediate"],
  ["/action/securityintelligenceupdatefeeds", "SecurityIntelligenceUpdateFeedsImmediate"],
  ["/jobs/geolocationupdates", "JobHistoryGeolocation", "Job"],
  ["/jobs/sruupdates", "JobHistorySruUpdate", "Job"],
  ["/jobs/vdbupdates", "JobHistoryVDBUpdate", "Job"],
  ["/jobs/licenseregistrations", "LicenseJobHistory", "Job"],
  ["/jobs/cloudmanagementupdates", "JobHistoryCloudManagement", "Job"],
  ["/jobs/haconfigsync", "JobHistoryHaConfigSync", "Job"],
  ["/policy/filepolicies", "FilePolicy", "FilePolicy", "description"],
  ["/policy/intrusionpolicies", "IntrusionPolicy"],
  ["/policy/intrusionpolicies/{parentId}/intrusionrules", "IntrusionRule", "IntrusionPolicy"],
  ["/policy/manualnatpolicies", "ManualNatRuleContainer", "NAT"],
  ["/policy/objectnatpolicies", "ObjectNatRuleContainer", "NAT"],
  [
    "/devices/default/anyconnectprofiles",
    "AnyConnectProfile",
    "AnyConnectVpnConnection",
    "outsideInterface:object splitTunnel:boolean serverCertificate:object exemptNatRule:boolean authMethod"
  ],
  [
    "/devices/default/anyconnectgrouppolicies",
    "AnyConnectGroupPolicy",
    "AnyConnectVpnConnection",
    "browserProxyType"
  ],
  ["/devices/default/anyconnectvpnconnections", "AnyConnectVpnConnection"],
  ["/object/internalcertificates", "InternalCertificate", "Certificate"],
  ["/object/internalcacertificates", "InternalCACertificate", "Certificate"],
  [
    "/object/realms",
    "ActiveDirectoryRealm",
    "ActiveDirectoryRealm",
    "dirUsername adPrimaryDomain dirPassword baseDN"
  ],
  ["/object/specialrealms", "SpecialRealm"],
  ["/object/realms/{parentId}/trafficusers", "TrafficUser", "TrafficUser", "id realmId:integer realmName"],
  [
    "/object/specialrealms/{parentId}/trafficusers",
    "TrafficUser",
    "TrafficUser",
    "id realmId:integer realmName"
  ],
  [
    "/object/realms/{parentId}/trafficusergroups",
    "TrafficUserGroup",
    "TrafficUserGroup",
    "id realmId:integer realmName"
  ],
  ["/action/troubleshoot", "ScheduleTroubleshoot"],
  ["/managedentity/upgradefiles", "UpgradeFile"],
  ["/license/smartagentconnections", "SmartAgentConnection", "SmartLicensing", "connectionType"],
  ["/license/smartagentstatuses", "SmartAgentStatus", "SmartLicensing"],
  ["/license/smartlicenses", "License", "SmartLicensing", "licenseType count:integer"],
  ["/license/smartagentsyncrequests", "SmartAgentSyncRequest", "SmartLicensing", "sync:boolean"],
  ["/action/cloudmanagement", "CloudManagement"],
  ["/object/secrets", "Secret", "Secret", "password"],
  ["/object/radiusidentitysources", "RadiusIdentitySource", "RadiusIdentitySource", "name host"],
  ["/object/localidentitysources", "LocalIdentitySource"],
  ["/object/radiusidentitysourcegroups", "RadiusIdentitySourceGroup", "RadiusIdentitySourceGroup", "name"],
  ["/operational/rolepermissions", "RolePermission"]
]

/** `listOnly` are those whose things cannot be read one by one. */
export const listOnly: ReadonlyArray<Row> = [
  ["/object/applications", "Application", "Application", "appId:integer"],
  ["/object/applicationtags", "ApplicationTag", "Application", "appId:integer"],
  ["/object/applicationcategories", "ApplicationCategory", "Application", "appId:integer"],
  ["/object/urlcategories", "URLCategory", "URLCategory", "urlCategoryId:integer"],
  [
    "/object/urlreputation",
    "URLReputation",
    "URLReputation",
    "index:integer endPercentage:integer startPercentage:integer"
  ],
  ["/action/exportconfig", "ScheduleExportConfig"],
  ["/jobs/exportconfigjob", "ExportConfigJobHistory"],
  ["/operational/auditevents/{parentId}/changes", "AuditEntityChange"],
  ["/managedentity/jobs/troubleshootjob", "TroubleshootJobHistory"]
]

/** `changed` can be changed, and not made. */
export const changed: ReadonlyArray<Row> = [
  ["/devicesettings/default/httpaccesslists", "HTTPAccessList"],
  ["/devicesettings/default/sshaccesslists", "SSHAccessList"],
  ["/devicesettings/default/devicehostnames", "DeviceHostname"],
  ["/devicesettings/default/cloudcommunicationsettings", "CloudCommunicationSettings"],
  ["/devicesettings/default/managementips", "ManagementIP", "ManagementIP", "routeInternally:boolean"],
  ["/object/systemfeedobjects", "SystemFeedObject"],
  ["/object/intrusionsettings", "IntrusionSettings"],
  ["/devicesettings/default/ntp", "NTP", "NTP", "ntpServers:[object]"],
  ["/devicesettings/default/logsettings", "DeviceLogSettings"],
  ["/devices/default/mgmtdnssettings", "DeviceDNSSettings", "DNS"],
  ["/devices/default/datadnssettings", "DataDNSSettings", "DNS"],
  ["/policy/identitypolicies", "IdentityPolicy", "IdentityPolicy", "activeAuthPort:integer"],
  [
    "/devicesettings/default/dhcpservercontainers",
    "DHCPServerContainer",
    "DHCPServerContainer",
    "autoConfig:boolean"
  ],
  ["/devicesettings/default/cloudconfig", "CloudConfig"],
  ["/policy/sslpolicies", "SSLPolicy", "SSLPolicy", "defaultAction:object undecryptableActions:object"],
  [
    "/policy/securityintelligencepolicies",
    "SecurityIntelligencePolicy",
    "SecurityIntelligence",
    "securityIntelligenceNetworkPolicy:object securityIntelligenceURLPolicy:object"
  ],
  [
    "/policy/securityintelligencenetworkpolicies",
    "SecurityIntelligenceNetworkPolicy",
    "SecurityIntelligence"
  ],
  ["/policy/securityintelligenceurlpolicies", "SecurityIntelligenceURLPolicy", "SecurityIntelligence"],
  ["/managemententity/postupgradeflags", "PostUpgradeFlags"],
  [
    "/devices/default/ha/configurations",
    "HAConfiguration",
    "HAConfiguration",
    "statefulFailoverInterface:object nodeRole failoverName statefulFailoverName failoverInterface:object"
  ],
  [
    "/devices/default/ha/failoverconfigurations",
    "HAFailoverConfiguration",
    "HAFailoverConfiguration",
    "peerPollTime:object interfaceFailureThreshold:integer interfaceHoldTime:object peerHoldTime:object interfaceFailureUnit interfacePollTime:object"
  ],
  [
    "/devicesettings/default/aaasettings",
    "AAASetting",
    "AAASetting",
    "identitySourceGroup:object useLocal protocolType"
  ],
  ["/devicesettings/default/webanalyticssettings", "WebAnalyticsSetting"]
]

/** `written` can be made, changed and removed. */
export const written: ReadonlyArray<Row> = [
  [
    "/devicesettings/default/managementaccess",
    "DataInterfaceManagementAccess",
    "DataInterfaceManagementAccess",
    "networkObjects:[object] networkInterface:object protocols:[object]"
  ],
  ["/object/protocols", "ProtocolObject", "PortObject", "protocol"],
  ["/object/icmpv4ports", "ICMPv4PortObject", "PortObject", "icmpv4Type"],
  ["/object/icmpv6ports", "ICMPv6PortObject", "PortObject", "icmpv6Type"],
  ["/object/standardaccesslists", "StandardAccessList", "StandardAccessList", "entries:[object]"],
  ["/object/extendedaccesslists", "ExtendedAccessList", "ExtendedAccessList", "entries:[object]"],
  ["/object/aspathlists", "ASPathList", "ASPathList", "entries:[object]"],
  ["/object/routemaps", "RouteMap", "RouteMap", "entries:[object]"],
  ["/object/standardcommunitylists", "StandardCommunityList", "StandardCommunityList", "entries:[object]"],
  ["/object/expandedcommunitylists", "ExpandedCommunityList", "ExpandedCommunityList", "entries:[object]"],
  ["/object/ipv4prefixlists", "IPV4PrefixList", "IPV4PrefixList", "entries:[object]"],
  ["/object/ipv6prefixlists", "IPV6PrefixList", "IPV6PrefixList", "entries:[object]"],
  ["/object/policylists", "PolicyList", "PolicyList", "matchCommunityExactly:boolean action"],
  ["/object/geolocations", "GeoLocation"],
  ["/devices/default/bridgegroupinterfaces", "BridgeGroupInterface", "Interface", "monitorInterface:boolean"],
  ["/managedentity/geolocationupdateschedules", "GeolocationUpdateSchedule"],
  ["/managedentity/sruupdateschedules", "SRUUpdateSchedule"],
  ["/managedentity/vdbupdateschedules", "VDBUpdateSchedule"],
  ["/managedentity/securityintelligencefeedsupdateschedules", "SecurityIntelligenceUpdateFeedsSchedule"],
  ["/object/applicationfilters", "ApplicationFilter", "Application"],
  ["/policy/manualnatpolicies/{parentId}/manualnatrules", "ManualNatRule", "NAT", "natType"],
  ["/policy/objectnatpolicies/{parentId}/objectnatrules", "ObjectNatRule", "NAT", "natType"],
  ["/object/anyconnectclientprofiles", "AnyConnectClientProfile"],
  [
    "/devices/default/anyconnectpackagefiles",
    "AnyConnectPackageFile",
    "AnyConnectVpnConnection",
    "platformType"
  ],
  ["/devices/default/anyconnectpackages", "AnyConnectPackages", "AnyConnectVpnConnection"],
  [
    "/object/ikev1policies",
    "IkevOnePolicy",
    "IkevOnePolicy",
    "groupType encryptionType authenticationType priority:integer hashType enabled:boolean"
  ],
  [
    "/object/ikev1proposals",
    "IkevOneProposal",
    "IkevOneProposal",
    "mode authenticationMethod encryptionMethod"
  ],
  ["/object/ikev2policies", "IkevTwoPolicy", "IkevTwoPolicy", "priority:integer enabled:boolean"],
  ["/object/ikev2proposals", "IkevTwoProposal"],
  [
    "/devices/default/s2sconnectionprofiles",
    "SToSConnectionProfile",
    "SToSConnectionProfile",
    "outsideInterfaces:[object] ikev1Enabled:boolean ikev2Enabled:boolean remotePeerIpAddress"
  ],
  ["/object/syslogalerts", "SyslogServer", "SyslogServer", "protocol host"],
  ["/object/dnsservergroups", "DNSServerGroup", "DNS", "dnsServers:[object]"],
  ["/policy/identitypolicies/{parentId}/identityrules", "IdentityRule", "IdentityPolicy"],
  ["/object/externalcertificates", "ExternalCertificate", "Certificate"],
  ["/object/externalcacertificates", "ExternalCACertificate", "Certificate"],
  [
    "/policy/sslpolicies/{parentId}/sslrules",
    "SSLRule",
    "SSLPolicy",
    "certificateStatus:object sslv3:boolean tls12:boolean tls11:boolean tls10:boolean"
  ],
  [
    "/devices/default/routing/virtualrouters/default/ospf",
    "OSPF",
    "OSPF",
    "processId processConfiguration:object"
  ],
  [
    "/devices/default/routing/virtualrouters/default/ospfinterfacesettings",
    "OSPFInterfaceSettings",
    "OSPFInterfaceSettings",
    "deviceInterface:object ospfProtocolConfiguration:object"
  ],
  [
    "/devices/default/routing/virtualrouters/default/bgp",
    "BGP",
    "BGP",
    "transportPathMtuDiscovery:boolean bgpBestPath:object asNumber asnotationDot:boolean fastExternalFallOver:boolean logNeighborChanges:boolean enforceFirstAs:boolean bgpTimers:object"
  ],
  ["/object/flexconfigobjects", "FlexConfigObject", "FlexConfigObject", "isBlacklisted:boolean"],
  ["/object/flexconfigpolicies", "FlexConfigPolicy"]
]
