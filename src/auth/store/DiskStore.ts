import { createHash, randomUUID } from "node:crypto"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as InputSchema from "../../validation/InputSchema.ts"
import { TokenStoreFailed } from "../AuthError.ts"
import * as FileLock from "./FileLock.ts"
import * as ProcessIdentity from "./ProcessIdentity.ts"
import * as StateFolder from "./StateFolder.ts"
import type { Key, Service, Slot } from "./StoredToken.ts"
import type { StoreFault } from "./StoreFault.ts"
import * as TokenFile from "./TokenFile.ts"

/** `DiskOptions` say where logins are kept, and what becomes of those that are left. */
export interface DiskOptions {
  /**
   * `folder` is where the files are: it is this user's, and nobody else may write there.
   *
   * @default `sallyport/tokens` in the user's state folder (`~/.local/state`, `~/Library/Application Support`,
   * `%LOCALAPPDATA%`)
   */
  readonly folder?: string | undefined
  /**
   * `whenLastCloses` says what becomes of a login when the last session that uses it closes. With `keep` it waits for
   * the next script, until it expires. With `logOut` it ends, and the store only serves those who run at the same time
   * and those who come after a crash.
   *
   * @default `keep`
   */
  readonly whenLastCloses?: "keep" | "logOut" | undefined
  /**
   * `leftBehind` says what a run does with a login that is still good and whose processes were all killed (`kill -9`, a
   * power cut). With `adopt` it goes on with it. With `logOut` it ends it and logs in anew.
   *
   * @default `adopt`
   */
  readonly leftBehind?: "adopt" | "logOut" | undefined
}

/** `left` are the sessions of this process that have closed, and stand in a file as if they had not. */
const left = new Set<string>()

// Longer than a refresh and a login of another process take, each of 60 seconds.
const lockTimeout = "150 seconds"

/**
 * `disk` keeps tokens in files that only this user can read, for scripts that follow each other or run side by side:
 * they share one login per target, trust, account and node, and never renew it against each other.
 *
 * The files hold tokens: whoever reads them can act as the account until they expire. A session that closes is then not
 * logged out unless `whenLastCloses` says so. Throws `InvalidInput` for options that there are not.
 *
 * @example
 * Main.run(script.pipe(Effect.scoped, Effect.provide(TokenStore.layer(TokenStore.disk()))))
 */
export const disk = (options?: DiskOptions): Service => {
  InputSchema.checkSync(diskOptions, options ?? {}, "a store on disk")
  return onDisk(options ?? {})
}

const diskOptions = Schema.Struct({
  folder: InputSchema.optional(Schema.NonEmptyString, "the path of a folder"),
  whenLastCloses: InputSchema.optional(Schema.Literal("keep", "logOut"), '"keep" or "logOut"'),
  leftBehind: InputSchema.optional(Schema.Literal("adopt", "logOut"), '"adopt" or "logOut"')
})

const onDisk = (options: DiskOptions): Service => ({
  openSlot: (key, report) => {
    const toError = ({ code, found, path, reason }: StoreFault) =>
      new TokenStoreFailed({
        targetName: key.targetName,
        reason,
        path,
        ...(code === undefined ? {} : { code }),
        ...(found === undefined ? {} : { found })
      })
    return Effect.map(
      Effect.mapError(StateFolder.openFolder(options.folder, "tokens"), toError),
      (folder): Slot => {
        const path = join(folder, `${fileNameOf(key)}.json`)
        const own = `${ProcessIdentity.format(ProcessIdentity.currentProcess())}/${randomUUID()}`
        return {
          holder: own,
          isAlive: (holder) =>
            Effect.sync(() => {
              if (left.has(holder)) return false
              const owner = ProcessIdentity.parse(holder)
              return owner !== undefined && !ProcessIdentity.hasEnded(owner)
            }),
          leftUnwritten: Effect.sync(() => left.add(own)),
          withLock: (use, wait = lockTimeout) => {
            const mapFault = <A>(change: Effect.Effect<A, StoreFault>) => Effect.mapError(change, toError)
            return Effect.flatten(
              mapFault(
                FileLock.withLock(`${path}.lock`, wait, (lock) =>
                  Effect.exit(
                    use({
                      read: mapFault(TokenFile.read(path, key, (fault) => report(toError(fault)))),
                      write: (stored) =>
                        mapFault(Effect.zipRight(lock.check, TokenFile.write(path, key, stored))),
                      clear: mapFault(Effect.zipRight(lock.check, TokenFile.remove(path)))
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

// Nothing that a name could do to a path, and nobody who lists the folder learns whose tokens these are.
const fileNameOf = (key: Key): string => {
  const { node, origin, provider, serverName, targetName, trust, username } = key
  const facts = JSON.stringify(["2", provider, targetName, origin, serverName, trust, username, node])
  return createHash("sha256").update(facts).digest("hex").slice(0, 40)
}
