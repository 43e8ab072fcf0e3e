// The scripts that the soak runs on fleets: the five examples that are workflows, and one more for an FDM, so that there is
// something to take back on both kinds. Of each: what a device has before, what it has when it is done, and what somebody
// else does to it meanwhile.
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Sandbox from "sallyport/sandbox"
import { type Fields, type PlainDevice, withDevice } from "./plainDevice.ts"

/** How a device stands, as text. */
type State = Effect.Effect<string>

export interface FleetScript {
  readonly file: string
  readonly kind: "fmc" | "fdm"
  /** What stands behind the command where it takes an input. */
  readonly input: (folder: string) => ReadonlyArray<string>
  /** Files that the input names, by their names in the folder. */
  readonly files?: Readonly<Record<string, string>>
  /** Is done once on each device. */
  readonly prepare: (sandbox: Sandbox.Sandbox) => Effect.Effect<void>
  /** Gives it something to do once more, where that is not what an undo leaves. */
  readonly renew?: (sandbox: Sandbox.Sandbox) => Effect.Effect<void>
  readonly state: (sandbox: Sandbox.Sandbox) => State
  /** The state when it is done. */
  readonly whole: string
  /** Which of its writes goes wrong where a device is faulty. */
  readonly write: { readonly method: string; readonly path: RegExp; readonly nth?: number }
  /** What somebody else does while the answer to the first request for this path is under way. */
  readonly drift: {
    readonly path: RegExp
    /** How the device stands then, where nothing of the script's own is there. */
    readonly leaves?: string
    readonly act: (sandbox: Sandbox.Sandbox) => Effect.Effect<unknown>
  }
  /** Whether an undo takes it back. */
  readonly isUndone: boolean
}

const value = "192.0.2.1"
const names = ["soak-1", "soak-2", "soak-3"]

const on =
  (kind: FleetScript["kind"]) =>
  <A>(work: (device: PlainDevice) => Effect.Effect<A>) =>
  (sandbox: Sandbox.Sandbox) =>
    withDevice(kind, sandbox, work)

const onFmc = on("fmc")
const onFdm = on("fdm")

const textOf = (objects: ReadonlyArray<Fields>, field = "value"): string =>
  objects
    .filter(({ name }) => String(name).startsWith("soak-"))
    .map((one) => `${one.name}=${one[field]}`)
    .sort()
    .join(" ")

const host = (name: string, value: string) => ({ name, value, type: "Host" })

const importHosts: FleetScript = {
  file: "examples/import-hosts.ts",
  kind: "fmc",
  files: { "hosts.csv": ["name,address", ...names.map((name) => `${name},${value}`), ""].join("\n") },
  input: (folder) => ["--host", `@${folder}/hosts.csv`],
  // One is there with another address.
  prepare: onFmc(({ send }) => send("POST", "/object/hosts", host("soak-1", "198.51.100.1"))),
  state: onFmc(({ list }) => Effect.map(list("/object/hosts?expanded=true"), (all) => textOf(all))),
  whole: names.map((name) => `${name}=${value}`).join(" "),
  write: { method: "PUT", path: /\/hosts\// },
  drift: {
    path: /\/object\/hosts/,
    leaves: "soak-1=198.51.100.99",
    act: onFmc(({ list, send }) =>
      Effect.flatMap(list("/object/hosts"), (all) => {
        const id = all.find(({ name }) => name === "soak-1")?.id
        return send("PUT", `/object/hosts/${id}`, { ...host("soak-1", "198.51.100.99"), id })
      })
    )
  },
  isUndone: true
}

const literal = (value: string) => ({ type: "Host", value })

const blockList: FleetScript = {
  file: "examples/block-list.ts",
  kind: "fmc",
  input: () => ["--group", "Blocked", "--address", value, "--address", "192.0.2.2"],
  prepare: onFmc(({ send }) =>
    send("POST", "/object/networkgroups", {
      name: "Blocked",
      type: "NetworkGroup",
      literals: [literal("203.0.113.1")]
    })
  ),
  state: onFmc(({ list }) =>
    Effect.map(list("/object/networkgroups?expanded=true"), (all) => {
      const literals: ReadonlyArray<Fields> = all.find(({ name }) => name === "Blocked")?.literals ?? []
      // What somebody else adds is theirs.
      const own = literals.map(({ value }) => String(value)).filter((one) => one !== "203.0.113.99")
      return own.sort().join(" ")
    })
  ),
  whole: `${value} 192.0.2.2 203.0.113.1`,
  write: { method: "PUT", path: /\/networkgroups\// },
  drift: {
    path: /\/networkgroups\//,
    act: onFmc(({ list, send }) =>
      Effect.flatMap(list("/object/networkgroups?expanded=true"), (all) => {
        const { id, literals } = all.find(({ name }) => name === "Blocked") ?? {}
        return send("PUT", `/object/networkgroups/${id}`, {
          id,
          name: "Blocked",
          type: "NetworkGroup",
          literals: [...literals, literal("203.0.113.99")]
        })
      })
    )
  },
  isUndone: true
}

const policies = "/policy/accesspolicies"
const policy = { name: "soak-edge", type: "AccessPolicy", defaultAction: { action: "BLOCK" } }
const rule = (name: string, more: object) => ({ name, type: "AccessRule", action: "ALLOW", ...more })
// Domains of the sandbox, after Global.
const [from, to] = [1, 2]

const copyPolicy: FleetScript = {
  file: "examples/copy-policy.ts",
  kind: "fmc",
  input: () => ["--name", "soak-edge", "--from", "Global/A", "--to", "Global/B"],
  prepare: onFmc(({ send }) =>
    Effect.gen(function* () {
      const { id: web } = yield* send("POST", "/object/hosts", host("soak-web", value), from)
      const { id } = yield* send("POST", policies, policy, from)
      const destinationNetworks = { objects: [{ id: web, name: "soak-web", type: "Host" }] }
      for (const one of [rule("soak-first", { destinationNetworks }), rule("soak-second", {})])
        yield* send("POST", `${policies}/${id}/accessrules?section=mandatory`, one, from)
    })
  ),
  state: onFmc(({ list }) =>
    Effect.gen(function* () {
      const copies = yield* list(policies, to)
      const hosts = yield* list("/object/hosts?expanded=true", to)
      const rules = yield* Effect.forEach(
        copies.filter(({ name }) => name === "soak-edge"),
        ({ id }) => list(`${policies}/${id}/accessrules`, to)
      )
      return [copies, hosts, rules.flat()].map((all) => textOf(all, "type")).join(", ")
    })
  ),
  whole: "soak-edge=AccessPolicy, soak-web=Host, soak-first=AccessRule soak-second=AccessRule",
  write: { method: "POST", path: /accesspolicies$/ },
  // Somebody adds the host that is missing there.
  drift: {
    path: /\/object\/networkgroups/,
    leaves: ", soak-web=Host, ",
    act: onFmc(({ send }) => send("POST", "/object/hosts", host("soak-web", value), to))
  },
  isUndone: true
}

let changes = 0

const change = onFmc(({ send }) =>
  Effect.suspend(() => {
    changes += 1
    return send("POST", "/object/hosts", host(`pending-${changes}`, value))
  })
)

const deploy: FleetScript = {
  file: "examples/deploy.ts",
  kind: "fmc",
  input: () => [],
  prepare: () => Effect.void,
  renew: change,
  state: onFmc(({ list }) =>
    Effect.map(list("/deployment/deployabledevices?expanded=true"), (all) => `${all.length} to deploy`)
  ),
  whole: "0 to deploy",
  write: { method: "POST", path: /deploymentrequests/ },
  drift: { path: /deployabledevices/, act: change },
  isUndone: false
}

const addNetworks: FleetScript = {
  file: "test/scripts/addNetworks.ts",
  kind: "fdm",
  input: () => names.flatMap(() => ["--address", value]),
  prepare: () => Effect.void,
  state: onFdm(({ list }) => Effect.map(list("/object/networks"), (all) => textOf(all))),
  whole: names.map((name) => `${name}=${value}`).join(" "),
  write: { method: "POST", path: /\/networks/, nth: 2 },
  drift: {
    path: /name.{1,3}soak-2/,
    leaves: "soak-2=198.51.100.99",
    act: onFdm(({ send }) =>
      send("POST", "/object/networks", {
        name: "soak-2",
        subType: "HOST",
        type: "networkobject",
        value: "198.51.100.99"
      })
    )
  },
  isUndone: true
}

export const passwords = {
  old: "Old-Passw0rd-4711",
  fresh: "Fresh-Passw0rd-4711",
  others: "Others-Passw0rd-1"
}

const rotatePassword: FleetScript = {
  file: "examples/rotate-password.ts",
  kind: "fdm",
  input: () => ["--username", "api", "--from", "env:SOAK_PASSWORD", "--to", "env:SOAK_NEW_PASSWORD"],
  prepare: () => Effect.void,
  renew: ({ setPassword }) => setPassword(Redacted.make(passwords.old)),
  state: ({ password }) => Effect.succeed(`password ${Redacted.value(password).split("-")[0]}`),
  whole: "password Fresh",
  write: { method: "PUT", path: /\/users\// },
  drift: {
    path: /\/object\/users/,
    leaves: "password Others",
    act: ({ setPassword }) => setPassword(Redacted.make(passwords.others))
  },
  isUndone: false
}

export const scripts: ReadonlyArray<FleetScript> = [
  importHosts,
  blockList,
  copyPolicy,
  deploy,
  addNetworks,
  rotatePassword
]
