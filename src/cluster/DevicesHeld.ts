import * as SqlClient from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { DeviceHeld, type HeldDevice, type HoldOptions } from "../workflow/DeviceHold.ts"

/**
 * `hold` has devices to a run, among all runs that share the database, until the scope closes: where the run is left to
 * another runner by then, it keeps them. So does the run of a runner that was killed. The wait is interruptible.
 *
 * Fails with `DeviceHeld`.
 */
export const hold = (
  devices: ReadonlyArray<HeldDevice>,
  { run, whenHeld }: HoldOptions,
  isLeft: () => boolean
): Effect.Effect<void, DeviceHeld | SqlError, Scope.Scope | SqlClient.SqlClient> =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const letGo = sql`DELETE FROM sallyport_devices WHERE run = ${run}`
    yield* Effect.addFinalizer(() => (isLeft() ? Effect.void : Effect.ignore(letGo)))
    for (const device of inOrder(devices)) {
      const taken = take(sql, device, run)
      yield* whenHeld === "refuse" ? taken : untilFree(taken)
    }
  })

// One order for all runs: else one has the first and wants the second, and another has the second and wants the first.
const inOrder = (devices: ReadonlyArray<HeldDevice>): ReadonlyArray<HeldDevice> =>
  [...devices].sort((one, other) => (one.origin < other.origin ? -1 : 1))

const take = (sql: SqlClient.SqlClient, { name, origin }: HeldDevice, run: string) =>
  Effect.gen(function* () {
    yield* sql`INSERT INTO sallyport_devices (origin, run) VALUES (${origin}, ${run}) ON CONFLICT (origin) DO NOTHING`
    const [row] = yield* sql<{
      readonly run: string
    }>`SELECT run FROM sallyport_devices WHERE origin = ${origin}`
    if (row?.run === run) return
    const holder = { run: row?.run, pid: undefined, host: undefined, since: undefined }
    yield* new DeviceHeld({ targetName: name, origin, holder, path: "sallyport_devices, in the database" })
  })

const untilFree = <A, E, R>(taken: Effect.Effect<A, DeviceHeld | E, R>): Effect.Effect<A, E, R> =>
  Effect.catchIf(
    taken,
    (error): error is DeviceHeld => error instanceof DeviceHeld,
    () =>
      Effect.zipRight(
        Effect.sleep("300 millis"),
        Effect.suspend(() => untilFree(taken))
      )
  )
