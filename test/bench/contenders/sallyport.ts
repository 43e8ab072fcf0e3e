import { readFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { pathToFileURL } from "node:url"
import type { Contender } from "../Contender.ts"
import { type Facts, password, shortList, username } from "../Facts.ts"

/** `filesOf` gives the file that a script of this runtime gets for a subpath of a checkout's package. */
const fileOf = (checkout: string, subpath: string): string => {
  const { exports } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8"))
  const { bun, default: built } = exports[subpath]
  return join(checkout, (process.versions.bun === undefined ? undefined : bun) ?? built)
}

/** `load` loads a checkout's package as it is published, and the Effect that belongs to it. */
const load = async (checkout: string) => {
  const file = (path: string) => import(pathToFileURL(path).href)
  const effect = (name: string) => file(join(checkout, "node_modules/effect/dist/esm", name))
  const { Credentials, Session, Target, Trust } = (await file(
    fileOf(checkout, ".")
  )) as typeof import("sallyport")
  return {
    Credentials,
    Session,
    Target,
    Trust,
    Fmc: (await file(fileOf(checkout, "./fmc"))) as typeof import("sallyport/fmc"),
    Effect: (await effect("Effect.js")) as typeof import("effect/Effect"),
    Exit: (await effect("Exit.js")) as typeof import("effect/Exit"),
    Redacted: (await effect("Redacted.js")) as typeof import("effect/Redacted"),
    Scope: (await effect("Scope.js")) as typeof import("effect/Scope"),
    Stream: (await effect("Stream.js")) as typeof import("effect/Stream")
  }
}

/** `sallyport` is the library of a checkout: a session on an FMC, without a limit of requests a minute. */
export const sallyport = (name: string, checkout: string): Contender => ({
  name,
  open: async ({ ca, origin, origins }: Facts) => {
    const { Credentials, Effect, Exit, Fmc, Redacted, Scope, Stream, Target, Trust } = await load(checkout)
    const credentials = Credentials.password({ username, password: Redacted.make(password) })
    const make = (url: string) => {
      const target = Target.make({ url, trust: Trust.ca(ca), requestsPerMinute: Number.POSITIVE_INFINITY })
      return Fmc.make({ target, credentials })
    }
    const scope = await Effect.runPromise(Scope.make())
    const fmc = await Effect.runPromise(Scope.extend(make(origin), scope))
    const get = ({ session }: typeof fmc) => Effect.flatMap(session.http.get(shortList), ({ json }) => json)
    return {
      requests: (count, width) =>
        Effect.runPromise(Effect.replicateEffect(get(fmc), count, { concurrency: width, discard: true })),
      list: () =>
        Effect.runPromise(
          Effect.flatMap(fmc.domain("Global"), ({ hosts }) =>
            Stream.runFold(hosts.list(), 0, (count) => count + 1)
          )
        ),
      fleet: (width) =>
        Effect.runPromise(
          Effect.forEach(
            origins,
            (url) =>
              Effect.scoped(
                Effect.flatMap(make(url), (device) =>
                  Effect.replicateEffect(get(device), 5, { discard: true })
                )
              ),
            { concurrency: width, discard: true }
          )
        ),
      close: () => Effect.runPromise(Scope.close(scope, Exit.void))
    }
  }
})
