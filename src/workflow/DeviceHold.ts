import { createHash } from "node:crypto"
import { join } from "node:path"
import { clearTimeout, setTimeout } from "node:timers"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as StateFolder from "../auth/store/StateFolder.ts"
import { allOrNothing } from "./journal/AllOrNothing.ts"
import { fromFault, type JournalFailed } from "./journal/JournalFailed.ts"
import * as LockHolder from "./journal/LockHolder.ts"
import * as RunLock from "./journal/RunLock.ts"

/** `HeldDevice` is a device that a run works on. */
export interface HeldDevice {
  readonly name: string
  /** `origin` says which it is, whatever its name: with the path below which it lies, where it has one. */
  readonly origin: string
}

/** `HoldOptions` say for whom devices are held, and what to do where another run has one. */
export interface HoldOptions {
  /** `run` is the run's id. */
  readonly run: string
  /** `whenHeld` says whether to fail where another run has one of the devices, or to wait until it has ended. */
  readonly whenHeld: "refuse" | "wait"
  /**
   * `folder` is where all who share the devices look: this user's, and nobody else may write there.
   *
   * @default `sallyport/devices` in the user's state folder (`~/.local/state`, `~/Library/Application Support`,
   * `%LOCALAPPDATA%`)
   */
  readonly folder?: string | undefined
}

/** `DeviceHeld` says that another run of this machine works on a device. Nothing was sent to it. */
export class DeviceHeld extends Data.TaggedError("DeviceHeld")<{
  readonly targetName: string
  readonly origin: string
  readonly holder: LockHolder.LockHolder
  /** `path` is the lock. */
  readonly path: string
}> {
  override get message(): string {
    const run = this.holder.run === undefined ? "another run" : `the run ${this.holder.run}`
    return `${this.targetName}: ${run} has ${this.origin} to itself, by ${LockHolder.words(this.holder)} (${this.path}). Wait until it has ended, or end it, and try again; or let this run wait for it: by --wait-for-device on a command line, by whenHeld: "wait" in a script. Where there is no such process any more, that is known after a minute.`
  }
}

/**
 * `hold` has devices to itself until the scope closes, among all runs of this user on this machine, those of this
 * process too. A run whose process is dead has none. Two runs that want the same devices never wait for each other. The
 * wait is interruptible.
 *
 * Fails with `DeviceHeld`, and with `JournalFailed` where the folder cannot be used.
 */
export const hold = (
  devices: ReadonlyArray<HeldDevice>,
  { folder, run, whenHeld }: HoldOptions
): Effect.Effect<void, DeviceHeld | JournalFailed, Scope.Scope> =>
  Effect.gen(function* () {
    const opened = yield* Effect.mapError(StateFolder.openFolder(folder, "devices"), fromFault)
    for (const device of inOrder(devices)) {
      const taken = take(join(opened, fileNameOf(device)), device, run)
      yield* whenHeld === "refuse" ? taken : untilFree(taken)
    }
  }).pipe(allOrNothing)

// One order for all runs: else one has the first and wants the second, and another has the second and wants the first.
const inOrder = (devices: ReadonlyArray<HeldDevice>): ReadonlyArray<HeldDevice> =>
  [...new Map(devices.map((device) => [device.origin, device])).values()].sort((one, other) =>
    one.origin < other.origin ? -1 : 1
  )

const fileNameOf = ({ origin }: HeldDevice): string =>
  `${createHash("sha256").update(origin).digest("hex").slice(0, 40)}~lock`

const take = (path: string, { name, origin }: HeldDevice, run: string) =>
  RunLock.hold(path, run, (holder) => new DeviceHeld({ targetName: name, origin, holder, path }))

const untilFree = <A, R>(
  taken: Effect.Effect<A, DeviceHeld | JournalFailed, R>
): Effect.Effect<A, JournalFailed, R> =>
  Effect.catchTag(taken, "DeviceHeld", () =>
    Effect.zipRight(
      aMoment,
      Effect.suspend(() => untilFree(taken))
    )
  )

// In real time, whatever clock the program has: the other process lives by that. Those who wait don't look at once.
const aMoment = Effect.async<void>((resume) => {
  const timer = setTimeout(() => resume(Effect.void), 100 + Math.random() * 200)
  return Effect.sync(() => clearTimeout(timer))
})
