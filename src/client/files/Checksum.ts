import { createHash, type Hash } from "node:crypto"

/** `Checksum` takes the bytes of a file as they come, held against the checksums that a device tells of it. */
export interface Checksum {
  readonly update: (bytes: Uint8Array) => void
  /**
   * `fault` says why the bytes are not the file that the device has told of; `undefined` where they are, or it has told
   * of none.
   */
  readonly fault: () => string | undefined
  /** `sha256` is in hex. */
  readonly sha256: () => string
}

type Headers = Readonly<Record<string, string>>

/** `make` reads the headers of the answer that brings the file. */
export const make = (headers: Headers): Checksum => {
  const told = digests(headers)
  const hashes = new Map<string, Hash>(
    ["sha256", ...told.keys()].map((name) => [name, createHash(name)] as const)
  )
  return {
    update: (bytes) => {
      for (const hash of hashes.values()) hash.update(bytes)
    },
    fault: () => {
      for (const [name, digest] of told)
        if (hashes.get(name)?.copy().digest("base64") !== digest)
          return `the file that came has another checksum than the device tells (${name})`
      return undefined
    },
    sha256: () => hashes.get("sha256")?.copy().digest("hex") ?? ""
  }
}

const algorithms: ReadonlyMap<string, string> = new Map([
  ["sha-512", "sha512"],
  ["sha-256", "sha256"],
  ["sha", "sha1"],
  ["md5", "md5"]
])

/** `digests` gives the checksums that an answer tells, Base64, by their algorithm (RFC 9530, RFC 3230, RFC 1864). */
const digests = (headers: Headers): ReadonlyMap<string, string> => {
  const told = new Map<string, string>()
  for (const name of ["content-digest", "repr-digest", "digest"]) {
    for (const [, algorithm = "", digest = ""] of (headers[name] ?? "").matchAll(
      /([A-Za-z0-9-]+)=:?([A-Za-z0-9+/]+={0,2}):?/g
    )) {
      const known = algorithms.get(algorithm.toLowerCase())
      if (known !== undefined) told.set(known, digest)
    }
  }
  const md5 = headers["content-md5"]?.trim()
  if (md5 !== undefined && /^[A-Za-z0-9+/]{22}==$/.test(md5)) told.set("md5", md5)
  return told
}
