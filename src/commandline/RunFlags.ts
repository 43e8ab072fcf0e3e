import * as Effect from "effect/Effect"
import type { PerDevice } from "../fleet/FleetOptions.ts"
import type { Parts } from "../workflow/Parts.ts"
import type { RunOptions } from "../workflow/run/RunOptions.ts"
import type { Call } from "./Call.ts"
import { refuse, type WrongUsage } from "./WrongUsage.ts"

/** `perDevice` are the rules of a run: those of the script, but for what a flag says. */
export const perDevice = <I, Encoded, P extends Parts, A, E>({
  given,
  options
}: Call<I, Encoded, P, A, E>): Effect.Effect<PerDevice, WrongUsage> => {
  const { onDrift, onFailure, only, timeOut, undo, window } = options
  const [limit] = given.values.get("limit") ?? []
  if (limit !== undefined && !/^\d{1,9}$/.test(limit))
    return refuse(`--limit: ${limit} is no number of objects; give a whole one, 0 or more.`)
  return Effect.succeed({
    limit: limit === undefined ? options.limit : Number(limit),
    onDrift,
    onFailure,
    only,
    timeOut,
    undo,
    window
  })
}

/** `whenHeld` says whether to wait for a device on which another run works: by `--wait-for-device`, or as the script says. */
export const whenHeld = <I, Encoded, P extends Parts, A, E>({
  given,
  options
}: Call<I, Encoded, P, A, E>): RunOptions["whenHeld"] =>
  given.switches.get("wait-for-device") === true ? "wait" : options.whenHeld

/** `runOptions` are those of one run. */
export const runOptions = <I, Encoded, P extends Parts, A, E>(
  call: Call<I, Encoded, P, A, E>
): Effect.Effect<RunOptions, WrongUsage> =>
  Effect.map(perDevice(call), (rules) => ({
    ...rules,
    folder: call.options.folder,
    whenHeld: whenHeld(call)
  }))
