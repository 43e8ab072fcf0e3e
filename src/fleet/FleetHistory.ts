import * as Effect from "effect/Effect"
import type { FleetLine } from "./FleetJournal.ts"
import { FleetOver } from "./FleetOver.ts"

type LineOf<Tag> = Extract<FleetLine, { readonly _tag: Tag }>

/** `FleetHistory` is what a journal tells of a fleet. */
export interface FleetHistory {
  readonly begun: LineOf<"begun">
  /** `runs` are the ids of the runs that may have begun, by their devices. */
  readonly runs: ReadonlyMap<string, string>
  /** `ended` is what became of devices. */
  readonly ended: ReadonlyMap<string, LineOf<"ended">>
  readonly isUndoing: boolean
  /** `over` is its end, unless it was killed or goes on. */
  readonly over: LineOf<"over"> | undefined
  readonly lastAt: string
}

/** `of` reads it; it has nothing to tell without its first line, and of another workflow. Fails with `FleetOver`. */
export const of = (
  lines: ReadonlyArray<FleetLine>,
  fleet: string,
  workflow: string | undefined
): Effect.Effect<FleetHistory, FleetOver> => {
  const foreign = (detail: string) => Effect.fail(new FleetOver({ fleet, why: "Foreign", detail }))
  const [begun] = lines
  if (begun?._tag !== "begun") return foreign("its journal has nothing in it; run the workflow anew.")
  if (workflow !== undefined && begun.workflow !== workflow)
    return foreign(`it is of the workflow ${JSON.stringify(begun.workflow)}; give that one.`)
  const runs = new Map<string, string>()
  const ended = new Map<string, LineOf<"ended">>()
  let over: LineOf<"over"> | undefined
  for (const line of lines) {
    if (line._tag === "started") runs.set(line.device, line.run)
    if (line._tag === "ended") ended.set(line.device, line)
    if (line._tag === "over") over = line
  }
  const isUndoing = lines.some(({ _tag }) => _tag === "undoing")
  return Effect.succeed({ begun, runs, ended, isUndoing, over, lastAt: lines.at(-1)?.at ?? begun.at })
}
