import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { refuse } from "../commandline/WrongUsage.ts"
import { attemptInput } from "../transport/AttemptInput.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"
import * as Proxy from "../transport/Proxy.ts"
import { withoutAccount, withoutBrackets } from "../transport/TargetUrl.ts"
import * as Certificate from "../transport/tls/Certificate.ts"
import * as Trust from "../transport/tls/Trust.ts"
import * as EnvironmentVariable from "../validation/EnvironmentVariable.ts"
import { printable } from "../workflow/plan/PlanWords.ts"
import { parse, type ToolCommand } from "./ToolCommand.ts"

/** `trustCommand` shows the certificate that a device presents. Nothing but a TLS handshake is sent. */
export const trustCommand: ToolCommand = {
  name: "trust",
  operands: "HOST[:PORT] [--proxy URL]",
  description: "shows the certificate of a device, and the line that trusts it",
  help: "Shows the certificate that a device presents, and the lines that trust exactly that one. Nothing but a\nTLS handshake is sent. --proxy leads through an HTTP proxy; where it is left out, FMC_PROXY does, as for a script.",
  run: (words, { output }) =>
    Effect.gen(function* () {
      const { operands, text } = yield* parse(words, 1, { proxy: { type: "string" } })
      const { host, origin, port } = yield* addressOf(operands[0])
      const proxy = yield* proxyOf(text("proxy"))
      const shown = yield* Trust.inspect({ host, port, ...(proxy !== undefined && { proxy: proxy.url }) })
      const fingerprint = Certificate.fingerprint(shown.sha256)
      const lines = [
        `subject   ${shown.subject}`,
        `issuer    ${shown.issuer}${shown.selfIssued ? " (self-signed)" : ""}`,
        `valid     ${shown.validFrom.toISOString()} to ${shown.validTo.toISOString()}`,
        `names     ${shown.altNames.join(", ") || "none"}`,
        `SHA-256   ${fingerprint}`,
        ...(proxy === undefined ? [] : [`by        the proxy ${proxy.authority}, of ${proxy.source}`]),
        "",
        "Anyone between you and the device could have presented this. Compare the fingerprint at the device's",
        "console first; if it is the same, each of these trusts exactly this certificate:",
        "",
        `  Target.make({ url: "${origin}", trust: Trust.pin("${fingerprint}") })`,
        `  FMC_PIN=${fingerprint}`
      ]
      output.write(`${lines.map((line) => printable(line)).join("\n")}\n`)
    })
}

/** `proxyOf` is the proxy of the flag, or else that of a script, and where it stands; its account is not shown. */
const proxyOf = (
  given: string | undefined
): Effect.Effect<{ url: string; authority: string; source: string } | undefined, InvalidInput> =>
  Effect.gen(function* () {
    const variable = "FMC_PROXY"
    const own = yield* EnvironmentVariable.readOptional(Config.nonEmptyString(variable))
    const url = given ?? Option.getOrUndefined(own)?.trim()
    if (url === undefined) return undefined
    const source = given === undefined ? variable : "--proxy"
    const { authority } = yield* attemptInput(() =>
      Proxy.parse(url, { field: () => source, isSafeToShow: false })
    )
    return { url, authority, source }
  })

const addressOf = (given: string | undefined) =>
  Effect.suspend(() => {
    if (given === undefined)
      return refuse("trust: of which device? Give its name or address, and its port where that is not 443.")
    const shown = printable(withoutAccount(given))
    if (given.includes("@"))
      return refuse(
        `${shown} has an account before its @; leave that out: nobody logs in to see a certificate.`
      )
    const url = URL.canParse(withScheme(given)) ? new URL(withScheme(given)) : undefined
    if (url === undefined || url.protocol !== "https:")
      return refuse(`${shown}: this is no host; give one such as fmc.example or 192.0.2.1:8443.`)
    const { hostname, origin, port } = url
    return Effect.succeed({
      host: withoutBrackets(hostname),
      origin,
      port: port === "" ? 443 : Number(port)
    })
  })

const withScheme = (given: string): string => (given.includes("://") ? given : `https://${given}`)
