import { createHash, randomUUID } from "node:crypto"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { GrantStoreFailed } from "../AuthError.ts"
import type * as GrantStore from "../TokenStore.ts"
import * as Lock from "./FileLock.ts"
import * as Owner from "./ProcessIdentity.ts"
import * as StateFolder from "./StateFolder.ts"
import type { Trouble } from "./StoreFault.ts"
import * as GrantFile from "./TokenFile.ts"

export interface Options {
  /**
   * Where the files are: of this user, and nobody else may write there. Default: `sallyport/grants` in the user's
   * state folder (`~/.local/state`, `~/Library/Application Support`, `%LOCALAPPDATA%`).
   */
  readonly folder?: string | undefined
  /**
   * What becomes of a login when the last session that uses it closes. `keep`, the default: it waits for the next
   * script, until it expires. `logOut`: it ends, and the store only serves those who run at the same time and those
   * who come after a crash.
   */
  readonly whenLastCloses?: "keep" | "logOut" | undefined
  /**
   * What a run does with a login that is still good and whose processes were all killed (`kill -9`, a power cut).
   * `adopt`, the default: it goes on with it. `logOut`: it ends it and logs in anew.
   */
  readonly leftBehind?: "adopt" | "logOut" | undefined
}

// Longer than a refresh and a login of another process take, each of 60 seconds.
const patience = "150 seconds"

/**
 * Keeps grants in files that only this user can read, for scripts that follow each other or run side by side: they
 * share one login per target, trust, account and node, and never renew it against each other.
 *
 * The files hold tokens: whoever reads them can act as the account until they expire. A session that closes is then
 * not logged out unless `whenLastCloses` says so.
 *
 * @example
 * Main.run(script.pipe(Effect.scoped, Effect.provide(GrantStore.layer(GrantStore.disk()))))
 */
export const disk = (options: Options = {}): GrantStore.Service => ({
  place: (key, report) => {
    const named = ({ code, path, reason }: Trouble) =>
      new GrantStoreFailed({
        target: key.target,
        reason,
        path,
        ...(code === undefined ? {} : { code })
      })
    return Effect.map(
      Effect.mapError(StateFolder.open(options.folder), named),
      (folder): GrantStore.Place => {
        const path = join(folder, `${nameOf(key)}.json`)
        return {
          holder: `${Owner.text(Owner.own())}/${randomUUID()}`,
          isAlive: (holder) =>
            Effect.sync(() => {
              const owner = Owner.parse(holder)
              return owner !== undefined && !Owner.isGone(owner)
            }),
          exclusively: (use, wait = patience) => {
            const mine = <A>(change: Effect.Effect<A, Trouble>) => Effect.mapError(change, named)
            return Effect.flatten(
              mine(
                Lock.hold(`${path}.lock`, wait, (lock) =>
                  Effect.exit(
                    use({
                      read: mine(GrantFile.read(path, key, (trouble) => report(named(trouble)))),
                      write: (kept) => mine(Effect.zipRight(lock.check, GrantFile.write(path, key, kept))),
                      clear: mine(Effect.zipRight(lock.check, GrantFile.remove(path)))
                    })
                  )
                )
              )
            )
          },
          whenLastCloses: options.whenLastCloses ?? "keep",
          leftBehind: options.leftBehind ?? "adopt"
        }
      }
    )
  }
})

// Nothing that a name could do to a path, and nobody who lists the folder learns whose grants these are.
const nameOf = (key: GrantStore.Key): string => {
  const { node, origin, provider, serverName, target, trust, username } = key
  const facts = JSON.stringify(["1", provider, target, origin, serverName, trust, username, node])
  return createHash("sha256").update(facts).digest("hex").slice(0, 40)
}
