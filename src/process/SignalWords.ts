import type { Undoing } from "../workflow/run/undo/UndoStops.ts"

/** `stopping` says what becomes of a script that a signal stops, and what the next one would do. */
export const stopping = (signal: string, undoing: Undoing | undefined): string => {
  if (undoing === undefined) return `${signal}: closing what is open. Once more to leave at once.`
  switch (`${undoing.isOfFleet ? "fleet" : "run"} ${undoing.stage}` as const) {
    case "run ahead":
      return `${signal}: stopping, and taking back what was changed. Once more to end that after the change at hand.`
    case "run underWay":
      return `${signal}: what was changed is being taken back, to the end of it. Once more to end that after the change at hand.`
    case "fleet ahead":
      return `${signal}: stopping, and taking back what was changed on the devices under way; those that are done stay as they are. Once more to end that after the change at hand of each.`
    case "fleet underWay":
      return `${signal}: the devices whose undo is under way are taken back to the end of it, and no others. Once more to end that after the change at hand of each.`
  }
}

/** `endingUndo` says what becomes of an undo that a further signal ends. */
export const endingUndo = (signal: string, { isOfFleet, stage }: Undoing): string => {
  const journal = isOfFleet ? "the journal of each device's run has" : "the run's journal has"
  return stage === "ahead"
    ? `${signal}: stopping, and leaving what was changed: ${journal} it. Once more to leave at once.`
    : `${signal}: ${isOfFleet ? "each" : "the"} undo ends after the change at hand; ${journal} the rest. Once more to leave at once.`
}

/** `leaving` says what a signal that lets nothing be closed leaves behind. */
export const leaving = (signal: string): string =>
  `${signal}: leaving at once. A session that was not logged out yet stays open until the device ends it, and a change under way may have happened: look there before you repeat it.`
