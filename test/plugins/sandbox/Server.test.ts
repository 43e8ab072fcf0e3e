import { X509Certificate } from "node:crypto"
import { connect, type TLSSocket } from "node:tls"
import { inspect } from "node:util"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as Sandbox from "sallyport/sandbox"
import { generate } from "selfsigned"
import {
  Broken,
  bearer,
  fdmLogin,
  fmcCall,
  fmcLogin,
  fmcRefresh,
  fmcRevoke,
  fmcSigned,
  fmcTokens,
  make,
  start
} from "./client.ts"

const realTime = (millis: number) => Effect.promise(() => new Promise((done) => setTimeout(done, millis)))

/** Opens TLS, writes the text, and hears what comes until the server closes or a second is over. */
const raw = (sandbox: Sandbox.Sandbox, text: string) =>
  Effect.async<string>((resume) => {
    let heard = ""
    const socket: TLSSocket = connect(
      { host: "127.0.0.1", port: sandbox.port, ca: sandbox.certificate.pem },
      () => socket.write(text)
    )
    socket.on("data", (chunk) => {
      heard += chunk
    })
    socket.on("error", () => {})
    socket.on("close", () => resume(Effect.succeed(heard)))
    socket.setTimeout(1000, () => socket.destroy())
  })

it.scoped("the certificate is fresh, self-signed, EC P-256, and names localhost and 127.0.0.1", () =>
  Effect.gen(function* () {
    const { certificate, fmc, fdm, url, port } = yield* Sandbox.make()
    const x509 = new X509Certificate(certificate.pem)
    expect(x509.subjectAltName).toBe("DNS:localhost, IP Address:127.0.0.1")
    expect(x509.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1")
    expect(x509.fingerprint256.replaceAll(":", "").toLowerCase()).toBe(certificate.sha256)
    expect((yield* Sandbox.make()).certificate.sha256).not.toBe(certificate.sha256)
    expect(url).toBe(`https://127.0.0.1:${port}`)
    const trust = { _tag: "Pin", sha256: [certificate.sha256] }
    expect(fmc.target).toMatchObject({ name: "sandbox-fmc", origin: url, trust })
    expect(fdm.target).toMatchObject({ name: "sandbox-fdm", origin: url, trust })
  })
)

it.scoped("a given certificate is presented; text that is none is refused", () =>
  Effect.gen(function* () {
    const made = yield* Effect.promise(() =>
      generate([{ name: "commonName", value: "localhost" }], { keyType: "ec", algorithm: "sha256" })
    )
    const { sandbox, client } = yield* start({ certificate: { cert: made.cert, key: made.private } })
    expect(sandbox.certificate.pem).toBe(made.cert)
    expect((yield* fmcLogin(client)).status).toBe(204)
    const refused = yield* Effect.flip(Sandbox.make({ certificate: { cert: "rubbish", key: "rubbish" } }))
    expect(refused).toMatchObject({ _tag: "SandboxFailed", operation: "certificate" })
    const keyless = yield* Effect.flip(Sandbox.make({ certificate: { cert: made.cert, key: "rubbish" } }))
    expect(keyless).toMatchObject({ _tag: "SandboxFailed", operation: "certificate" })
  })
)

it.scoped("a port that is taken is an error that says what to do", () =>
  Effect.gen(function* () {
    const { port } = yield* Sandbox.make()
    const failed = yield* Effect.flip(Sandbox.make({ port }))
    expect(failed).toMatchObject({ _tag: "SandboxFailed", operation: "listen" })
    expect(failed.message).toContain(`127.0.0.1:${port} (EADDRINUSE)`)
  })
)

it.scoped("when the scope closes the server is gone at once, with hung requests and idle connections", () =>
  Effect.gen(function* () {
    const scope = yield* Scope.make()
    const sandbox = yield* Scope.extend(Sandbox.make(), scope)
    const client = yield* make(sandbox)
    expect((yield* fmcLogin(client)).status).toBe(204)
    yield* sandbox.fail({ how: Sandbox.Fault.hang })
    const hung = yield* Effect.fork(Effect.flip(fmcLogin(yield* make(sandbox))))
    while (sandbox.ledger.requests.at(-1)?.status !== "hung") yield* realTime(5)
    const before = performance.now()
    yield* Scope.close(scope, Exit.void)
    // Node's server keeps an idle connection for 5 seconds, and a hung request for ever.
    expect(performance.now() - before).toBeLessThan(4000)
    expect(yield* hung).toEqual(new Broken("ECONNRESET"))
    expect(yield* Effect.flip(fmcLogin(yield* make(sandbox)))).toEqual(new Broken("ECONNREFUSED"))
  })
)

it.scoped("a sandbox that is down refuses connections; when it is up again its sessions live on", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const tokens = fmcTokens(yield* fmcLogin(client))
    yield* sandbox.down()
    yield* sandbox.down()
    const other = yield* make(sandbox)
    expect(yield* Effect.flip(fmcCall(other, tokens))).toEqual(new Broken("ECONNREFUSED"))
    yield* sandbox.up()
    yield* sandbox.up()
    expect((yield* fmcCall(other, tokens)).status).toBe(200)
    expect(sandbox.ledger).toMatchObject({ opened: 1, open: 1 })
  })
)

it.scoped("connections are kept alive for five seconds, and counted", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    yield* fmcLogin(client)
    const again = yield* fmcLogin(client)
    expect(again.headers["keep-alive"]).toBe("timeout=5")
    expect(sandbox.ledger.connections).toEqual({ now: 1, max: 1 })
  })
)

it.scoped("HEAD answers with the head of a GET", () =>
  Effect.gen(function* () {
    const { client } = yield* start()
    const tokens = fmcTokens(yield* fmcLogin(client))
    const path = "/api/fmc_platform/v1/info/serverversion"
    const whole = yield* client.send("GET", path, fmcSigned(tokens))
    const head = yield* client.send("HEAD", path, fmcSigned(tokens))
    expect(head).toMatchObject({ status: 200, text: "" })
    expect(head.headers["content-length"]).toBe(whole.headers["content-length"])
  })
)

it.scoped("long answers are zipped for clients that take gzip, short ones and others' are not", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const login = yield* fdmLogin(client, sandbox)
    const { headers } = bearer(login.json.access_token)
    const ask = (path: string, accept: Readonly<Record<string, string>>) =>
      client.send("GET", path, { headers: { ...headers, ...accept } })
    const gzip = { "accept-encoding": "br, gzip" }
    const plain = yield* ask("/api/fdm/v6/object/networks?limit=30", {})
    const zipped = yield* ask("/api/fdm/v6/object/networks?limit=30", gzip)
    expect(plain.headers).not.toHaveProperty("content-encoding")
    expect(zipped.headers["content-encoding"]).toBe("gzip")
    expect(zipped.json).toEqual(plain.json)
    expect(Number(zipped.headers["content-length"])).toBeLessThan(plain.text.length / 2)
    expect((yield* ask("/api/versions", gzip)).headers).not.toHaveProperty("content-encoding")
  })
)

it.scoped("rubbish on the wire is answered or dropped, and the sandbox goes on", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    expect(yield* raw(sandbox, "RUBBISH\r\n\r\n")).toContain("400 Bad Request")
    const odd = [
      "GET //evil/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "GET /%zz?%zz=%&&= HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "GET https://elsewhere/api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "PATCH / HTTP/1.1\r\nHost: \u00ff\r\nConnection: close\r\n\r\n"
    ]
    for (const text of odd) expect(yield* raw(sandbox, text)).toContain("HTTP/1.1 404")
    const cutOff =
      "POST /api/fmc_platform/v1/auth/generatetoken HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc"
    yield* raw(sandbox, cutOff)
    expect((yield* fmcLogin(client)).status).toBe(204)
    expect(sandbox.ledger).toMatchObject({ logins: 1, loginsRefused: 0 })
  })
)

it.scoped("a body beyond 4 MiB is refused with 422, one beyond Cisco's 2,048,000 bytes too", () =>
  Effect.gen(function* () {
    const { sandbox, client } = yield* start()
    const login = yield* fmcLogin(client)
    const path = `/api/fmc_config/v1/domain/${login.headers.domain_uuid}/object/hosts`
    const post = (size: number) =>
      client.send("POST", path, { ...fmcSigned(fmcTokens(login)), body: `"${"x".repeat(size)}"` })
    expect((yield* post(2_048_001)).status).toBe(422)
    // The refusal may overtake the upload, and then the client sees the connection break.
    const huge = yield* Effect.either(post(6 * 1024 * 1024))
    expect(huge._tag === "Left" || huge.right.status === 422).toBe(true)
    expect(sandbox.ledger.requests.at(-1)?.status).toBe(422)
    expect((yield* fmcLogin(client)).status).toBe(204)
  })
)

it.scoped("latency takes real time before each answer", () =>
  Effect.gen(function* () {
    const { client } = yield* start({ latency: "60 millis" })
    const before = performance.now()
    yield* fmcLogin(client)
    yield* fmcLogin(client)
    expect(performance.now() - before).toBeGreaterThan(115)
  })
)

it.scoped("the ledger lists every request as it went, and onRequest hears of each", () =>
  Effect.gen(function* () {
    const heard: Array<Sandbox.RequestRecord> = []
    const { sandbox, client } = yield* start({ onRequest: (request) => heard.push(request) })
    const tokens = fmcTokens(yield* fmcLogin(client))
    const refreshed = fmcTokens(yield* fmcRefresh(client, tokens))
    yield* fmcCall(client, refreshed)
    yield* client.send("GET", "/api/versions?x=1")
    yield* client.send("GET", "/nowhere")
    yield* fmcRevoke(client, refreshed)
    const { requests, sessions } = sandbox.ledger
    expect(requests.map(({ kind, protocol, status }) => [kind, protocol, status])).toEqual([
      ["login", "fmc", 204],
      ["refresh", "fmc", 204],
      ["call", "fmc", 200],
      ["call", "fdm", 200],
      ["call", undefined, 404],
      ["revoke", "fmc", 204]
    ])
    expect(requests[3]).toMatchObject({ method: "GET", path: "/api/versions?x=1", session: undefined })
    const mine = requests.filter(({ session }) => session === sessions[0]?.id)
    expect(mine.map(({ kind }) => kind)).toEqual(["login", "refresh", "call", "revoke"])
    yield* realTime(5)
    expect(heard).toEqual(requests)
  })
)

it.scoped("no secret is found in the ledger, however it is printed", () =>
  Effect.gen(function* () {
    const password = "canary-password"
    const { sandbox, client } = yield* start({ password: Redacted.make(password) })
    const fmc = fmcTokens(yield* fmcLogin(client))
    const fdm = yield* fdmLogin(client, sandbox)
    yield* fmcRefresh(client, fmc)
    const { ledger } = sandbox
    const printed = [
      String(ledger),
      inspect(sandbox, { depth: 9, showHidden: true, getters: true }),
      JSON.stringify([sandbox, ledger, ledger.sessions, ledger.requests, ledger.fmc])
    ].join("\n")
    expect(printed).toContain(ledger.sessions[0]?.id)
    for (const secret of [password, fmc.access, fmc.refresh, fdm.json.access_token, fdm.json.refresh_token]) {
      expect(printed).not.toContain(secret)
    }
  })
)

it.effect("as a layer it lives as long as the layer", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.Sandbox.pipe(
      Effect.tap((running) =>
        Effect.scoped(
          Effect.gen(function* () {
            expect((yield* fmcLogin(yield* make(running))).status).toBe(204)
          })
        )
      ),
      Effect.provide(Sandbox.layer({ username: "layered" }))
    )
    expect(sandbox.ledger.sessions).toMatchObject([{ username: "layered" }])
    const gone = Effect.flatMap(make(sandbox), (client) => Effect.flip(fmcLogin(client)))
    expect(yield* Effect.scoped(gone)).toEqual(new Broken("ECONNREFUSED"))
  })
)
