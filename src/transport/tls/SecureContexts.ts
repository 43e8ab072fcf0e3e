import * as tls from "node:tls"
import type { Target } from "../Target.ts"
import { authoritiesOf } from "./Authority.ts"
import * as TrustPolicy from "./TrustPolicy.ts"

type Version = Target["minTlsVersion"]

// They hold authorities and a version, and nothing of a connection.
const known = new WeakMap<TrustPolicy.TrustPolicy, Map<Version, tls.SecureContext>>()

/**
 * `contextOptions` are what TLS begins a connection with. All that trust the same share one context: to make it takes
 * Node as long as a part of a handshake. Where the system's authorities are to judge, it is made each time: a program
 * may set others meanwhile.
 */
export const contextOptions = (
  trust: TrustPolicy.TrustPolicy,
  minVersion: Version
): Pick<tls.ConnectionOptions, "minVersion" | "secureContext"> => {
  if (trust._tag === "System") return { minVersion }
  // The runtime's verdict does not count for a pin.
  const key = trust._tag === "Pin" ? TrustPolicy.insecure : trust
  const contexts = known.get(key) ?? new Map<Version, tls.SecureContext>()
  known.set(key, contexts)
  const secureContext =
    contexts.get(minVersion) ?? tls.createSecureContext({ minVersion, ...authorityOptions(trust) })
  contexts.set(minVersion, secureContext)
  return { secureContext }
}

/** `authorityOptions` are what the runtime is to judge by, where it is not the system's own authorities. */
const authorityOptions = (trust: TrustPolicy.TrustPolicy) => {
  if (trust._tag !== "Ca") return {}
  const able = authoritiesOf(trust).flatMap(({ mayIssue, pem }) => (mayIssue ? pem : []))
  // Without any the runtime's verdict does not count, and must not be that of the system's authorities.
  const ca = able.length > 0 ? able : [...trust.pem]
  // One that is not a root is an anchor too: who issues a device's certificate is what operators have at hand. Deno
  // does so by itself, and a Node before 20.18 does not know how.
  return { ca, allowPartialTrustChain: true }
}
