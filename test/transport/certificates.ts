import { createHash, X509Certificate } from "node:crypto"
import * as Effect from "effect/Effect"
import { generate } from "selfsigned"

/** A key pair with its certificate, as a test server takes it. */
export interface Identity {
  readonly key: string
  readonly cert: string
  readonly sha256: string
}

const day = 86_400_000

/** Days from now. */
export const inDays = (days: number): Date => new Date(Date.now() + days * day)

/** Makes a certificate: by default self-signed, valid now, for `localhost` and 127.0.0.1. */
export const mint = (
  options: {
    readonly name?: string
    readonly from?: Date
    readonly to?: Date
    /** DNS name instead of `localhost` and 127.0.0.1. */
    readonly onlyFor?: string
    readonly isCa?: boolean
    readonly signedBy?: Identity
  } = {}
): Effect.Effect<Identity> =>
  Effect.promise(async () => {
    const { isCa = false, name = "localhost", onlyFor, signedBy } = options
    const made = await generate([{ name: "commonName", value: name }], {
      keyType: "ec",
      curve: "P-256",
      algorithm: "sha256",
      notBeforeDate: options.from ?? inDays(-1),
      notAfterDate: options.to ?? inDays(30),
      extensions: [
        { name: "basicConstraints", cA: isCa, critical: true },
        {
          name: "subjectAltName",
          altNames:
            onlyFor === undefined
              ? [
                  { type: 2, value: "localhost" },
                  { type: 7, ip: "127.0.0.1" }
                ]
              : [{ type: 2, value: onlyFor }]
        }
      ],
      ...(signedBy === undefined ? {} : { ca: { key: signedBy.key, cert: signedBy.cert } })
    })
    const sha256 = createHash("sha256").update(new X509Certificate(made.cert).raw).digest("hex")
    return { key: made.private, cert: made.cert, sha256 }
  })
