// A device that answers as fast as one process of Node can: what is measured is who asks. It has an FMC's login, its
// lists, and what the others need for a token. It runs until its standard input ends.
import { generateKeyPairSync } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import { createServer } from "node:https"
import type { AddressInfo } from "node:net"
import process from "node:process"
import { createSecureContext } from "node:tls"
import { generate } from "selfsigned"
import { domain, type Facts, hostsPath, listLength, pageLength } from "./Facts.ts"

const dated = { algorithm: "sha256", notBeforeDate: new Date(Date.now() - 86_400_000) } as const
const curve = { keyType: "ec", curve: "P-256" } as const
// Two of them: Deno's fetch takes no certificate of a server that is its own authority.
const authority = await generate([{ name: "commonName", value: "bench authority" }], {
  ...dated,
  ...curve,
  extensions: [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", keyCertSign: true, critical: true }
  ]
})
const pem = await generate([{ name: "commonName", value: "bench" }], {
  ...dated,
  ...curve,
  ca: { key: authority.private, cert: authority.cert },
  extensions: [
    { name: "basicConstraints", cA: false, critical: true },
    { name: "keyUsage", digitalSignature: true, critical: true },
    { name: "extKeyUsage", serverAuth: true },
    { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }
  ]
})

const host = (index: number) => ({
  links: { self: `https://127.0.0.1${hostsPath}/005056BB-0B24-0ed3-0000-${String(index).padStart(12, "0")}` },
  type: "Host",
  id: `005056BB-0B24-0ed3-0000-${String(index).padStart(12, "0")}`,
  name: `host-${index}`,
  value: `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`,
  description: "a host of the bench"
})

const pages = new Map<string, Buffer>()
/** `pageOf` is a page of a list of hosts, made once: `count` says how many there are in all. */
const pageOf = (offset: number, limit: number, count: number): Buffer => {
  const key = `${offset} ${limit} ${count}`
  const known = pages.get(key)
  if (known !== undefined) return known
  const items = Array.from({ length: Math.max(0, Math.min(limit, count - offset)) }, (_, at) =>
    host(offset + at)
  )
  const next = offset + limit
  const more =
    next < count
      ? { next: [`https://127.0.0.1${hostsPath}?offset=${next}&limit=${limit}&expanded=true`] }
      : {}
  const made = Buffer.from(
    JSON.stringify({
      links: {},
      items,
      paging: { offset, limit, count, pages: Math.ceil(count / limit), ...more }
    })
  )
  pages.set(key, made)
  return made
}
for (let offset = 0; offset < listLength; offset += pageLength) pageOf(offset, pageLength, listLength)

const json = (response: ServerResponse, body: Buffer) =>
  response.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body)

const answer = (request: IncomingMessage, response: ServerResponse, origin: string) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", origin)
  const said = (value: unknown) => json(response, Buffer.from(JSON.stringify(value)))
  if (pathname === hostsPath) {
    const offset = Number(searchParams.get("offset") ?? 0)
    const limit = Number(searchParams.get("limit") ?? 25)
    // A short list to whoever says so, and the long one else.
    const count = searchParams.has("filter") ? 25 : listLength
    return json(response, pageOf(offset, Math.min(limit, count), count))
  }
  switch (pathname) {
    case "/api/fmc_platform/v1/auth/generatetoken":
      return response
        .writeHead(204, {
          "X-auth-access-token": "11111111-1111-4111-8111-111111111111",
          "X-auth-refresh-token": "22222222-2222-4222-8222-222222222222",
          DOMAIN_UUID: domain,
          DOMAINS: JSON.stringify([{ name: "Global", uuid: domain }])
        })
        .end()
    case "/api/fmc_platform/v1/auth/revokeaccess":
      return response.writeHead(204).end()
    case "/app/installations/1/access_tokens":
      return said({
        token: "ghs_1",
        expires_at: "2099-01-01T00:00:00Z",
        permissions: {},
        repository_selection: "all"
      })
    case "/.well-known/openid-configuration":
      return said({ issuer: origin, token_endpoint: `${origin}/token` })
    case "/token":
      return said({ access_token: "1", token_type: "Bearer", expires_in: 3600 })
    default:
      return response.writeHead(404).end()
  }
}

const context = createSecureContext({ cert: pem.cert, key: pem.private })
const listen = (): Promise<string> =>
  new Promise((resolve) => {
    let origin = ""
    const server = createServer(
      {
        cert: pem.cert,
        key: pem.private,
        SNICallback: (_, done) => done(null, context),
        keepAliveTimeout: 60_000
      },
      (request, response) => {
        request.resume()
        request.on("end", () => answer(request, response, origin))
      }
    )
    server.listen(0, "127.0.0.1", () => {
      origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
      resolve(origin)
    })
  })

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" }
})
const origins: Array<string> = []
for (let left = Number(process.argv[2] ?? 1); left > 0; left--) origins.push(await listen())
const facts: Facts = { origin: origins[0] ?? "", origins, ca: authority.cert, appKey: privateKey }
console.log(JSON.stringify(facts))
process.stdin.on("end", () => process.exit(0)).resume()
