import { createHash, randomUUID } from "node:crypto"
import { link, lstat, readdir, rm, writeFile } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { performance } from "node:perf_hooks"
import { clearInterval, setInterval } from "node:timers"
import { setTimeout } from "node:timers/promises"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as ProcessIdentity from "./ProcessIdentity.ts"
import * as RegularFile from "./RegularFile.ts"
import { type StoreFault, systemErrorCode } from "./StoreFault.ts"

/**
 * `FileLock` is a lock between processes: a file that comes to be by `link()`, which fails where it is there already,
 * on every file system and runtime alike. It names its owner, so that the lock of a process that was killed is taken
 * over at once. (The packages for this either patch the whole process or wait until a time has passed.)
 */
export interface FileLock {
  /** `check` fails with `LockLost` once another process has taken it over. */
  readonly check: Effect.Effect<void, StoreFault>
}

// Milliseconds. Whoever has the lock says so every few seconds; where nothing can be learned of its process (another
// machine, Deno without --allow-run), its silence for a minute means that it is gone.
const heartbeatMillis = 5000
const staleMillis = 60_000

/**
 * `withLock` runs `use` while this process alone has the lock. Fails with `Locked` where that takes longer than `wait`.
 * The wait is not interruptible: it belongs into an exchange's own fiber.
 */
export const withLock = <A, E>(
  path: string,
  wait: Duration.DurationInput,
  use: (lock: FileLock) => Effect.Effect<A, E>
): Effect.Effect<A, E | StoreFault> => {
  const me = `${ProcessIdentity.format(ProcessIdentity.currentProcess())}/${randomUUID()}`
  const isMine = async () => (await contentOf(path)) === me
  const attempt = <B>(act: () => Promise<B>): Effect.Effect<B, StoreFault> =>
    Effect.tryPromise({
      try: act,
      catch: (error) => (error instanceof Locked ? locked(path) : unusable(path, error))
    })
  let beating: ReturnType<typeof setInterval> | undefined
  const acquired = async () => {
    await acquire(path, me, Duration.toMillis(wait))
    const sayIt = async () => (await isMine()) && touch(path)
    beating = setInterval(() => void sayIt().catch(() => {}), heartbeatMillis).unref()
  }
  const release = async () => {
    clearInterval(beating)
    if (await isMine()) await rm(path, { force: true })
  }
  return Effect.acquireUseRelease(
    attempt(acquired),
    () =>
      use({
        check: Effect.filterOrFail(
          attempt(isMine),
          (mine) => mine,
          (): StoreFault => ({ reason: "LockLost", path, code: undefined })
        )
      }),
    () => Effect.ignore(attempt(release))
  )
}

const touch = (path: string) =>
  RegularFile.withRegularFile(path, (file) => file.utimes(new Date(), new Date()))

class Locked extends Error {}

const locked = (path: string): StoreFault => ({ reason: "Locked", path, code: undefined })
const unusable = (path: string, error: unknown): StoreFault => ({
  reason: "Unusable",
  path,
  code: systemErrorCode(error)
})

const acquire = async (path: string, me: string, wait: number): Promise<void> => {
  const mine = `${path}.${randomUUID()}`
  // In real time, whatever clock the program has: the other process lives by that.
  const end = performance.now() + wait
  try {
    await writeFile(mine, me, { flag: "wx", mode: 0o600 })
    while (!(await tryLink(mine, path))) {
      const owner = await contentOf(path)
      // NFS may repeat a link whose answer was lost, and then find it there already.
      if (owner === me) return
      if (owner !== undefined && (await isStale(path, owner))) await takeOver(path, path, owner, mine)
      if (performance.now() > end) throw new Locked()
      await setTimeout(5 + Math.random() * 20)
      // Its age counts from when it became the lock, not from when the wait began.
      await touch(mine)
    }
  } finally {
    await rm(mine, { force: true })
  }
}

/**
 * `takeOver` removes the lock of one that is gone. The right to do so is a lock too, named after what is removed:
 * whoever has it knows that nobody else removes this one, and that it does not come again. Where the heir is gone as
 * well, its heir goes on.
 */
const takeOver = async (lock: string, path: string, owner: string, mine: string): Promise<void> => {
  // A hash: after a power cut, anything may stand in a lock.
  const right = `${lock}.${createHash("sha256").update(owner).digest("hex").slice(0, 32)}`
  if (!(await tryLink(mine, right))) {
    const heir = await contentOf(right)
    if (heir !== undefined && (await isStale(right, heir))) await takeOver(lock, right, heir, mine)
    return
  }
  try {
    if ((await contentOf(path)) === owner) await rm(path, { force: true })
    await sweep(lock)
  } finally {
    await rm(right, { force: true })
  }
}

/** `sweep` removes what processes that were killed while they waited have left. */
const sweep = async (lock: string): Promise<void> => {
  const folder = dirname(lock)
  for (const name of await readdir(folder)) {
    const file = join(folder, name)
    if (name.startsWith(`${basename(lock)}.`) && (await isOld(file))) await rm(file, { force: true })
  }
}

const isStale = async (path: string, owner: string): Promise<boolean> => {
  const known = ProcessIdentity.parse(owner)
  return (known !== undefined && ProcessIdentity.hasEnded(known)) || isOld(path)
}

const isOld = async (path: string): Promise<boolean> => {
  try {
    return Date.now() - (await lstat(path)).mtimeMs > staleMillis
  } catch {
    return false
  }
}

const tryLink = async (from: string, to: string): Promise<boolean> => {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (systemErrorCode(error) === "EEXIST") return false
    throw error
  }
}

const contentOf = async (path: string): Promise<string | undefined> => {
  const content = await RegularFile.withRegularFile(path, async (file) => ({
    text: await file.readFile("utf8")
  }))
  if (content === "Absent") return undefined
  // What is no file is nobody's, and is removed once it is old.
  return content === "Foreign" ? "" : content.text
}
