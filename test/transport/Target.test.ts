import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { InvalidInput, Target, Trust } from "sallyport"
import { file } from "../support/example.ts"
import { mint } from "./certificates.ts"

const refused = (make: () => unknown): InvalidInput => {
  try {
    make()
  } catch (error) {
    if (error instanceof InvalidInput) return error
    throw error
  }
  throw new Error("it was accepted")
}

describe("a target's URL", () => {
  it.each([
    ["https://fmc.example", "https://fmc.example", "fmc.example", 443, "fmc.example"],
    ["https://fmc.example:443/", "https://fmc.example", "fmc.example", 443, "fmc.example"],
    ["HTTPS://FMC.Example:8443", "https://fmc.example:8443", "fmc.example", 8443, "fmc.example:8443"],
    ["https://192.0.2.1:8443", "https://192.0.2.1:8443", "192.0.2.1", 8443, "192.0.2.1:8443"],
    ["https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443", "2001:db8::1", 8443, "[2001:db8::1]:8443"],
    ["https://[::1]", "https://[::1]", "::1", 443, "[::1]"],
    ["https://gw.example/firewall/", "https://gw.example", "gw.example", 443, "gw.example/firewall"]
  ] as const)("%s is an origin, with its host, port and name", (url, origin, host, port, name) => {
    expect(Target.make({ url })).toMatchObject({ origin, host, port, name })
    expect(Target.make({ url: new URL(url) })).toMatchObject({ origin, host, port, name })
  })

  it.each([
    ["http://fmc.example", "never sent in the clear"],
    ["ftp://fmc.example", "https:"],
    ["fmc.example", "such as https://fmc.example:443"],
    ["//fmc.example", "such as https://fmc.example:443"],
    ["", "such as https://fmc.example:443"],
    ["https://", "such as https://fmc.example:443"],
    ["https://fmc.example:99999", "such as https://fmc.example:443"],
    ["https://admin@fmc.example", "without user info"],
    ["https://admin:pw@fmc.example", "without user info"],
    ["https://fmc.example/?x=1", "a query or a fragment"],
    ["https://fmc.example/#x", "a query or a fragment"],
    ["https://fmc.example/firewall/..", "a path with dots"],
    ["https://fmc.example/%2e%2e/firewall", "a path with dots"],
    ["https://fmc.example//firewall", "nothing between two slashes"],
    ["https://fmc.example\\firewall", "backslashes"]
  ])("%j is refused, and the message says what to write", (url, words) => {
    const error = refused(() => Target.make({ url }))
    expect(error.field).toBe("url")
    expect(error.message).toContain(words)
  })

  it("never shows what stands before an @", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9:/?#\\ %.\n-]{0,20}$/), (around) => {
        const error = refused(() => Target.make({ url: `https://admin:${around}hunter2@fmc.example` }))
        expect(JSON.stringify([error.message, error])).not.toContain("hunter2")
      })
    )
  })
})

describe("what a target trusts", () => {
  it.scoped("is a Trust, or what a file says in its place", () =>
    Effect.gen(function* () {
      const { cert } = yield* mint()
      const caFile = yield* file("ca.pem", cert)
      const sha256 = "ab".repeat(32)
      for (const [given, trust] of [
        [Trust.pin(sha256), Trust.pin(sha256)],
        ["system", Trust.system],
        ["insecure", Trust.insecure],
        [{ pin: sha256 }, Trust.pin(sha256)],
        [{ pin: [sha256, "cd".repeat(32)] }, Trust.pin(sha256, "cd".repeat(32))],
        [{ ca: cert }, Trust.ca(cert)],
        [{ caFile }, Trust.ca(cert)]
      ] as const) {
        expect(Target.make({ url: "https://fmc.example", trust: given }).trust).toEqual(trust)
      }
    })
  )
})

describe("a target", () => {
  it("has the defaults that its documentation names", () => {
    const target = Target.make({ url: "https://fmc.example" })
    expect(target).toMatchObject({
      trust: Trust.system,
      serverName: undefined,
      minTlsVersion: "TLSv1.2",
      maxConnections: 10,
      maxBodyBytes: 64 * 1024 * 1024,
      connect: undefined
    })
    const { connectTimeout, handshakeTimeout, idleTimeout, responseTimeout } = target
    expect([connectTimeout, handshakeTimeout, responseTimeout, idleTimeout].map(Duration.toSeconds)).toEqual([
      10, 10, 120, 4
    ])
  })

  it.each([
    ["maxConnections", 0],
    ["maxConnections", 1.5],
    ["maxConnections", Number.NaN],
    ["maxBodyBytes", -1],
    ["maxBodyBytes", Number.POSITIVE_INFINITY],
    ["connectTimeout", 0],
    ["handshakeTimeout", "-1 seconds"],
    ["responseTimeout", "25 days"],
    ["idleTimeout", "soon"],
    ["serverName", ""],
    ["serverName", "fmc example"],
    ["serverName", 7],
    ["url", 443],
    ["url", undefined],
    ["url", {}],
    ["trust", "unsafe"],
    ["trust", { pin: "ab".repeat(32), ca: "x" }],
    ["trust", { caFile: "/nowhere/at/all" }],
    ["maxConnection", 5],
    ["trust", { _tag: "None" }],
    ["trust", { pin: "ab" }],
    ["trust", null],
    ["name", ""],
    ["name", 7],
    ["minTlsVersion", "TLSv1.1"],
    ["connect", "proxy:3128"],
    ["maxConnections", "10"],
    ["requestsPerMinute", "120"]
  ])("is refused with the name of a field that is out of bounds: %s %j", (field, value) => {
    // As JavaScript may call it, without the types that would object.
    const options = { url: "https://fmc.example", [field]: value } as Target.Options
    expect(refused(() => Target.make(options)).field).toBe(field)
  })
})

it.each([undefined, null, "https://fmc.example", 7])(
  "options that are %j are refused as no target",
  (given) => {
    expect(refused(() => Target.make(given as never)).field).toBe("target")
  }
)

describe("a target from the environment", () => {
  const from = (variables: Record<string, string>) =>
    Effect.withConfigProvider(
      Target.fromEnv("FMC"),
      ConfigProvider.fromMap(new Map(Object.entries(variables)))
    )
  const url = "https://fmc.example"

  it.scoped("is of the system's trust, of pins, or of a CA file", () =>
    Effect.gen(function* () {
      const { cert } = yield* mint()
      const path = yield* file("ca.pem", cert)
      const pins = ["ab".repeat(32), "CD:".repeat(31).concat("CD")]
      expect((yield* from({ FMC_URL: url })).trust).toEqual(Trust.system)
      expect((yield* from({ FMC_URL: url, FMC_PIN: pins.join(",") })).trust).toEqual(Trust.pin(...pins))
      expect((yield* from({ FMC_URL: url, FMC_CA_FILE: path })).trust).toEqual(Trust.ca(cert))
    })
  )

  it.effect("has all other options under their own names, as a file would have them", () =>
    Effect.gen(function* () {
      const target = yield* from({
        FMC_URL: url,
        FMC_NAME: "7",
        FMC_SERVER_NAME: "fmc.internal",
        FMC_MIN_TLS_VERSION: "TLSv1.3",
        FMC_CONNECT_TIMEOUT: "3 seconds",
        FMC_RESPONSE_TIMEOUT: " 5000\n",
        FMC_MAX_CONNECTIONS: "4",
        FMC_REQUESTS_PER_MINUTE: "Infinity",
        FMC_USER_AGENT: "",
        FMC_CONNECT: "nobody reads it",
        FMC_TRUST: "insecure"
      })
      expect(target).toEqual({
        ...Target.make({ url, name: "7", serverName: "fmc.internal", minTlsVersion: "TLSv1.3" }),
        connectTimeout: Duration.seconds(3),
        responseTimeout: Duration.seconds(5),
        maxConnections: 4,
        requestsPerMinute: Number.POSITIVE_INFINITY
      })
      for (const [variable, text] of [
        ["FMC_MAX_CONNECTIONS", "many"],
        ["FMC_MAX_BODY_BYTES", "-1"],
        ["FMC_IDLE_TIMEOUT", "soon"],
        ["FMC_MIN_TLS_VERSION", "TLSv1.1"],
        ["FMC_USER_AGENT", "ü"],
        ["FMC_URL", " "]
      ] as const) {
        const error = yield* Effect.flip(from({ FMC_URL: url, [variable]: text }))
        expect(error).toMatchObject({ _tag: "InvalidInput", field: variable })
        expect(String(error)).toMatch(/what stands there .*; give /)
      }
    })
  )

  it.effect("names the variable that is missing or wrong", () =>
    Effect.gen(function* () {
      const nothing = yield* Effect.flip(from({}))
      expect(`${nothing}`).toContain("FMC_URL")
      const pin = "ab".repeat(32)
      for (const [variables, field] of [
        [{ FMC_URL: "http://fmc.example" }, "FMC_URL"],
        [{ FMC_URL: url, FMC_PIN: "abc" }, "FMC_PIN"],
        [{ FMC_URL: url, FMC_CA_FILE: "/nowhere/ca.pem" }, "FMC_CA_FILE"],
        [{ FMC_URL: url, FMC_CA_FILE: "package.json", FMC_PIN: pin }, "FMC_PIN and FMC_CA_FILE"],
        [{ FMC_URL: url, FMC_CA_FILE: "package.json" }, "FMC_CA_FILE"]
      ] as const) {
        expect(yield* Effect.flip(from(variables))).toMatchObject({ _tag: "InvalidInput", field })
      }
    })
  )
})
