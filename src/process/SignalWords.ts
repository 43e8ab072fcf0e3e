import type { UndoStage } from "../workflow/run/undo/UndoStops.ts"

/** `stopping` says what becomes of a script that a signal stops, and what the next one would do. */
export const stopping = (signal: string, undo: UndoStage | undefined): string => {
  switch (undo) {
    case undefined:
      return `${signal}: closing what is open. Once more to leave at once.`
    case "ahead":
      return `${signal}: stopping, and taking back what was changed. Once more to end that after the change at hand.`
    case "underWay":
      return `${signal}: what was changed is being taken back, to the end of it. Once more to end that after the change at hand.`
  }
}

/** `endingUndo` says what becomes of an undo that a further signal ends. */
export const endingUndo = (signal: string, undo: UndoStage): string =>
  undo === "ahead"
    ? `${signal}: stopping, and leaving what was changed, which the run's journal has. Once more to leave at once.`
    : `${signal}: the undo ends after the change at hand; the run's journal has the rest. Once more to leave at once.`

/** `leaving` says what a signal that lets nothing be closed leaves behind. */
export const leaving = (signal: string): string =>
  `${signal}: leaving at once. A session that was not logged out yet stays open until the device ends it, and a change under way may have happened: look there before you repeat it.`
