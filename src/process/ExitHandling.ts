import process from "node:process"
import * as Effect from "effect/Effect"
import { Background } from "../auth/session/Background.ts"
import * as UndoStops from "../workflow/run/undo/UndoStops.ts"
import * as BrokenPipe from "./BrokenPipe.ts"
import { deferExit, exitNow, exitRequested, exitWhenFlushed } from "./DeferredExit.ts"
import { exitCodes, signalCodes } from "./ExitCodes.ts"
import * as HostListeners from "./HostListeners.ts"
import * as LostOutput from "./LostOutput.ts"
import * as Participants from "./Participants.ts"
import * as SignalTimes from "./SignalTimes.ts"
import * as SignalWords from "./SignalWords.ts"

/** `ExitWatch` keeps a process until its sessions are logged out. */
export interface ExitWatch {
  /** `decided` gives the exit code, once something else than the script's own end has decided it. */
  readonly decided: () => number | undefined
  /** `end` leaves the process as it was found. */
  readonly end: () => void
  /**
   * `leave` ends the process once nobody in it is at work any more. `well` are the codes of what went well, which are no
   * more so where something that was printed is lost.
   */
  readonly leave: (code: number, isFailure: boolean, well?: ReadonlySet<number>) => void
}

/**
 * `watchExit` takes what would end the process: signals, `process.exit`, and what is thrown where nobody catches it.
 * The first of them calls `stop` with the exit code, which stands, and the process goes on until that has called
 * `leave`. A signal after that, unless it is the same one repeated, ends the undos that there are, and the next leaves
 * at once; a further `process.exit` does so only once it has waited for ten seconds.
 *
 * Whoever else watches this process is stopped along with it, and waited for.
 */
export const watchExit = (participant: Participants.Participant): ExitWatch => {
  Participants.join(participant)
  giveBack ??= takeOver()
  return {
    decided: Participants.decision,
    end: () => {
      if (!Participants.part(participant)) return
      for (const one of giveBack ?? []) one()
      giveBack = undefined
    },
    leave: (code, isFailure, well = allDone) => {
      const decided = Participants.over(participant, code, isFailure)
      if (decided !== undefined) exitWhenFlushed(() => LostOutput.codeOf(decided, well))
    }
  }
}

const allDone: ReadonlySet<number> = new Set([exitCodes.done])

/** `giveBack` leaves the process as it was found; it is there while somebody watches. */
let giveBack: ReadonlyArray<() => void> | undefined

const takeOver = (): ReadonlyArray<() => void> => {
  const taken: Array<() => void> = []
  const stop = Participants.decide
  const isTheHosts = (event: string) => Participants.yielding() && HostListeners.hasHostListeners(event)
  const on = (event: string, listener: HostListeners.Listener) => {
    try {
      // Before those of the host: one that is called once would be gone by now.
      if (Participants.yielding()) HostListeners.events.prependListener(event, listener)
      else HostListeners.events.on(event, listener)
      HostListeners.addOwn(listener)
      taken.push(() => process.off(event, listener))
    } catch {
      // This system has no such signal.
    }
  }

  taken.push(deferExit(stop))
  for (const signal of Object.keys(signalCodes) as Array<keyof typeof signalCodes>) {
    on(signal, () => {
      const isStopping = Participants.decision() !== undefined
      if (!isStopping && isTheHosts(signal)) return
      if (SignalTimes.isRepeated()) return
      if (isStopping) {
        const ended = UndoStops.stopAll()
        const words =
          ended === undefined ? SignalWords.leaving(signal) : SignalWords.endingUndo(signal, ended)
        process.stderr.write(`\n${words}\n`)
        if (ended === undefined) exitNow(signalCodes[signal])
        return
      }
      process.stderr.write(`\n${SignalWords.stopping(signal, UndoStops.undoing())}\n`)
      stop(signalCodes[signal])
    })
  }
  // What is thrown outside the script's effects, by a timer say, would end the process without a logout.
  for (const event of HostListeners.thrown) {
    on(event, (error) => {
      if (error === exitRequested || isTheHosts(event)) return
      // Without our listener it would have come there: as Node has it.
      if (isTheHosts("uncaughtException")) return void process.emit("uncaughtException", error as Error)
      if (BrokenPipe.isUnread(error)) return void stop(exitCodes.brokenPipe)
      Participants.tell(error)
      stop(exitCodes.failed)
    })
  }
  // A reader that goes away, as in `script | head -1`: nobody wants the rest.
  for (const stream of [process.stdout, process.stderr]) {
    const onError = (error: unknown) => {
      const isBrokenPipe = BrokenPipe.isBrokenPipe(error)
      if (isBrokenPipe) BrokenPipe.note(error)
      if (Participants.yielding() && HostListeners.hasHostWatch(stream)) return
      if (isBrokenPipe) stop(exitCodes.brokenPipe)
      else LostOutput.note(stream, error)
    }
    stream.on("error", onError)
    HostListeners.addOwn(onError)
    taken.push(() => stream.off("error", onError), LostOutput.watchWrites(stream))
  }
  // The console of Bun and of Deno keeps it to itself. A socket that is closed raises no signal, but another pipe may.
  if (!isNode) {
    on("SIGPIPE", () => {
      if (!isTheHosts("SIGPIPE") && (BrokenPipe.isPipe(1) || BrokenPipe.isPipe(2))) stop(exitCodes.brokenPipe)
    })
  }
  return taken
}

const isNode = process.versions.bun === undefined && process.versions.deno === undefined

/**
 * `awaitBackground` waits for exchanges that outlived their callers: a login that still arrives has to be logged out.
 */
export const awaitBackground: Effect.Effect<unknown> = Effect.flatMap(
  Background,
  ({ settled }) => settled
).pipe(Effect.timeoutOption("5 seconds"))
