// Secrets in an inventory.
//
// Invariants: a secret that stands there as text is refused, by its path and never by its value, in every format and at
// every depth · nothing that is called like one or looks like one by chance is.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { faultsInCode, faultsOf, read } from "../support/inventories.ts"

const secret = "hunter2"
const device = { kind: "fdm", url: "https://a.example", credentials: { env: "FDM" } }

/** Inventories with a secret in them, and where it stands. */
const leaking: ReadonlyArray<readonly [path: string, inventory: object]> = [
  [
    "devices.a.credentials.password",
    { devices: { a: { ...device, credentials: { username: "x", password: secret } } } }
  ],
  ["devices.a.password", { devices: { a: { ...device, password: secret } } }],
  ["devices.a.passphrase", { devices: { a: { ...device, passphrase: [secret] } } }],
  [
    "defaults.credentials.password",
    { defaults: { credentials: { username: "x", password: secret } }, devices: {} }
  ],
  ["defaults.token", { defaults: { token: secret }, devices: {} }],
  ["kinds.fdm.credentials.Password", { kinds: { fdm: { credentials: { Password: secret } } }, devices: {} }],
  [
    "groups.emea.credentials.api_key",
    { groups: { emea: { credentials: { api_key: secret } } }, devices: {} }
  ],
  [
    "groups.emea.a.b.c.d.e.clientSecret",
    { groups: { emea: { a: { b: { c: { d: { e: { clientSecret: secret } } } } } } }, devices: {} }
  ],
  ["devices.a.list.1.secret", { devices: { a: { ...device, list: [{}, { secret }] } } }],
  ["password", { password: secret, devices: {} }],
  ["devices.a.url", { devices: { a: { ...device, url: `https://x:${secret}@a.example` } } }],
  ["devices.a.proxy", { devices: { a: { ...device, proxy: `http://x:${secret}@p.example:3128` } } }],
  [
    "devices.a.credentials.username",
    { devices: { a: { ...device, credentials: { username: `x:${secret}`, prompt: true } } } }
  ]
]

/** As block YAML, indented. */
const toYaml = (value: unknown, indent = ""): string =>
  Array.isArray(value)
    ? value.map((one) => `\n${indent}-${toYaml(one, `${indent}  `)}`).join("")
    : typeof value === "object" && value !== null
      ? Object.keys(value).length === 0
        ? " {}"
        : Object.entries(value)
            .map(([name, inner]) => `\n${indent}${name}:${toYaml(inner, `${indent}  `)}`)
            .join("")
      : ` ${JSON.stringify(value)}`

describe("a secret in an inventory", () => {
  it.effect.each(leaking)("is refused at %s, in every format, and not shown", ([path, inventory]) =>
    Effect.gen(function* () {
      const inFiles = [
        ...(yield* faultsOf("i.yaml", toYaml(inventory))),
        ...(yield* faultsOf("i.yaml", JSON.stringify(inventory))),
        ...(yield* faultsOf("i.json", JSON.stringify(inventory, null, 2)))
      ]
      expect(inFiles).toHaveLength(3)
      for (const fault of inFiles) expect(fault).toMatch(/^i\.(yaml|json):\d+: /)
      const all = [...inFiles, ...(yield* faultsInCode(inventory))]
      expect(all).toHaveLength(4)
      for (const fault of all) {
        expect(fault.replace(/^i\.\w+:\d+: /, "")).toMatch(
          /has no place in an inventory; (say where it is|give)/
        )
        expect(` ${fault}`).toContain(` ${path}: `)
        expect(fault).not.toContain(secret)
      }
    })
  )

  it.effect("is refused in a column of a table", () =>
    Effect.gen(function* () {
      for (const column of ["password", "credentials.password", "token"]) {
        const faults = yield* faultsOf("i.csv", `name,kind,${column}\nb,fdm,\na,fdm,${secret}\n`)
        expect(faults).toEqual([expect.stringMatching(/^i\.csv:3: devices\.a\..*: a secret has no place/)])
        expect(faults[0]).not.toContain(secret)
      }
    })
  )

  it.effect("is refused where it stands, and where an alias or a merged object brings it", () =>
    Effect.gen(function* () {
      const text = `devices:\n  a: &a\n    kind: fdm\n    credentials: { username: x, password: ${secret} }\n  b: { <<: *a }\n  c: *a\n`
      const faults = yield* faultsOf("i.yaml", text)
      expect(faults).toEqual([
        expect.stringMatching(/^i\.yaml:4: devices\.a\.credentials\.password: a secret/),
        expect.stringMatching(/^i\.yaml:5: devices\.b\.credentials\.password: a secret/)
      ])
      expect(faults.join()).not.toContain(secret)
    })
  )

  it.effect(
    "is not what is only called so: a device, a group, a tag, a variable, a file, an address in a vault",
    () =>
      Effect.gen(function* () {
        const inventory = yield* read(
          "i.yaml",
          `groups: { secret: { tags: [password] } }
devices:
  token: { kind: fdm, url: "https://a.example", groups: [secret], credentials: { env: PASSWORD } }
  password: { kind: fdm, url: "https://b.example", credentials: { username: a@b, command: [op, read, "op://net/x/password"] } }
  secret: { kind: cdfmc, url: "https://c.example", credentials: { tokenEnv: TOKEN } }
  passwd: { kind: fmc, url: "https://d.example", credentials: { username: x, passwordFile: /run/secrets/password } }
`
        )
        expect(inventory.entries.map(({ name }) => name)).toEqual(["token", "password", "secret", "passwd"])
      })
  )

  it.effect("is not shown where it stands in the place of something else", () =>
    Effect.gen(function* () {
      const wrong = [
        { kind: secret },
        { ...device, credentials: secret },
        { ...device, credentials: { env: "FDM", pasword: secret } },
        { ...device, credentials: { username: "x", command: secret } },
        { ...device, trust: secret },
        { ...device, responseTimeout: secret },
        { ...device, tags: { secret: {} } }
      ]
      for (const one of wrong) {
        const faults = yield* faultsOf("i.yaml", JSON.stringify({ devices: { a: one } }))
        expect(faults).toHaveLength(1)
        expect(faults[0]).not.toContain(secret)
      }
    })
  )
})
