import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { type Clients, cases, firstPassword } from "./Case.ts"

const network = (name: string, value = "198.51.100.9") => ({
  name,
  value,
  subType: "HOST" as const,
  type: "networkobject"
})
const shown = ({ name, value }: { readonly name?: unknown; readonly value?: unknown }) => ({ name, value })
const found = ({ fdm }: Clients, name: string) =>
  Effect.map(fdm.networks.find(name), (one) => Option.getOrThrow(one))

const withNetworks = ({ fdm }: Clients) =>
  fdm.networks.createAll(["x", "y", "z"].map((name) => network(name)))

/** That of the sandbox that was prepared last: what its script ends must be the same when it runs again. */
let sessionToEnd = ""

export const fdmCases = cases({
  "fdm create, update, remove": {
    script: ({ fdm: { networks } }) =>
      Effect.gen(function* () {
        const made = yield* networks.create(network("a"))
        const updated = yield* networks.update({ ...made, value: "198.51.100.10" })
        const one = yield* networks.create(network("b"))
        yield* networks.remove(one.id)
        return [shown(made), shown(updated)]
      })
  },
  "fdm createAll": {
    script: ({ fdm: { networks } }) =>
      Effect.map(networks.createAll(["a", "b", "c"].map((name) => network(name))), (all) => all.map(shown))
  },
  "fdm removeAll": {
    prepare: withNetworks,
    script: (clients) =>
      Effect.flatMap(
        Effect.forEach(["x", "y", "z"], (name) => Effect.map(found(clients, name), ({ id }) => id)),
        (ids) => clients.fdm.networks.removeAll(ids)
      )
  },
  "fdm upsertAll": {
    prepare: withNetworks,
    script: ({ fdm: { networks } }) =>
      Effect.map(
        networks.upsertAll([network("a"), network("x"), network("y", "198.51.100.10"), network("b")]),
        (all) => all.map(({ change, item }) => [change, shown(item)])
      )
  },
  "fdm deploy": {
    left: ["deployment"],
    script: ({ fdm }) =>
      Effect.gen(function* () {
        yield* fdm.networks.create(network("a"))
        yield* fdm.deploy()
      })
  },
  "fdm customToken": {
    left: ["custom token"],
    isBlind: true,
    script: ({ fdm }) =>
      Effect.gen(function* () {
        yield* fdm.customToken({ subject: "monitoring", expiresIn: 3600, refreshCount: 0 })
        yield* fdm.networks.create(network("a"))
      })
  },
  "fdm revokeSubject": {
    left: ["custom token"],
    prepare: ({ fdm }) => fdm.customToken({ subject: "monitoring", expiresIn: 3600, refreshCount: 0 }),
    script: ({ fdm }) => fdm.revokeSubject("monitoring")
  },
  "fdm backup": {
    left: ["backup"],
    isBlind: true,
    script: ({ fdm }) => Effect.map(fdm.backup({ name: "nightly" }), ({ name }) => name)
  },
  "fdm endSession": {
    left: ["session"],
    prepare: ({ fdm }) =>
      Effect.map(Stream.runCollect(fdm.listActiveSessions()), ([one]) => {
        sessionToEnd = one?.id ?? ""
      }),
    script: ({ fdm }) =>
      Effect.zipRight(fdm.endSession(sessionToEnd), Effect.asVoid(fdm.networks.create(network("a"))))
  },
  "fdm upload": {
    left: ["file"],
    isBlind: true,
    script: ({ fdm }) =>
      Effect.map(
        fdm.upload("/action/uploaddiskfile", { name: "a.txt", bytes: new Uint8Array(3) }),
        ({ fileName }) => fileName
      )
  },
  "fdm changePassword": {
    left: ["account"],
    script: ({ fdm }) =>
      Effect.gen(function* () {
        const [user] = yield* Stream.runCollect(fdm.users.list())
        const username = user?.name ?? ""
        const [second, third] = [Redacted.make("Second-1234"), Redacted.make("Third-12345")]
        yield* fdm.changePassword({ username, from: firstPassword, to: second })
        yield* fdm.networks.create(network("a"))
        yield* fdm.changePassword({ username, from: second, to: third })
      })
  },
  "two devices": {
    script: ({ domain, fdm }) =>
      Effect.gen(function* () {
        const one = yield* domain.hosts.create({ name: "a", value: "198.51.100.9" })
        const two = yield* fdm.networks.create(network("a"))
        const three = yield* domain.hosts.update({ ...one, value: "198.51.100.10" })
        return [one, two, three].map(shown)
      })
  }
})
