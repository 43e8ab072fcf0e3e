import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { type InvalidInput, refuseInput } from "sallyport/plugin"
import type { Options } from "./appliance/Options.ts"

/** `Asked` is what the command line asks for. */
export interface Asked {
  readonly options: Options
  readonly help: boolean
  readonly verbose: boolean
  /** `certificate` has the paths of PEM files. */
  readonly certificate: { readonly cert: string; readonly key: string } | undefined
}

/** `parse` reads the flags; fails with `InvalidInput` that names the flag. */
export const parse = (args: ReadonlyArray<string>): Effect.Effect<Asked, InvalidInput> =>
  Effect.suspend(() => {
    // The types say so too; a script in JavaScript has none.
    if (!isWords(args))
      return refuseInput("args", "these are no flags; give process.argv.slice(2), or a list of texts.")
    const given: Given = new Map()
    const { tokens } = parseArgs({ args: [...args], options: known, strict: false, tokens: true })
    for (const token of tokens) {
      if (token.kind === "option-terminator") continue
      const name = token.kind === "option" ? token.rawName : token.value
      const flag = token.kind === "option" ? flags[token.name] : undefined
      if (token.kind !== "option" || flag === undefined || !token.rawName.startsWith("--")) {
        return refuseInput(name, "the sandbox has no such flag; see --help.")
      }
      const value = flag.value === undefined ? "" : token.value
      if (value === undefined)
        return refuseInput(name, `nothing follows it; give it ${flag.value} (see --help).`)
      if (flag.value === undefined && token.value !== undefined) {
        return refuseInput(name, "it takes no value; give it alone (see --help).", token.value)
      }
      if (flag.most !== undefined && !(/^\d{1,9}$/.test(value) && Number(value) <= flag.most)) {
        return refuseInput(
          name,
          `${JSON.stringify(value)} is no whole number from 0 to ${flag.most}; give one (see --help).`,
          value
        )
      }
      given.set(token.name, [...(given.get(token.name) ?? []), value])
    }
    if (given.has("certificate") !== given.has("key")) {
      return refuseInput("--certificate", "it goes together with --key; give both or neither (see --help).")
    }
    return Effect.succeed(askedFor(given))
  })

/** `help` gives the text of `--help`. */
export const help = (): string => {
  const lines = Object.entries(flags).map(([name, { value = "", help }]) => {
    return `  ${`--${name} ${value}`.padEnd(30)}${help}`
  })
  return `A sandbox that speaks as an FMC and as an FDM, on real HTTPS.

Prints one line of JSON (url, username, password, ca, pin), then runs until it is interrupted,
and leaves its ledger on standard error.

${lines.join("\n")}`
}

const isWords = Schema.is(Schema.Array(Schema.String))

interface Flag {
  /** `value` is what follows it; none for a switch. */
  readonly value?: string
  /** `most` is the largest whole number that it takes. */
  readonly most?: number
  readonly help: string
}

type Given = Map<string, ReadonlyArray<string>>

const count = (help: string): Flag => ({ value: "N", most: 1_000_000, help })
const seconds = (help: string): Flag => ({ value: "SECONDS", most: 100_000_000, help })

const flags: Readonly<Record<string, Flag>> = {
  host: { value: "ADDRESS", help: "where to listen (default 127.0.0.1)" },
  port: { value: "PORT", most: 65_535, help: "default 0: a free one" },
  username: { value: "NAME", help: "default api" },
  password: { value: "TEXT", help: "a throw-away one; default: random" },
  "api-token": { value: "TEXT", help: "FMC: as a cdFMC's, sent as Bearer; default: random" },
  "token-lifetime": seconds("of access tokens (default 1800)"),
  "refresh-limit": count("FMC: refreshes per login (default 3)"),
  "refresh-grace": seconds("FMC: a token can be refreshed so long after it expired (default 300)"),
  "refresh-lifetime": seconds("FDM: of refresh tokens (default 2400)"),
  "evict-on-login": { help: "FMC: a second login of the account ends the first" },
  "fdm-session-limit": count("FDM: sessions at once; one more ends the oldest (default 5)"),
  "requests-per-minute": count("FMC: more are answered 429 (default: no limit; a device has 120)"),
  "connection-limit": count("FMC: those beyond are answered 429 (default: no limit; a device has 10)"),
  domain: { value: "NAME", help: "FMC: a domain; repeatable (default: Global and 'Global/ Branch')" },
  objects: count("hosts and networks that exist at the start (default 30)"),
  rules: count("FMC: rules of the policy Edge (default 0: no policy)"),
  devices: { value: "N", most: 10_000, help: "FMC: firewalls that it manages (default 2)" },
  "server-version": { value: "TEXT", help: "default 7.4.2 (build 172)" },
  "api-version": { value: "VERSION", help: "FDM: a version such as v6; repeatable" },
  "no-versions": { help: "FDM: no /api/versions, as on old builds" },
  "first-boot": { help: "FDM: answers 403 until it is provisioned" },
  "no-fmc": { help: "the FMC's REST API is switched off" },
  "no-fdm": { help: "no FDM" },
  "deploy-time": seconds("of deployments, and of an FDM's backups (default 0)"),
  latency: { value: "MILLISECONDS", most: 600_000, help: "before each answer" },
  certificate: { value: "FILE", help: "PEM, in place of a fresh certificate; with --key" },
  key: { value: "FILE", help: "PEM, the key of --certificate" },
  verbose: { help: "log each request to standard error" },
  help: { help: "this text" }
}

const known = Object.fromEntries(
  Object.entries(flags).map(([name, flag]) => [
    name,
    { type: flag.value === undefined ? ("boolean" as const) : ("string" as const), multiple: true }
  ])
)

const askedFor = (given: Given): Asked => {
  const text = (name: string) => given.get(name)?.at(-1)
  const number = (name: string) => (given.has(name) ? Number(text(name)) : undefined)
  const duration = (name: string) =>
    given.has(name) ? (`${Number(text(name))} seconds` as const) : undefined
  const cert = text("certificate")
  const key = text("key")
  const password = text("password")
  const apiToken = text("api-token")
  const options = {
    host: text("host"),
    port: number("port"),
    username: text("username"),
    password: password === undefined ? undefined : Redacted.make(password),
    apiToken: apiToken === undefined ? undefined : Redacted.make(apiToken),
    tokenLifetime: duration("token-lifetime"),
    refreshLimit: number("refresh-limit"),
    refreshGrace: duration("refresh-grace"),
    refreshLifetime: duration("refresh-lifetime"),
    evictOnLogin: given.has("evict-on-login"),
    fdmSessionLimit: number("fdm-session-limit"),
    requestsPerMinute: number("requests-per-minute"),
    connectionLimit: number("connection-limit"),
    domains: given.get("domain"),
    objects: number("objects"),
    rules: number("rules"),
    devices: number("devices"),
    serverVersion: text("server-version"),
    apiVersions: given.get("api-version"),
    listsVersions: !given.has("no-versions"),
    firstBoot: given.has("first-boot"),
    fmc: !given.has("no-fmc"),
    fdm: !given.has("no-fdm"),
    deployTime: duration("deploy-time"),
    latency: number("latency")
  }
  return {
    options: present(options),
    help: given.has("help"),
    verbose: given.has("verbose"),
    certificate: cert === undefined || key === undefined ? undefined : { cert, key }
  }
}

type Present<A> = { readonly [Key in keyof A]?: Exclude<A[Key], undefined> }

// Flags that were not given leave the defaults alone.
const present = <A extends object>(fields: A): Present<A> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<A>
