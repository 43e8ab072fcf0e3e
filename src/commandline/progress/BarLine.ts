import type { Style } from "../../workflow/TextStyle.ts"
import { fitted, widthOf } from "./FittedText.ts"
import * as Pace from "./Pace.ts"

/** `Whole` is how far all of it is. */
export interface Whole {
  readonly ended: number
  /** `of` is how many there are; `undefined` where that is not known. */
  readonly of: number | undefined
  /** `what` are they: `devices`. */
  readonly what: string
  readonly failed: number
  readonly pace: Pace.Pace
  /** `notes` are told besides. */
  readonly notes: ReadonlyArray<string>
  /** `comesToEnd` says that the rest of them is to come, too. */
  readonly comesToEnd: boolean
}

/** `View` is how something is shown now. */
export interface View {
  /** `now` is the time in milliseconds. */
  readonly now: number
  readonly columns: number
  readonly rows: number
  readonly style: Style
}

/** `barLine` is a bar of the whole, with its pace and the time that is left, as far as there is room. */
export const barLine = (whole: Whole, { columns, now, style }: View): string => {
  const { comesToEnd, ended, failed, notes, of, pace, what } = whole
  const rest = of === undefined || !comesToEnd ? 0 : of - ended
  const parts = [
    of === undefined ? `${ended} ${what}` : `${ended} of ${of} ${what}`,
    failed === 0 ? undefined : `${failed} failed`,
    Pace.leftText(pace, rest, now),
    Pace.rateText(pace, now),
    ...notes
  ].filter((part) => part !== undefined)
  const room = columns - 1
  const fit = parts.filter((_, at) => at === 0 || widthOf(parts.slice(0, at + 1).join(between)) <= room)
  const text = fitted(fit.join(between), room)
  const length = Math.min(maxBar, room - widthOf(text) - 1)
  const isBad = failed > 0
  const colored = isBad ? text.replace(`${failed} failed`, (words) => style("red", words)) : text
  return of === undefined || length < minBar ? colored : `${bar(ended / of, length, isBad, style)} ${colored}`
}

const between = " · "
const minBar = 8
const maxBar = 30

const bar = (part: number, length: number, isBad: boolean, style: Style): string => {
  const full = Math.min(length, Math.max(0, Math.floor((Number.isNaN(part) ? 0 : part) * length)))
  const [done, rest] = ["█".repeat(full), "░".repeat(length - full)]
  return `${done === "" ? "" : style(isBad ? "yellow" : "green", done)}${rest === "" ? "" : style("gray", rest)}`
}
