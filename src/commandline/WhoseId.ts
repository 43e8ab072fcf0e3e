import * as Effect from "effect/Effect"
import * as FleetRecords from "../fleet/FleetRecords.ts"
import type { Parts } from "../workflow/Parts.ts"
import * as JournaledRun from "../workflow/run/JournaledRun.ts"
import type { RunOver } from "../workflow/run/RunOver.ts"
import type { Call } from "./Call.ts"
import { refuse, type WrongUsage } from "./WrongUsage.ts"

/** `checkRun` refuses the id of a fleet where one of a run has to stand, with the command that takes it. */
export const checkRun = <I, Encoded, P extends Parts, A, E>(
  { caller: { script }, given: { command }, options: { folder } }: Call<I, Encoded, P, A, E>,
  id: string
): Effect.Effect<void, WrongUsage> =>
  FleetRecords.recorded({ folder }).pipe(
    // What is wrong with the journals is told by whoever reads that of the run.
    Effect.orElseSucceed((): ReadonlyArray<string> => []),
    Effect.flatMap((fleets) =>
      fleets.includes(id)
        ? refuse(
            `${id}: it is the id of a fleet; give its inventory: ${script} ${command} ${id} --inventory FILE.`
          )
        : Effect.void
    )
  )

/** `withDeviceOf` gives a call whose id is that of one run, though an inventory is given, the device that the run was on. */
export const withDeviceOf = <I, Encoded, P extends Parts, A, E>(
  call: Call<I, Encoded, P, A, E>
): Effect.Effect<Call<I, Encoded, P, A, E> | undefined> => {
  const { given, options, workflow } = call
  const [id] = given.operands
  const [part] = Object.keys(workflow.devices)
  if (id === undefined || part === undefined) return Effect.succeed(undefined)
  return Effect.match(JournaledRun.read({ folder: options.folder }, id), {
    onFailure: () => undefined,
    onSuccess: ({ history }) => {
      const name = history.begun()?.devices[part]?.name
      if (name === undefined || given.values.has("device")) return call
      return {
        ...call,
        given: { ...given, values: new Map([...given.values, ["device", [`${part}=${name}`]]]) }
      }
    }
  })
}

/** `sayWhichDevice` says by which flags the device of a run is given, where another one was. */
export const sayWhichDevice = <A, E extends { readonly _tag: string }>(
  effect: Effect.Effect<A, E | RunOver>
) =>
  Effect.catchIf(
    effect,
    (error): error is RunOver => error._tag === "RunOver" && "why" in error && error.why === "Foreign",
    ({ message }) =>
      refuse(
        `${message} By --device PART=PREFIX it is that of the variables with the prefix, and of an inventory by --inventory FILE --device PART=NAME.`
      )
  )
