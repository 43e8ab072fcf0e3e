import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { isMasked, masked } from "../../client/fields/Secrets.ts"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"
import { textOf } from "../Digest.ts"
import type { JournalFailed } from "../journal/JournalFailed.ts"
import { type Begun, JournalLine } from "../journal/JournalLine.ts"
import { decodedBy } from "../journal/JournalLines.ts"
import type { JournalOptions } from "../journal/JournalPlace.ts"
import type { RunHeld } from "../journal/RunHeld.ts"
import * as RunHistory from "../journal/RunHistory.ts"
import * as RunStore from "../journal/RunStore.ts"
import type { ResolvedPart } from "../Parts.ts"
import type { Observer } from "./account/Observer.ts"
import * as RunJournal from "./RunJournal.ts"
import { RunOver } from "./RunOver.ts"

/** `open` goes on with the journal of a run. Fails with `JournalFailed`, and with `RunHeld` where the run goes on. */
export const open = (
  options: JournalOptions,
  run: string,
  observer: Observer
): Effect.Effect<RunJournal.RunJournal, JournalFailed | RunHeld | InvalidInput, Scope.Scope> =>
  Effect.gen(function* () {
    const file = yield* RunStore.reopen(options, run)
    return RunJournal.make(file, historyOf(yield* decoded(file)), observer)
  })

/** `Recorded` is a run by its journal, as it is now. */
export interface Recorded {
  readonly path: string
  readonly lines: ReadonlyArray<JournalLine>
  readonly history: RunHistory.RunHistory
}

/** `read` looks into the journal of a run, which may go on. Fails with `JournalFailed`. */
export const read = (
  options: JournalOptions,
  run: string
): Effect.Effect<Recorded, JournalFailed | InvalidInput> =>
  Effect.gen(function* () {
    const file = yield* RunStore.read(options, run)
    const lines = yield* decoded(file)
    return { path: file.path, lines, history: historyOf(lines) }
  })

const historyOf = (lines: ReadonlyArray<JournalLine>): RunHistory.RunHistory => {
  const history = RunHistory.make()
  for (const line of lines) history.take(line)
  return history
}

const decoded = decodedBy(JournalLine)

/** `devicesOf` is what a journal keeps of a run's devices. */
export const devicesOf = (parts: ReadonlyArray<ResolvedPart>): Begun["devices"] =>
  Object.fromEntries(
    parts.map(({ options: { target }, part, plugin }) => [
      part,
      { kind: plugin.id, name: target.name, origin: target.origin }
    ])
  )

// Its first line is there before anything is sent.
const nothingIn = "its journal has nothing in it, so it has sent nothing; run the workflow anew."

/** `checkDevices` takes the devices that the run was begun on, and no others. Fails with `RunOver`. */
export const checkDevices = (
  { history }: RunJournal.RunJournal,
  run: string,
  parts: ReadonlyArray<ResolvedPart>
): Effect.Effect<void, RunOver> => {
  const own = history.begun()
  if (own === undefined) return Effect.fail(new RunOver({ run, why: "Foreign", detail: nothingIn }))
  const [begun, given] = [own.devices, devicesOf(parts)]
  const part = [...Object.keys(begun), ...Object.keys(given)].find(
    (name) => textOf(begun[name]) !== textOf(given[name])
  )
  if (part === undefined) return Effect.void
  const was = begun[part]
  const detail =
    was === undefined
      ? `it has no part ${JSON.stringify(part)}; give it the devices that it was begun with.`
      : `its ${part} is the ${was.kind} "${was.name}" at ${was.origin}; give it that one.`
  return Effect.fail(new RunOver({ run, why: "Foreign", detail }))
}

/** `resumable` gives the input of a run that can be gone on with. Fails with `RunOver`, and with `InvalidInput`. */
export const resumable = (
  { history }: RunJournal.RunJournal,
  run: string,
  workflow: string,
  input: unknown
): Effect.Effect<unknown, RunOver | InvalidInput> => {
  const over = (why: RunOver["why"], detail: string) => Effect.fail(new RunOver({ run, why, detail }))
  const begun = history.begun()
  if (begun === undefined) return over("Foreign", nothingIn)
  if (begun.workflow !== workflow)
    return over(
      "Foreign",
      `it is of the workflow ${JSON.stringify(begun.workflow)}; resume it with that one.`
    )
  if (history.isUndoing())
    return over("Undone", "it was undone, or its undo has begun, which is gone on with by undo; run it anew.")
  if (history.ended()?.outcome === "done") return over("Done", "it is done; there is nothing to go on with.")
  if (input === undefined) {
    if (!isMasked(begun.input)) return Effect.succeed(begun.input)
    return refuseInput(
      "input",
      "that of the run holds secrets, which its journal does not keep; give it once more."
    )
  }
  return Effect.succeed(input)
}

/** `checkInput` takes the input that the run was begun with, once its secrets are known. Fails with `InvalidInput`. */
export const checkInput = (
  { history, masked: hidden }: RunJournal.RunJournal,
  input: unknown
): Effect.Effect<void, InvalidInput> => {
  if (textOf(hidden(masked(input))) === textOf(history.begun()?.input)) return Effect.void
  return refuseInput(
    "input",
    "it is not that of the run; give the one that it was begun with, or leave it out."
  )
}
