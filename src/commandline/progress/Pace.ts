/** `Pace` is how fast something comes to its end: what ended last, and when. Times are in milliseconds. */
export interface Pace {
  /** `from` is when the first of `ended` began to be waited for. */
  readonly from: number
  readonly ended: ReadonlyArray<{ readonly at: number; readonly count: number }>
}

/** `begin` has seen nothing yet. */
export const begin = (now: number): Pace => ({ from: now, ended: [] })

/** `ended` has seen that so many more have come to their end. */
export const ended = ({ ended, from }: Pace, now: number, count = 1): Pace => {
  const [first, ...others] = ended
  const next = { at: now, count }
  // The pace of the last ones tells more of those to come than that of all.
  return first !== undefined && ended.length >= maxEnded
    ? { from: first.at, ended: [...others, next] }
    : { from, ended: [...ended, next] }
}

const maxEnded = 30

/** `perSecond` is how many come to their end in a second; nothing until that can be told. */
const perSecond = ({ ended, from }: Pace, now: number): number | undefined => {
  const count = ended.reduce((sum, one) => sum + one.count, 0)
  const seconds = (now - from) / 1000
  return count === 0 || seconds < 1 ? undefined : count / seconds
}

/** `rateText` is the pace in the unit in which it is some whole number: `14/min`. */
export const rateText = (pace: Pace, now: number): string | undefined => {
  const rate = perSecond(pace, now)
  if (rate === undefined) return undefined
  const [count, unit] =
    rate >= 1 ? [rate, "s"] : rate * 60 >= 1 ? [rate * 60, "min"] : ([rate * 3600, "h"] as const)
  return `${count < 10 ? Number(count.toFixed(1)) : Math.round(count)}/${unit}`
}

/** `leftText` is how long the rest takes at this pace. */
export const leftText = (pace: Pace, rest: number, now: number): string | undefined => {
  const rate = perSecond(pace, now)
  if (rate === undefined || rest <= 0) return undefined
  const seconds = Math.ceil(rest / rate)
  if (seconds < 60) return `${seconds} s left`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min left`
  const hours = Math.floor(minutes / 60)
  return `${hours} h${minutes % 60 === 0 ? "" : ` ${minutes % 60} min`} left`
}

/** `timeText` is how long something has lasted: `1:05`. */
export const timeText = (millis: number): string => {
  const seconds = Math.max(0, Math.floor(millis / 1000))
  const two = (part: number) => String(part).padStart(2, "0")
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}
