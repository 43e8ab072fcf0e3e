// Shows the certificate that a device presents, and the code that pins it. Sends nothing but a TLS handshake.
//
//   trust.ts <host>[:<port>]

import process from "node:process"
import * as Effect from "effect/Effect"
import { Certificate, Main, Trust } from "sallyport"

const [address] = process.argv.slice(2)
if (address === undefined) {
  console.error("Usage: trust.ts <host>[:<port>]")
  process.exit(1)
}
const { host, hostname, port } = new URL(address.includes("://") ? address : `https://${address}`)

Main.run(
  Effect.gen(function* () {
    const shown = yield* Trust.inspect({
      host: hostname.replace(/^\[|\]$/g, ""),
      port: port === "" ? 443 : Number(port)
    })
    const fingerprint = Certificate.fingerprint(shown.sha256)
    console.log(`subject   ${shown.subject}`)
    console.log(`issuer    ${shown.issuer}${shown.selfIssued ? " (self-signed)" : ""}`)
    console.log(`valid     ${shown.validFrom.toISOString()} to ${shown.validTo.toISOString()}`)
    console.log(`names     ${shown.altNames.join(", ") || "none"}`)
    console.log(`SHA-256   ${fingerprint}`)
    console.log(
      "\nAnyone between you and the device could have presented this. Compare the fingerprint at the"
    )
    console.log("device's console first; if it is the same, this trusts exactly this certificate:\n")
    console.log(`  Target.make({ url: "https://${host}", trust: Trust.pin("${fingerprint}") })`)
  })
)
