// A device as it is itself, asked by plain HTTPS: nothing of the library is between.
import * as Effect from "effect/Effect"
import type * as Sandbox from "sallyport/sandbox"
import * as Client from "../plugins/sandbox/client.ts"

/** What is sent to it while a login of its own lasts. */
export interface PlainDevice {
  /** What a list of these objects has. `domain` counts the domains of an FMC. */
  readonly list: (path: string, domain?: number) => Effect.Effect<ReadonlyArray<Fields>>
  /** Sends a body, and gives the object that is answered. Dies where it is refused. */
  readonly send: (method: string, path: string, body: unknown, domain?: number) => Effect.Effect<Fields>
}

// biome-ignore lint/suspicious/noExplicitAny: what a device answers
export type Fields = Readonly<Record<string, any>>

type With = <A>(work: (device: PlainDevice) => Effect.Effect<A>) => Effect.Effect<A>

const overHttps = (
  client: Client.Client,
  headers: Readonly<Record<string, string>>,
  pathOf: (path: string, domain: number) => string
): PlainDevice => {
  const ask = (method: string, path: string, body?: unknown) =>
    client.send(method, path, { headers: { ...headers, "content-type": "application/json" }, body }).pipe(
      Effect.retry({ times: method === "GET" ? 3 : 0 }),
      Effect.orDie,
      Effect.filterOrDie(
        ({ status }) => status < 300,
        ({ status, text }) => new Error(`${method} ${path}: ${status} ${text.slice(0, 300)}`)
      ),
      Effect.map(({ json }) => json as Fields)
    )
  return {
    send: (method, path, body, domain = 0) => ask(method, pathOf(path, domain), body),
    list: (path, domain = 0) =>
      Effect.map(
        ask("GET", `${pathOf(path, domain)}${path.includes("?") ? "&" : "?"}limit=1000`),
        (all) => (all.items ?? []) as ReadonlyArray<Fields>
      )
  }
}

/** On a machine that is busy a connection may be over before it is used again. */
const again = (asked: Effect.Effect<Client.Heard, Client.Broken>) =>
  Effect.orDie(Effect.retry(asked, { times: 3 }))

const onFmc =
  (client: Client.Client): With =>
  (work) =>
    Effect.acquireUseRelease(
      again(Client.fmcLogin(client)),
      (login) => {
        const domains: ReadonlyArray<{ readonly uuid: string }> = JSON.parse(login.headers.domains ?? "[]")
        const base = (domain: number) => `/api/fmc_config/v1/domain/${domains[domain]?.uuid}`
        const { headers = {} } = Client.fmcSigned(Client.fmcTokens(login))
        return work(overHttps(client, headers, (path, domain) => `${base(domain)}${path}`))
      },
      (login) => again(Client.fmcRevoke(client, Client.fmcTokens(login)))
    )

const onFdm =
  (client: Client.Client, sandbox: Sandbox.Sandbox): With =>
  (work) =>
    Effect.acquireUseRelease(
      Effect.map(again(Client.fdmLogin(client, sandbox)), ({ json }) => String(json.access_token)),
      (token) =>
        work(overHttps(client, { authorization: `Bearer ${token}` }, (path) => `/api/fdm/v6${path}`)),
      (token) =>
        again(
          Client.fdmToken(client, { grant_type: "revoke_token", access_token: token, token_to_revoke: token })
        )
    )

/** Logs in to a sandbox for some work, and out. */
export const withDevice = <A>(
  kind: "fmc" | "fdm",
  sandbox: Sandbox.Sandbox,
  work: (device: PlainDevice) => Effect.Effect<A>
): Effect.Effect<A> =>
  Effect.scoped(
    Effect.flatMap(Client.make(sandbox), (client) =>
      kind === "fmc" ? onFmc(client)(work) : onFdm(client, sandbox)(work)
    )
  )
