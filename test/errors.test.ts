// Each row of the table of failures in src/README.md: what the sandbox does, the tag and the facts of the error, and that its
// message says what to do.
import { writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import * as HttpBody from "@effect/platform/HttpBody"
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import {
  Credentials,
  Deployment,
  Devices,
  ReadBack,
  Retry,
  type Session,
  Target,
  TokenStore,
  Trust
} from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { roomAt } from "./support/rooms.ts"
import { folder } from "./support/storedTokens.ts"

const { Fault } = Sandbox
const hosts = "/api/fmc_config/v1/domain/e276abec-e0f2-11e3-8169-6d9ed49b625f/object/hosts"
const version = "/api/fmc_platform/v1/info/serverversion"
const host = HttpBody.unsafeJson({ type: "Host", name: "one", value: "192.0.2.1" })

const blocked = {
  error: {
    category: "FRAMEWORK",
    messages: [
      { description: "Parallel add/update/delete operations are blocked. Please retry the request." }
    ],
    severity: "ERROR"
  }
}

interface Case {
  /** The row, by its first column. */
  readonly row: string
  readonly sandbox?: Sandbox.Options
  readonly fail: (sandbox: Sandbox.Sandbox) => Effect.Effect<unknown, unknown, Scope.Scope>
  /** What the message says of what to do. */
  readonly advice: RegExp
  readonly facts?: object
}

const fmc = (sandbox: Sandbox.Sandbox, options: Session.Options = {}) =>
  Effect.map(Fmc.make({ ...sandbox.fmc, retry: Retry.none, ...options }), ({ session }) => session)
const using = (
  sandbox: Sandbox.Sandbox,
  use: (session: Session.Session) => Effect.Effect<unknown, unknown, Scope.Scope>
) => Effect.flatMap(fmc(sandbox), use)
const login = (fault: Omit<Sandbox.Fault.Fault, "kind">) => (sandbox: Sandbox.Sandbox) =>
  Effect.zipRight(sandbox.fail({ kind: "login", ...fault }), fmc(sandbox))
const get = (fault: Omit<Sandbox.Fault.Fault, "path">) => (sandbox: Sandbox.Sandbox) =>
  using(sandbox, ({ http }) => Effect.zipRight(sandbox.fail({ path: version, ...fault }), http.get(version)))
const post = (fault: Omit<Sandbox.Fault.Fault, "path">) => (sandbox: Sandbox.Sandbox) =>
  using(sandbox, ({ http }) =>
    Effect.zipRight(sandbox.fail({ path: hosts, ...fault }), http.post(hosts, { body: host }))
  )
const at = (sandbox: Sandbox.Sandbox, options: Partial<Target.Options>) =>
  Fmc.make({
    credentials: sandbox.fmc.credentials,
    target: Target.make({ url: sandbox.url, trust: Trust.ca(sandbox.certificate.pem), ...options })
  })
const impatient = (sandbox: Sandbox.Sandbox) => ({
  ...sandbox.fmc,
  retry: Retry.none,
  target: Target.make({
    url: sandbox.url,
    trust: Trust.ca(sandbox.certificate.pem),
    responseTimeout: "500 millis"
  })
})

const cases: ReadonlyArray<Case> = [
  {
    row: "A wrong user name or password",
    fail: (sandbox) =>
      Fmc.make({
        ...sandbox.fmc,
        credentials: Credentials.password({ username: "api", password: Redacted.make("wrong") })
      }),
    advice: /Check user name and password/,
    facts: { username: "api" }
  },
  {
    row: "Something that is no FMC refuses the login",
    fail: login({ how: Fault.status(401, { body: "<html>Sign in</html>" }) }),
    advice: /does not look like an FMC: check that this is the address and the port of the FMC itself/,
    facts: { username: "api" }
  },
  {
    row: "The same, on another device of the same account",
    fail: (sandbox) => {
      const password = Redacted.make("wrong")
      const credentials = Credentials.password({ username: "fleet", password, account: "shared" })
      return Effect.zipRight(
        Effect.flip(Fmc.make({ ...sandbox.fmc, credentials })),
        Fdm.make({ ...sandbox.fdm, credentials })
      )
    },
    advice: /this device was not asked/
  },
  {
    row: "A one-time code is used up",
    fail: (sandbox) =>
      Effect.gen(function* () {
        const password = sandbox.password
        const credentials = Credentials.once({ username: sandbox.username, password })
        const { session } = yield* Fmc.make({ ...sandbox.fmc, credentials })
        yield* sandbox.fail({ kind: "refresh", how: Fault.status(401) })
        yield* session.renew
      }),
    advice: /start the script again with a new one/
  },
  {
    row: "Someone else takes the session, three times within five minutes",
    fail: (sandbox) =>
      using(sandbox, ({ http }) =>
        Effect.zipRight(
          http.get(version),
          Effect.forever(Effect.zipRight(sandbox.evict(), http.get(version)))
        )
      ),
    advice: /Give each script, and each person at the web interface, an account of its own/,
    facts: { evictions: 3, username: "api" }
  },
  {
    row: "A session is used after its scope has closed",
    fail: (sandbox) => Effect.flatMap(Effect.scoped(fmc(sandbox)), ({ http }) => http.get(version)),
    advice: /Keep what uses it inside the scope/
  },
  {
    row: "A token that was just issued is refused",
    fail: get({ how: Fault.status(401), times: 9 }),
    advice: /Check that it is meant for this device, the device's clock/
  },
  {
    row: "A token is refused under a request whose body is a stream",
    fail: (sandbox) =>
      using(sandbox, ({ http }) =>
        http
          .get(version)
          .pipe(
            Effect.zipRight(sandbox.evict()),
            Effect.zipRight(http.post(hosts, { body: HttpBody.stream(Stream.empty) }))
          )
      ),
    advice: /run the step again/
  },
  {
    row: "A custom token is used up",
    fail: (sandbox) =>
      Effect.gen(function* () {
        const fdm = yield* Fdm.make(sandbox.fdm)
        const wish = { subject: "night", expiresIn: 600, refreshExpiresIn: 700, refreshCount: 1 }
        const token = yield* fdm.customToken(wish)
        const other = yield* Fdm.make({ target: sandbox.fdm.target, token })
        yield* other.session.renew
        yield* other.session.renew
      }),
    advice: /A new one must be obtained/
  },
  {
    row: "The certificate is self-signed, and not trusted",
    fail: (sandbox) => at(sandbox, { trust: Trust.system }),
    advice: /compare it at the device's console first, then: Trust\.pin/,
    facts: { reason: "SelfSigned" }
  },
  {
    row: "Another certificate than the pinned one",
    fail: (sandbox) => at(sandbox, { trust: Trust.pin("ab".repeat(32)) }),
    advice: /Compare it at the device's console first/,
    facts: { reason: "PinMismatch" }
  },
  {
    row: "The certificate is for another name",
    fail: (sandbox) => at(sandbox, { serverName: "other.example" }),
    advice: /set the target's serverName/,
    facts: { reason: "WrongHost" }
  },
  {
    row: "What answers does not speak TLS",
    fail: (sandbox) =>
      Effect.gen(function* () {
        const port = yield* plainServer
        yield* at(sandbox, { url: `https://127.0.0.1:${port}` })
      }),
    advice: /Check the port/,
    facts: { reason: "NotTls" }
  },
  {
    row: "Nothing listens there",
    fail: (sandbox) => Effect.zipRight(sandbox.down(), fmc(sandbox)),
    advice: /Check the address, the port, and the firewalls/,
    facts: { phase: "Connect", reason: "ECONNREFUSED", sent: "no" }
  },
  {
    row: "The name of the host cannot be resolved",
    fail: (sandbox) => at(sandbox, { url: "https://nowhere.invalid" }),
    advice: /Check its spelling and the DNS/,
    facts: { phase: "Resolve", sent: "no" }
  },
  {
    row: "The proxy on the way refuses, or is none",
    fail: (sandbox) => at(sandbox, { proxy: `http://127.0.0.1:${sandbox.fmc.target.port}` }),
    advice: /the proxy 127\.0\.0\.1|no HTTP proxy/,
    facts: { phase: "Connect", sent: "no", proxy: {} }
  },
  {
    row: "The answer to a login is lost",
    fail: login({ how: Fault.loseAnswer }),
    advice: /The device may have carried out the request/,
    facts: { phase: "Response", sent: "maybe" }
  },
  {
    row: "The answer to a read is lost, again and again",
    fail: get({ how: Fault.reset, times: 9 }),
    // That a read may have been carried out is no matter.
    advice: /before the answer was complete \(ECONNRESET\)\. Look at the network and at the device's load/,
    facts: { phase: "Response", sent: "maybe" }
  },
  {
    row: "An answer is cut off",
    fail: get({ how: Fault.truncated, times: 9 }),
    advice: /before the answer was complete/,
    facts: { phase: "Response" }
  },
  {
    row: "No answer within the target's `responseTimeout`",
    fail: (sandbox) =>
      Effect.flatMap(Fmc.make(impatient(sandbox)), ({ session }) =>
        Effect.zipRight(sandbox.fail({ path: version, how: Fault.hang }), session.http.get(version))
      ),
    advice: /the answer was not complete in time \(Timeout\)\. Ask for less at once/,
    facts: { reason: "Timeout" }
  },
  {
    row: "The answer to a change is lost",
    fail: post({ how: Fault.loseAnswer }),
    advice: /Read back before you repeat it/,
    facts: { operation: `POST ${hosts}` }
  },
  {
    row: "No answer to a change within `responseTimeout`",
    fail: (sandbox) =>
      Effect.flatMap(Fmc.make(impatient(sandbox)), ({ session }) =>
        Effect.zipRight(
          sandbox.fail({ path: hosts, how: Fault.hang }),
          session.http.post(hosts, { body: host })
        )
      ),
    advice: /Read back before you repeat it/,
    facts: { reason: "Timeout" }
  },
  {
    row: "Too many requests (429), for longer than the retries last",
    fail: get({ how: Fault.status(429) }),
    advice: /check what else uses it/,
    facts: { status: 429, sent: "no" }
  },
  {
    row: "A device that restarts (503)",
    fail: login({ how: Fault.status(503, { headers: { "retry-after": "90" } }) }),
    advice: /It asks to wait 1m 30s/,
    facts: { status: 503, sent: "maybe", retryAfter: Duration.seconds(90) }
  },
  {
    row: "A busy device under a change (503)",
    fail: post({ how: Fault.status(503) }),
    advice: /Try again in a minute.* may have been carried out all the same: read back before you send it/,
    facts: { status: 503, operation: `POST ${hosts}`, isChange: true }
  },
  {
    row: "Another write is under way: an FMC's 400, an FDM's 423",
    fail: (sandbox) =>
      using(sandbox, (session) =>
        Effect.zipRight(
          sandbox.fail({ path: hosts, how: Fault.status(400, { body: blocked }) }),
          Effect.flatMap(Fmc.client(session).domain("Global"), (domain) =>
            domain.hosts.create({ name: "one", value: "192.0.2.1" })
          )
        )
      ),
    advice:
      /Parallel add\/update\/delete operations are blocked\. Please retry the request\)\. Try again in a minute/,
    facts: { status: 400, sent: "no" }
  },
  {
    row: "A device that asks to wait for longer than two minutes",
    fail: (sandbox) =>
      Effect.flatMap(fmc(sandbox, { retry: Retry.standard }), ({ http }) =>
        Effect.zipRight(
          sandbox.fail({ path: version, how: Fault.status(429, { headers: { "retry-after": "600" } }) }),
          http.get(version)
        )
      ),
    advice: /It asks to wait 10m/,
    facts: { retryAfter: Duration.minutes(10) }
  },
  {
    row: "The REST API of an FMC is switched off, or this is no FMC",
    sandbox: { fmc: false },
    fail: (sandbox) => fmc(sandbox),
    advice: /Enable REST API/,
    facts: { status: 404 }
  },
  {
    row: "An FDM whose first set-up is not finished, or a role that may not",
    fail: (sandbox) =>
      Effect.zipRight(
        sandbox.fail({ kind: "login", how: Fault.status(403) }),
        Fdm.make({ ...sandbox.fdm, apiVersion: "v6" })
      ),
    advice: /log in to its web interface once/,
    facts: { status: 403 }
  },
  {
    row: "A device that is managed by an FMC has no API of its own",
    sandbox: { fdm: false },
    fail: (sandbox) => Fdm.make({ ...sandbox.fdm, apiVersion: "v6" }),
    advice: /a device that is managed by an FMC has no such API/,
    facts: { status: 404 }
  },
  {
    row: "The device refuses a request (behind `filterStatusOk`)",
    fail: (sandbox) =>
      Effect.flatMap(Fmc.make(sandbox.fmc), ({ filterStatusOk, session: { http } }) =>
        Effect.replicateEffect(Effect.flatMap(http.post(hosts, { body: host }), filterStatusOk), 2)
      ),
    advice: /already exists/,
    facts: { operation: `POST ${hosts}` }
  },
  {
    row: "A gateway answers in the device's place (502, 504)",
    fail: login({ how: Fault.status(502, { body: "<html><h1>502 Bad Gateway</h1></html>" }) }),
    advice: /see that the device is up and can be reached from there, and try again/,
    facts: { status: 502, sent: "maybe" }
  },
  {
    row: "A login that is answered with a redirect",
    fail: login({ how: Fault.redirect("https://elsewhere.example/") }),
    advice: /give the address to which it points as the target's URL/,
    facts: { status: 302 }
  },
  {
    row: "A login's answer without a token",
    fail: login({ how: Fault.dropHeader("x-auth-access-token") }),
    advice: /A proxy in between may drop or change it; otherwise this is no FMC/
  },
  {
    row: "An error under the status of a success",
    fail: (sandbox) =>
      inGlobal(sandbox, ({ hosts: all }) =>
        Effect.gen(function* () {
          const created = yield* all.create({ name: "one", value: "192.0.2.1" })
          yield* sandbox.fail({ method: "DELETE", how: Fault.status(200, { body: blocked }) })
          yield* all.remove(created.id ?? "")
        })
      ),
    advice: /retry the request\. That is the device's own word.* read back before you send it again\.$/,
    facts: { isChange: true }
  },
  {
    row: "An answer that is no HTTP",
    fail: (sandbox) =>
      Effect.gen(function* () {
        yield* sandbox.fail({ kind: "login", how: Fault.garbage() })
        yield* Fdm.make({ ...sandbox.fdm, apiVersion: "v6" })
      }),
    advice: /Check that this is an FDM/
  },
  {
    row: "An answer that is larger than `maxBodyBytes`",
    fail: (sandbox) =>
      Effect.gen(function* () {
        const { session } = yield* at(sandbox, { maxBodyBytes: 2000 })
        yield* session.http.get(hosts, { urlParams: { limit: 1000, expanded: true } })
      }),
    advice: /larger than 2000 bytes \(the target's maxBodyBytes/
  },
  {
    row: "A domain that there is not",
    fail: (sandbox) => Effect.flatMap(Fmc.make(sandbox.fmc), ({ domain }) => domain("Globe")),
    advice: /"Global", "Global\/ Branch"/,
    facts: { field: "domain", value: "Globe" }
  },
  {
    row: "A request to another origin",
    fail: (sandbox) => using(sandbox, ({ http }) => http.get("//elsewhere.example/x")),
    advice: /requests never leave their target; give a path|give a path such as/,
    facts: { sent: "no" }
  },
  {
    row: "A variable with the account is missing",
    fail: (sandbox) => Fmc.make({ ...sandbox.fmc, credentials: Credentials.fromEnv("NOBODYS_FMC") }),
    advice: /NOBODYS_FMC_\w+: this variable must be set in the environment/
  },
  {
    row: "Tokens cannot be kept in the folder",
    fail: (sandbox) =>
      Effect.gen(function* () {
        const path = join(yield* folder, "file")
        writeFileSync(path, "")
        yield* Effect.provideService(fmc(sandbox), TokenStore.TokenStore, TokenStore.disk({ folder: path }))
      }),
    advice: /a folder of this user that nobody else may write to \(chmod 700\); or name another one/,
    facts: { reason: "Folder" }
  },
  {
    row: "Some of many objects are refused",
    fail: (sandbox) =>
      inGlobal(sandbox, ({ hosts }) =>
        hosts.createAll([
          { name: "one", value: "192.0.2.1" },
          { name: "two", value: "no" }
        ])
      ),
    advice: /1 of 2 were not done: .*two.* The items of this error say what became of each/
  },
  {
    row: "A device answers a change as done, and did not keep all of it",
    fail: (sandbox) => {
      const body = { id: "1", name: "one", type: "Host", value: "192.0.2.9" }
      return inGlobal(sandbox, ({ hosts }) =>
        Effect.zipRight(
          sandbox.fail({ method: "POST", path: /object/, how: Fault.status(201, { body }) }),
          hosts.create({ name: "one", value: "192.0.2.1" })
        )
      )
    },
    advice: /did not keep value: the change is there without that, so look at it before anything is deployed/,
    facts: { fields: ["value"] }
  },
  {
    row: "The answer to a change is lost, and reading back finds nothing",
    fail: (sandbox) =>
      inGlobal(sandbox, ({ hosts }) =>
        Effect.zipRight(
          sandbox.fail({ method: "POST", path: /object/, how: Fault.reset }),
          hosts.create({ name: "one", value: "192.0.2.1" })
        )
      ).pipe(Effect.provideService(ReadBack.ReadBackSchedule, Schedule.stop)),
    advice: /no trace of it; the device may still be at it. Look again before you repeat it/,
    facts: { readBack: "Absent" }
  },
  {
    row: "A device fails in a deployment",
    fail: (sandbox) =>
      Effect.zipRight(
        sandbox.failDeployment("ftd-1", "no route to the policy"),
        inGlobal(sandbox, ({ deploy, hosts }) =>
          Effect.zipRight(hosts.create({ name: "one", value: "192.0.2.1" }), deploy())
        )
      ),
    advice: /ftd-1 FAILED \(no route to the policy\).* Mend what the device complains of and deploy again/
  },
  {
    row: "An FMC refuses a deployment, be it for warnings alone",
    fail: (sandbox) =>
      inGlobal(sandbox, ({ deploy, hosts }) =>
        hosts
          .create({ name: "one", value: "192.0.2.1" })
          .pipe(
            Effect.zipRight(sandbox.fail({ path: /deploymentrequests/, how: Fault.status(500) })),
            Effect.zipRight(deploy())
          )
      ),
    advice: /where it only warns, the option ignoreWarnings deploys all the same\.$/,
    facts: { status: 500 }
  },
  {
    row: "A deployment names a device that there is not",
    fail: (sandbox) => inGlobal(sandbox, ({ deploy }) => deploy({ devices: ["ftd-9"] })),
    advice: /no device, pair or cluster "ftd-9"; give names or ids\. .*"ftd-1", "ftd-2"/,
    facts: { field: "devices", value: "ftd-9" }
  },
  {
    row: "A deployment takes longer than it is waited for",
    fail: (sandbox) =>
      Effect.zipRight(
        sandbox.hangDeployment("ftd-1"),
        inGlobal(sandbox, ({ deploy, hosts }) =>
          Effect.zipRight(hosts.create({ name: "one", value: "192.0.2.1" }), deploy())
        )
      ).pipe(Effect.provideService(Deployment.PollSchedule, Schedule.stop)),
    advice: /ftd-1 [A-Z]+.*It goes on at the device; look again before you deploy once more/
  },
  {
    row: "An FDM's backup fails",
    sandbox: { fdmBackup: "FAILED" },
    fail: (sandbox) => Effect.flatMap(Fdm.make(sandbox.fdm), (fdm) => fdm.backup()),
    advice: /backup/
  },
  {
    row: "A configuration names a kind of device that there is not",
    fail: () => Devices.make([Fmc.plugin]).openUnknown({ hq: { kind: "asa", url: "https://asa.example" } }),
    advice:
      /devices\.hq\.kind: this program has no such kind of device; give one of those that it has: "fmc"/,
    facts: { field: "devices.hq.kind" }
  },
  {
    row: "A plugin was written for another plugin interface",
    fail: () => Devices.make([{ ...Fmc.plugin, pluginInterface: 2 }]).openUnknown({}),
    advice: /Upgrade sallyport/,
    facts: { wants: 2, has: 1 }
  }
]

const inGlobal = <A>(
  sandbox: Sandbox.Sandbox,
  use: (domain: Fmc.Domain) => Effect.Effect<A, unknown, Scope.Scope>
) => Effect.flatMap(Fmc.make(sandbox.fmc), (fmc) => Effect.flatMap(fmc.domain("Global"), use))

const plainServer = Effect.acquireRelease(
  Effect.async<ReturnType<typeof createServer>>((resume) => {
    const server = createServer((socket) => void socket.resume().end("220 smtp.example ready\r\n"))
    server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
  }),
  (server) => Effect.async<void>((resume) => void server.close(() => resume(Effect.void)))
).pipe(
  Effect.map((server) => {
    const address = server.address()
    return typeof address === "object" && address !== null ? address.port : 0
  })
)

interface Row {
  readonly what: string
  readonly tag: string
  readonly facts: ReadonlyArray<string>
}

const rows = roomAt("src/README.md")
  .text.split(/^### Failure by failure$/m)[1]
  ?.split(/^##/m)[0]
  ?.split("\n")
  .filter((line) => line.startsWith("| "))
  .slice(2)
  .map((line): Row => {
    const [, what = "", tag = "", facts = ""] = line.split(/ *\| */)
    return {
      what,
      tag: tag.replaceAll("`", ""),
      facts: [...facts.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? "")
    }
  })

describe("the table of failures", () => {
  it("has a row for each case of this test, and no other", () => {
    expect(rows?.map(({ what }) => what)).toEqual(cases.map(({ row }) => row))
  })

  for (const { advice, facts = {}, fail, row, sandbox: options } of cases) {
    it.scoped(`tells the truth of: ${row}`, () =>
      Effect.gen(function* () {
        const expected = rows?.find(({ what }) => what === row)
        const sandbox = yield* Sandbox.make(options)
        const error = (yield* Effect.flip(fail(sandbox))) as Error
        expect(error).toMatchObject({ _tag: expected?.tag, ...facts })
        for (const name of expected?.facts ?? []) expect(error).toHaveProperty(name, expect.anything())
        expect(error.message).toMatch(advice)
        // Whole sentences, whatever stood at the end of what they quote.
        expect(error.message).not.toMatch(/[.:;,]\s*\.(\s|$)/)
        expect(error.message).not.toContain(Redacted.value(sandbox.password))
      })
    )
  }
})
