import * as Effect from "effect/Effect"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import * as Sandbox from "sallyport/sandbox"
import { type Answer, type Heard, make } from "./device.ts"

type Fields = Readonly<Record<string, unknown>>

/** How a device differs from one that keeps what it is sent and answers with that. */
export interface Manners {
  /** What is there at the start, by path: `/object/hosts`. */
  readonly items?: Readonly<Record<string, ReadonlyArray<unknown>>>
  /** What it makes of what it is sent. */
  readonly keeps?: (sent: Fields, method: string) => Fields
  /** What it answers to a change, where that is not what it keeps. */
  readonly answers?: (kept: Fields, method: string) => unknown
  /** What it answers to a reading of one. */
  readonly shows?: (kept: Fields) => Fields
  /** What it does not take: nothing of a request that has one is done. */
  readonly refuses?: (sent: Fields) => boolean
  /** What it fails at in its answer alone: it is done. */
  readonly fails?: (method: string) => boolean
}

export interface Kept {
  readonly heard: ReadonlyArray<Heard>
  /** Changes, by method and path: `PUT /object/hosts`, their bodies, and what is there. */
  readonly writes: () => ReadonlyArray<string>
  readonly bodies: () => ReadonlyArray<Fields>
  readonly there: (path: string) => ReadonlyArray<Fields>
}

const serverVersion = "7.4.2 (build 172)"
const uuid = "e276abec-e0f2-11e3-8169-6d9ed49b625f"
const base = /^\/api\/(?:fmc_config\/v1\/domain\/[^/]+|fdm\/v6)/

const store = ({ answers, fails, items = {}, keeps, refuses, shows }: Manners) => {
  const all = new Map(Object.entries(items).map(([path, given]) => [path, [...given]]))
  const at = (path: string) => {
    const found = all.get(path) ?? []
    all.set(path, found)
    return found as Array<Fields> // only lists of fields are written to
  }
  let count = 0
  const refused: Answer = {
    status: 400,
    body: { error: { messages: [{ description: "One of it is not valid." }] } }
  }

  const collection = (path: string, method: string, text: string, query: URLSearchParams): Answer => {
    const list = at(path)
    if (method === "GET")
      return { body: { items: list, paging: { offset: 0, limit: 1000, count: list.length } } }
    if (method === "DELETE") {
      const ids = (query.get("filter") ?? "").replace(/^ids:/, "").split(",")
      if (!ids.every((id) => list.some((one) => one.id === id))) return refused
      all.set(
        path,
        list.filter(({ id }) => !ids.includes(String(id)))
      )
      return { body: { items: [] } }
    }
    const given: Fields | ReadonlyArray<Fields> = JSON.parse(text)
    const sent = Array.isArray(given) ? given : [given]
    if (sent.some((one) => refuses?.(one) === true)) return refused
    const kept = sent.map((one) => ({ ...(keeps?.(one, "POST") ?? one), id: `id-${++count}` }))
    list.push(...kept)
    const shown = kept.map((one) => (answers === undefined ? one : answers(one, "POST")))
    return { status: 201, body: Array.isArray(given) ? { items: shown } : shown[0] }
  }

  const single = (path: string, id: string, method: string, text: string): Answer => {
    const list = at(path)
    const index = list.findIndex((one) => one.id === id)
    const there = list[index]
    if (there === undefined) return { status: 404, body: {} }
    if (method === "GET") return { body: shows?.(there) ?? there }
    if (method === "DELETE") {
      list.splice(index, 1)
      return { body: {} }
    }
    const sent = JSON.parse(text)
    if (refuses?.(sent) === true) return refused
    const kept = { ...(keeps?.(sent, "PUT") ?? sent), id }
    list[index] = kept
    return { body: answers === undefined ? kept : answers(kept, "PUT") }
  }

  const answer = ({ method, path, text }: Heard): Answer => {
    const url = new URL(path, "https://device.invalid")
    const below = url.pathname.replace(base, "")
    const parent = below.slice(0, below.lastIndexOf("/"))
    const id = decodeURIComponent(below.slice(parent.length + 1))
    const given =
      all.has(below) || !all.has(parent)
        ? collection(below, method, text, url.searchParams)
        : single(parent, id, method, text)
    return method !== "GET" && fails?.(method) === true ? { status: 500, body: {} } : given
  }
  return { answer, there: (path: string) => at(path) }
}

const told = (heard: ReadonlyArray<Heard>, there: Kept["there"]): Kept => {
  const changes = () =>
    heard.filter(({ method, path }) => method !== "GET" && base.test(path) && !path.includes("/fdm/token"))
  return {
    heard,
    there,
    writes: () =>
      changes().map(
        ({ method, path }) =>
          `${method} ${path
            .replace(base, "")
            .replace(/\?.*/, "")
            .replace(/\/id-\d+$/, "")}`
      ),
    bodies: () => changes().map(({ fields }) => fields)
  }
}

/** A domain of an FMC in memory, of version 7.4.2. */
export const fmc = (manners: Manners = {}) =>
  Effect.gen(function* () {
    const { answer, there } = store(manners)
    const device = yield* make((heard) =>
      heard.path.includes("/auth/")
        ? {
            status: 204,
            headers: {
              "X-auth-access-token": "access-1",
              "X-auth-refresh-token": "refresh-1",
              DOMAINS: JSON.stringify([{ name: "Global", uuid }])
            }
          }
        : heard.path.includes("/info/serverversion")
          ? { body: { items: [{ serverVersion }] } }
          : answer(heard)
    )
    const client = yield* Fmc.make(device)
    return { device, domain: yield* client.domain("Global"), ...told(device.heard, there) }
  })

/** An FDM in memory. */
export const fdm = (manners: Manners = {}) =>
  Effect.gen(function* () {
    const { answer, there } = store(manners)
    const token = {
      access_token: "a",
      token_type: "Bearer",
      expires_in: 1800,
      refresh_token: "r",
      refresh_expires_in: 2400
    }
    const device = yield* make((heard) =>
      heard.path.includes("/fdm/token")
        ? { body: token }
        : heard.path === "/api/versions"
          ? { body: { supportedVersions: ["v6"] } }
          : answer(heard)
    )
    return { fdm: yield* Fdm.make(device), ...told(device.heard, there) }
  })

/** A domain of a sandbox's FMC without objects, for what a whole device does. */
export const sandbox = Effect.gen(function* () {
  const sandbox = yield* Sandbox.make({ objects: 0 })
  const client = yield* Fmc.make(sandbox.fmc)
  return { sandbox, domain: yield* client.domain("Global"), fail: sandbox.fail, reset: Sandbox.Fault.reset }
})
