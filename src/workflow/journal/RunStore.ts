import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import * as DeviceHold from "../DeviceHold.ts"
import type { JournalFailed } from "./JournalFailed.ts"
import * as JournalFile from "./JournalFile.ts"
import type { JournalHome } from "./JournalPlace.ts"
import type { RunHeld } from "./RunHeld.ts"

/** `Store` is where runs are written down, and where it stands who works on which device. */
export interface Store {
  /** `create` does what that of `JournalFile` does, as do `reopen` and `read`; `runs` is its `list`. */
  readonly create: (
    home: JournalHome,
    run: string
  ) => Effect.Effect<JournalFile.JournalFile, JournalFailed | InvalidInput, Scope.Scope>
  readonly reopen: (
    home: JournalHome,
    run: string
  ) => Effect.Effect<JournalFile.JournalFile, JournalFailed | RunHeld | InvalidInput, Scope.Scope>
  readonly read: (
    home: JournalHome,
    run: string
  ) => Effect.Effect<Pick<JournalFile.JournalFile, "path" | "lines">, JournalFailed | InvalidInput>
  readonly runs: (home: JournalHome) => Effect.Effect<ReadonlyArray<string>, JournalFailed>
  /** `hold` does what that of `DeviceHold` does. */
  readonly hold: (
    devices: ReadonlyArray<DeviceHold.HeldDevice>,
    options: DeviceHold.HoldOptions
  ) => Effect.Effect<void, DeviceHold.DeviceHeld | JournalFailed, Scope.Scope>
  /** `isShared` says that a run which is interrupted here is gone on with by another process. */
  readonly isShared: boolean
  /**
   * `isLeft` says whether a run that ends now is left as it is, since another process goes on with it: taken back as
   * well, it would be gone on with as if what it did still stood.
   */
  readonly isLeft: () => boolean
}

/** `RunStore` is the store of the runs that go on under it. @default the files of this machine */
export class RunStore extends Context.Reference<RunStore>()("sallyport/RunStore", {
  defaultValue: (): Store => ({
    create: JournalFile.create,
    reopen: JournalFile.reopen,
    read: JournalFile.read,
    runs: JournalFile.list,
    hold: DeviceHold.hold,
    isShared: false,
    isLeft: () => false
  })
}) {}

/** `create` begins the journal of a run, as `JournalFile.create` does. */
export const create: Store["create"] = (home, run) =>
  Effect.flatMap(RunStore, (store) => store.create(home, run))

/** `reopen` goes on with the journal of a run, as `JournalFile.reopen` does. */
export const reopen: Store["reopen"] = (home, run) =>
  Effect.flatMap(RunStore, (store) => store.reopen(home, run))

/** `read` gives the lines of a run's journal, as `JournalFile.read` does. */
export const read: Store["read"] = (home, run) => Effect.flatMap(RunStore, (store) => store.read(home, run))

/** `runs` gives the ids of the runs that have a journal, as `JournalFile.list` does. */
export const runs: Store["runs"] = (home) => Effect.flatMap(RunStore, (store) => store.runs(home))
