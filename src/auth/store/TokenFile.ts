import { open, rename, rm } from "node:fs/promises"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { systemErrorCode } from "../../transport/SystemErrorCode.ts"
import type { StoreReason } from "../AuthError.ts"
import * as Instant from "../Instant.ts"
import * as Token from "../Token.ts"
import * as RegularFile from "./RegularFile.ts"
import { hasModes, isOwn } from "./StateFolder.ts"
import type { Key, StoredToken } from "./StoredToken.ts"
import { explained, explaining, type StoreFault } from "./StoreFault.ts"

const Secret = Schema.Redacted(Schema.NonEmptyString)
const Millis = Schema.Finite

const KeyFields = Schema.Struct({
  provider: Schema.String,
  targetName: Schema.String,
  origin: Schema.String,
  serverName: Schema.String,
  trust: Schema.String,
  username: Schema.String,
  node: Schema.String
})

/**
 * `Content` is what stands in the file. A clock that only runs inside one process cannot be kept: of `issued`, the wall
 * clock is.
 */
const Content = Schema.parseJson(
  Schema.Struct({
    sallyport: Schema.Literal("token"),
    key: KeyFields,
    login: Schema.String,
    token: Schema.Struct({
      access: Secret,
      refresh: Schema.optional(Secret),
      issuedAt: Millis,
      lifetime: Schema.optional(Schema.DurationFromMillis),
      refreshLifetime: Schema.optional(Schema.DurationFromMillis),
      /** `refreshesLeft` is absent where no limit is known. */
      refreshesLeft: Schema.optional(Schema.Finite),
      revocable: Schema.Boolean,
      attributes: Schema.Record({ key: Schema.String, value: Schema.Unknown })
    }),
    refreshing: Schema.Boolean,
    holders: Schema.Array(Schema.Struct({ name: Schema.String, until: Millis }))
  })
)

const decode = Schema.decodeUnknownOption(Content)
const encode = Schema.encode(Content)

// A new login mends it.
const mending = / \([^)]*\)\.$/

// Bytes. A token has a few thousand.
const maxBytes = 1024 * 1024

/** `read` reads the token of `key`. What cannot be trusted is set aside, beside the file, and told to `report`. */
export const read = (
  path: string,
  key: Key,
  report: (fault: StoreFault) => Effect.Effect<void>
): Effect.Effect<StoredToken | undefined, StoreFault> =>
  Effect.gen(function* () {
    const found = yield* load(path)
    if (found === undefined) return undefined
    const stored = "text" in found ? parse(found.text, key, yield* Instant.now) : found.reason
    if (typeof stored !== "string") return stored
    const { found: facts } = yield* explained({ reason: stored, path, code: undefined }, "file")
    yield* setAside(path)
    yield* report({
      reason: stored,
      path: `${path}.set-aside`,
      code: undefined,
      found: facts?.replace(mending, ".")
    })
    return undefined
  })

/** `write` writes it whole or not at all, for this user alone. The caller has the lock. */
export const write = (
  path: string,
  key: Key,
  { token, holders, login, refreshing }: StoredToken
): Effect.Effect<void, StoreFault> => {
  const { issued, refreshesLeft } = token
  const content: typeof Content.Type = {
    sallyport: "token",
    key,
    login,
    // The schema leaves out what is not kept.
    token: {
      ...token,
      issuedAt: issued.wall,
      refreshesLeft: Number.isFinite(refreshesLeft) ? refreshesLeft : undefined
    },
    refreshing,
    holders
  }
  return Effect.matchEffect(encode(content), {
    // An attribute that is not data. The error would show it, and the tokens beside it.
    onFailure: () => Effect.fail<StoreFault>({ reason: "Unusable", path, code: undefined }),
    onSuccess: (text) => attempt(path, () => replace(path, text))
  })
}

export const remove = (path: string): Effect.Effect<void, StoreFault> =>
  attempt(path, () => rm(path, { force: true }))

const attempt = <A>(path: string, act: () => Promise<A>): Effect.Effect<A, StoreFault> =>
  Effect.tryPromise({
    try: act,
    catch: (error): StoreFault => ({
      reason: "Unusable",
      path,
      code: systemErrorCode(error)
    })
  }).pipe(explaining("file"))

const replace = async (path: string, text: string): Promise<void> => {
  // Under the lock nobody else writes here: what is there was left by a process that was killed.
  const next = `${path}.new`
  await rm(next, { force: true })
  const file = await open(next, RegularFile.createFlags, 0o600)
  try {
    await file.writeFile(text, "utf8")
    await file.sync()
  } catch (error) {
    // A full disk, say: half a token is a token too many.
    await rm(next, { force: true })
    throw error
  } finally {
    await file.close()
  }
  await rename(next, path)
}

type Found = { readonly text: string } | { readonly reason: StoreReason } | undefined

const load = (path: string): Effect.Effect<Found, StoreFault> =>
  attempt(path, async () => {
    // Of the file that is open, not of whatever has the name by now.
    const found = await RegularFile.withRegularFile(path, async (file): Promise<Found> => {
      const { mode, size, uid } = await file.stat()
      if (!isOwn(uid) || size > maxBytes) return { reason: "Foreign" }
      if (hasModes(mode, 0o077)) return { reason: "Exposed" }
      return { text: await file.readFile("utf8") }
    })
    if (found === "Absent") return undefined
    return found === "Foreign" ? { reason: "Foreign" } : found
  })

const setAside = (path: string): Effect.Effect<void, StoreFault> =>
  attempt(path, async () => {
    const aside = `${path}.set-aside`
    await rm(aside, { recursive: true, force: true })
    await rename(path, aside)
    // A file with other names is not ours alone to change; nor is what a link points to.
    const hide = RegularFile.withRegularFile(aside, async (file) => {
      if ((await file.stat()).nlink === 1) await file.chmod(0o600)
    })
    await hide.catch(() => {})
  })

const parse = (text: string, key: Key, now: Instant.Instant): StoredToken | StoreReason => {
  const content = Option.getOrUndefined(decode(text))
  if (content === undefined) return isJson(text) ? "Foreign" : "Torn"
  if (!isSameKey(content.key, key)) return "Foreign"
  const { holders, login, refreshing } = content
  return { login, token: tokenOf(content.token, now), refreshing, holders }
}

const tokenOf = (
  { issuedAt, ...response }: (typeof Content.Type)["token"],
  now: Instant.Instant
): Token.Token => {
  const elapsed = now.wall - issuedAt
  // From the future: the clock was set back meanwhile, and nobody knows how old it is. Then it counts as expired.
  const monotonic = elapsed < 0 ? Number.NEGATIVE_INFINITY : now.monotonic - elapsed
  return Token.make(response, { wall: issuedAt, monotonic })
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const isSameKey = Schema.equivalence(KeyFields)
