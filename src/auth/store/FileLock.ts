import { createHash, randomUUID } from "node:crypto"
import { link, lstat, readdir, rm, writeFile } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { performance } from "node:perf_hooks"
import { clearInterval, setInterval } from "node:timers"
import { setTimeout } from "node:timers/promises"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { systemErrorCode } from "../../transport/SystemErrorCode.ts"
import * as ProcessIdentity from "./ProcessIdentity.ts"
import * as RegularFile from "./RegularFile.ts"
import { explaining, type StoreFault } from "./StoreFault.ts"

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

// Without a pause, at a lock that was gone whenever it was looked at.
const maxAttempts = 20

/** `LockOptions` say how a lock is taken, and what others are to know of it. */
export interface LockOptions {
  /** `wait` is how long to wait for it. The wait is not interruptible. */
  readonly wait: Duration.DurationInput
  /** `label` is told to those who find it locked. @default empty */
  readonly label?: string
  /**
   * `whenStill` says what becomes of the lock of a process that certainly runs and has not said so for a minute, since
   * it was stopped, say: it loses it, or keeps it for as long as it lives.
   *
   * @default `lose`
   */
  readonly whenStill?: "lose" | "keep"
}

/**
 * `withLock` runs `use` while this process alone has the lock. Fails with `Locked` where that takes longer than `wait`.
 * The wait is not interruptible: it belongs into an exchange's own fiber.
 */
export const withLock = <A, E>(
  path: string,
  wait: Duration.DurationInput,
  use: (lock: FileLock) => Effect.Effect<A, E>
): Effect.Effect<A, E | StoreFault> => Effect.scoped(Effect.flatMap(hold(path, { wait }), use))

/** `hold` takes the lock until the scope closes. Fails with `Locked` where that takes longer than `wait`. */
export const hold = (path: string, options: LockOptions): Effect.Effect<FileLock, StoreFault, Scope.Scope> =>
  // A name of its own each time that it runs.
  Effect.suspend(() => holdAs(nameWith(options.label ?? ""), path, options))

const nameWith = (label: string): string => {
  const identity = `${ProcessIdentity.format(ProcessIdentity.currentProcess())}/${randomUUID()}`
  // Older versions read the first line alone.
  return label === "" ? identity : `${identity}\n${label}`
}

const holdAs = (
  me: string,
  path: string,
  { wait, whenStill = "lose" }: LockOptions
): Effect.Effect<FileLock, StoreFault, Scope.Scope> => {
  const isMine = async () => (await contentOf(path)) === me
  const attempt = <B>(act: () => Promise<B>): Effect.Effect<B, StoreFault> =>
    Effect.tryPromise({
      try: act,
      catch: (error) => (error instanceof Locked ? locked(path, error.owner) : unusable(path, error))
    }).pipe(explaining("file"))
  const acquired = async () => {
    await acquire({ path, me, whenStill }, Duration.toMillis(wait))
    const sayIt = async () => (await isMine()) && touch(path)
    return setInterval(() => void sayIt().catch(() => {}), heartbeatMillis).unref()
  }
  const release = async (beating: ReturnType<typeof setInterval>) => {
    clearInterval(beating)
    if (await isMine()) await rm(path, { force: true })
  }
  const check = Effect.filterOrFail(
    attempt(isMine),
    (mine) => mine,
    (): StoreFault => ({ reason: "LockLost", path, code: undefined })
  )
  return Effect.as(
    Effect.acquireRelease(attempt(acquired), (beating) => Effect.ignore(attempt(() => release(beating)))),
    { check }
  )
}

const touch = (path: string) =>
  RegularFile.withRegularFile(path, (file) => file.utimes(new Date(), new Date()))

class Locked extends Data.Error<{ readonly owner: string }> {}

const locked = (path: string, owner: string): StoreFault => ({
  reason: "Locked",
  path,
  code: undefined,
  owner: { process: ProcessIdentity.parse(owner), label: owner.split("\n")[1] ?? "" }
})
const unusable = (path: string, error: unknown): StoreFault => ({
  reason: "Unusable",
  path,
  code: systemErrorCode(error)
})

/** `Claim` is what one process wants: this lock, under this name. */
interface Claim {
  readonly path: string
  readonly me: string
  readonly whenStill: "lose" | "keep"
}

const acquire = async (claim: Claim, wait: number): Promise<void> => {
  const { me, path } = claim
  const mine = `${path}.${randomUUID()}`
  // In real time, whatever clock the program has: the other process lives by that.
  const end = performance.now() + wait
  let attempts = 0
  try {
    await writeFile(mine, me, { flag: "wx", mode: 0o600 })
    while (!(await tryLink(mine, path))) {
      const owner = await contentOf(path)
      // NFS may repeat a link whose answer was lost, and then find it there already.
      if (owner === me) return
      // Where nobody has it any more there is another attempt, however little time there was to wait.
      if (owner === undefined && attempts++ < maxAttempts) continue
      if (owner !== undefined && (await isStale(claim, path, owner))) {
        if (await takeOver(claim, path, owner, mine)) continue
      }
      if (performance.now() > end) throw new Locked({ owner: owner ?? "" })
      await setTimeout(5 + Math.random() * 20)
      // Its age counts from when it became the lock, not from when the wait began.
      await touch(mine)
    }
  } finally {
    await rm(mine, { force: true })
  }
}

/**
 * `takeOver` removes the lock of one that is gone, and says whether it did. The right to do so is a lock too, named
 * after what is removed: whoever has it knows that nobody else removes this one, and that it does not come again. Where
 * the heir is gone as well, its heir goes on.
 */
const takeOver = async (claim: Claim, path: string, owner: string, mine: string): Promise<boolean> => {
  const lock = claim.path
  // A hash: after a power cut, anything may stand in a lock.
  const right = `${lock}.${createHash("sha256").update(owner).digest("hex").slice(0, 32)}`
  if (!(await tryLink(mine, right))) {
    const heir = await contentOf(right)
    return heir !== undefined && (await isStale(claim, right, heir)) && takeOver(claim, right, heir, mine)
  }
  try {
    if ((await contentOf(path)) === owner) await rm(path, { force: true })
    await sweep(lock)
  } finally {
    await rm(right, { force: true })
  }
  return true
}

/** `sweep` removes what processes that were killed while they waited have left. */
const sweep = async (lock: string): Promise<void> => {
  const folder = dirname(lock)
  for (const name of await readdir(folder)) {
    const file = join(folder, name)
    if (name.startsWith(`${basename(lock)}.`) && (await isOld(file))) await rm(file, { force: true })
  }
}

const isStale = async ({ whenStill }: Claim, path: string, owner: string): Promise<boolean> => {
  const known = ProcessIdentity.parse(owner)
  if (known !== undefined && ProcessIdentity.hasEnded(known)) return true
  if (whenStill === "keep" && known !== undefined && ProcessIdentity.isRunning(known)) return false
  return isOld(path)
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
