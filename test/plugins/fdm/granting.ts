import type { Answer, Heard } from "../../support/device.ts"

/** The token operation of a device that grants everything, with v6 as its version. */
export const granting =
  (
    tokens: Readonly<Record<string, unknown>> | (() => Readonly<Record<string, unknown>>),
    others: (heard: Heard) => Answer | undefined = () => undefined
  ) =>
  (heard: Heard): Answer => {
    const other = others(heard)
    if (other !== undefined) return other
    if (heard.path === "/api/versions") return { body: { supportedVersions: ["v6"] } }
    if (!heard.path.endsWith("/fdm/token")) return { body: {} }
    return heard.fields.grant_type === "revoke_token"
      ? { body: { status_code: 200, message: "OK" } }
      : { body: typeof tokens === "function" ? tokens() : tokens }
  }
