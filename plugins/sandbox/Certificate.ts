import { createPrivateKey, X509Certificate } from "node:crypto"
import { isIP } from "node:net"
import * as Effect from "effect/Effect"
import { SandboxFailed } from "./SandboxFailed.ts"

/** `Certificate` is the certificate that the sandbox presents. */
export interface Certificate {
  readonly pem: string
  /** `sha256` is over the DER bytes, in lower-case hex: what `Trust.pin` takes. */
  readonly sha256: string
}

export interface Identity {
  readonly certificate: Certificate
  readonly cert: string
  readonly key: string
}

/**
 * `identity` gives the certificate that was given, or a fresh self-signed one (EC P-256) for localhost, 127.0.0.1 and
 * the host.
 */
export const identity = (
  host: string,
  given: { readonly cert: string; readonly key: string } | undefined
): Effect.Effect<Identity, SandboxFailed> => (given === undefined ? fresh(host) : checked(given))

const checked = ({ cert, key }: { readonly cert: string; readonly key: string }) =>
  Effect.try({
    try: () => {
      const read = new X509Certificate(cert)
      if (!read.checkPrivateKey(createPrivateKey(key))) throw new Error("another key")
      return identityOf(read, cert, key)
    },
    catch: () => failed("the certificate and the key that were given are no PEM texts, or no pair.")
  })

const fresh = (host: string) =>
  Effect.gen(function* () {
    const { generate } = yield* Effect.tryPromise({
      // Caught at the `import` itself: by that a bundler knows that the package may be missing.
      try: () => import("selfsigned").catch((error: unknown) => Promise.reject(error)),
      catch: () =>
        failed(
          "its certificate is made by the package selfsigned, which is missing: npm i -D selfsigned@^5.5"
        )
    })
    const made = yield* Effect.tryPromise({
      try: () =>
        generate([{ name: "commonName", value: "sallyport sandbox" }], {
          keyType: "ec",
          curve: "P-256",
          algorithm: "sha256",
          // A day early, so that no client's clock is behind it.
          notBeforeDate: new Date(Date.now() - 86_400_000),
          extensions: [
            // Its own authority, as appliances do it, so that it can also be trusted as a CA.
            { name: "basicConstraints", cA: true, critical: true },
            { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
            { name: "extKeyUsage", serverAuth: true },
            { name: "subjectAltName", altNames: altNames(host) }
          ]
        }),
      catch: (error) => failed(`its certificate could not be made (${String(error)}).`)
    })
    return identityOf(new X509Certificate(made.cert), made.cert, made.private)
  })

const identityOf = ({ fingerprint256 }: X509Certificate, cert: string, key: string): Identity => ({
  certificate: { pem: cert, sha256: fingerprint256.replaceAll(":", "").toLowerCase() },
  cert,
  key
})

const altNames = (host: string) => {
  const usual = [
    { type: 2 as const, value: "localhost" },
    { type: 7 as const, ip: "127.0.0.1" }
  ]
  if (host === "localhost" || host === "127.0.0.1") return usual
  return [...usual, isIP(host) === 0 ? { type: 2 as const, value: host } : { type: 7 as const, ip: host }]
}

const failed = (detail: string) => new SandboxFailed({ operation: "certificate", detail })
