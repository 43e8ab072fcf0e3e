// What the sandbox's FDM answers, beside Cisco's own document of one.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { differences } from "../../support/modelDifferences.ts"
import * as Specs from "../../support/specs.ts"
import { fdmToken, type Heard } from "./client.ts"
import { filled } from "./fdm.ts"

// Seen in answers of devices, and other than in the document, which is that of version 2.
const known = new Set([
  "/action/uploaddiskfile .diskFileName is unknown",
  "/fdm/token .status_code is missing",
  "/operational/deploy .type is unknown",
  "/operational/deploy .items[].type is unknown"
])

const watched = Effect.gen(function* () {
  const document = Specs.fdm()
  const device = yield* filled
  const found = new Set<string>()
  const seen = new Set<string>()
  const check = (path: string, verb: string, { json, status }: Heard) => {
    seen.add(`${verb} ${status}`)
    const { responses = {} } = document.paths[path]?.[verb.toLowerCase()] ?? {}
    const declared = responses[status]
    if (declared === undefined) {
      found.add(`${verb} ${path} is not to answer ${status}`)
      return
    }
    const short = path.replace("/{objId}", "")
    const all = differences(document, declared.schema ?? {}, json).filter(
      (one) => !known.has(`${short} ${one}`)
    )
    for (const one of all) found.add(`${verb} ${path} ${status}: ${one}`)
  }
  /** Sends by the path of the document, and holds the answer to it. */
  const ask = (verb: string, path: string, id = "", body?: unknown) => {
    const url = path.replace("{parentId}", "default").replace("{objId}", id)
    return Effect.tap(device.send(verb, url, body), (heard) => check(path, verb, heard))
  }
  return { ...device, ask, check, found, seen }
})

describe.skipIf(!Specs.areThere)("an FDM's answer (skipped without ../shared/specs)", () => {
  it.scoped(
    "to any reading, writing or refusing has the fields, types and words of the document's models",
    () =>
      Effect.gen(function* () {
        const { ask, client, found, headers, host, interface: eth, net, seen, url } = yield* watched
        const group = (type: string, ...objects: ReadonlyArray<unknown>) => ({ name: "all", type, objects })
        const make = (path: string, body: object) => ask("POST", path, "", body)
        yield* make("/object/networkgroups", group("networkobjectgroup", net))
        yield* make("/object/portgroups", group("portobjectgroup"))
        yield* make("/object/urlgroups", group("urlobjectgroup", url))
        const vlan = { subIntfId: 7, vlanId: 7, mtu: 1500, enabled: true, monitorInterface: false }
        yield* make("/devices/default/interfaces/{parentId}/subinterfaces", { ...vlan, type: "subinterface" })
        const way = { iface: eth, networks: [net], gateway: host, ipType: "IPv4", type: "staticrouteentry" }
        yield* make("/devices/default/routing/{parentId}/staticrouteentries", way)
        yield* make("/policy/accesspolicies/{parentId}/accessrules", { name: "r", type: "accessrule" })
        yield* make("/action/backup", { type: "backupimmediate" })
        yield* make("/operational/deploy", {})
        yield* make("/object/networkgroups", { name: "later", type: "networkobjectgroup" })
        const { json } = yield* client.send("GET", "/apispec/ngfw.json", { headers })
        const own: Specs.Swagger["paths"] = json.paths
        const empty: Array<string> = []
        for (const [path, verbs] of Object.entries(own).filter(([path]) => !path.endsWith("{objId}"))) {
          if (verbs.get === undefined) continue
          const one = `${path}/{objId}`
          const { items = [] } = (yield* ask("GET", path)).json
          if (items.length === 0) {
            empty.push(path)
            continue
          }
          for (const item of items) {
            if (own[one]?.get) yield* ask("GET", one, item.id)
            if (own[one]?.put && item.isSystemDefined !== true) yield* ask("PUT", one, item.id, item)
          }
          if (own[one]?.get) yield* ask("GET", one, "none")
          if (own[one]?.put) yield* ask("PUT", one, "none", items[0])
          if (own[one]?.delete) yield* ask("DELETE", one, "none")
          if (verbs.post && path !== "/operational/deploy") yield* make(path, {})
        }
        // These the sandbox checks; of most others nothing is there.
        const checked = "networks networkgroups tcpports udpports portgroups urls urlgroups securityzones"
        expect(empty.filter((path) => checked.split(" ").includes(path.split("/").at(-1) ?? ""))).toEqual([])
        expect(
          empty.filter((path) => /interfaces$|routing(?!.virtual)|accesspolic|^.jobs.b|archived/.test(path))
        ).toEqual(["/devices/default/bridgegroupinterfaces"])
        expect([...found]).toEqual([])
        expect([...seen]).toEqual(
          expect.arrayContaining([
            "GET 200",
            "GET 404",
            "PUT 200",
            "PUT 422",
            "DELETE 422",
            "POST 200",
            "POST 422"
          ])
        )
      })
  )

  it.scoped(
    "of what there is one of, of a file that was sent and of a change that waits, has those of its model",
    () =>
      Effect.gen(function* () {
        const { ask, check, client, found, headers, net } = yield* watched
        yield* ask("PUT", "/object/networks/{objId}", net.id, { ...net, value: "198.51.100.0/24" })
        const { items } = (yield* ask("GET", "/operational/pendingchanges")).json
        expect(items.map(({ type }: { type: string }) => type)).toEqual(
          expect.arrayContaining(["entitycreate", "entityupdate"])
        )
        const form = { ...headers, "content-type": "multipart/form-data; boundary=x" }
        const body = `--x\r\ncontent-disposition: form-data; name="fileToUpload"; filename="a.txt"\r\n\r\na\r\n--x--\r\n`
        const upload = "/action/uploaddiskfile"
        const uploaded = yield* client.send("POST", `/api/fdm/v6${upload}`, { headers: form, body })
        expect(uploaded.status).toBe(200)
        check(upload, "POST", uploaded)
        yield* ask("GET", "/operational/systeminfo/{objId}", "default")
        yield* ask("GET", "/devices/default/operational/ha/status/{objId}", "default")
        expect([...found]).toEqual([])
      })
  )

  it.scoped("to each grant, and to what is refused, is the token's of the document", () =>
    Effect.gen(function* () {
      const { check, client, found, sandbox } = yield* watched
      const { username } = sandbox
      const password = Redacted.value(sandbox.password)
      const ask = (grant: string, fields: object) =>
        Effect.tap(fdmToken(client, { grant_type: grant, ...fields }), (heard) =>
          check("/fdm/token", "POST", heard)
        )
      const { json } = yield* ask("password", { username, password })
      const access = { access_token: json.access_token }
      yield* ask("password", { username, password: "wrong" })
      const wish = { desired_expires_in: 600, desired_refresh_expires_in: 700, desired_refresh_count: 1 }
      const custom = yield* ask("custom_token", { ...access, ...wish, desired_subject: "night" })
      expect(custom.status).toBe(200)
      yield* ask("refresh_token", { refresh_token: custom.json.refresh_token })
      yield* ask("refresh_token", { refresh_token: "none" })
      yield* ask("revoke_token", { ...access, token_to_revoke: json.access_token })
      yield* ask("none", {})
      expect([...found]).toEqual([])
    })
  )
})
