import * as Schema from "effect/Schema"

/** `Share` is how many devices of a fleet: a number, or a part of the whole, such as `"25%"`. */
export type Share = number | `${number}%`

/** `ShareConfig` is a share as a script or a file may say it. */
export const ShareConfig: Schema.Schema<Share> = Schema.declare(
  (given: unknown): given is Share => {
    if (typeof given === "number") return Number.isSafeInteger(given) && given >= 1
    const percent = typeof given === "string" ? percentOf(given) : undefined
    return percent !== undefined && percent > 0 && percent <= 100
  },
  { description: 'a number of devices, 1 or more, or a part of all of them, such as "25%"' }
)

/** `fewer` gives how many that are of so many, where a part is no whole number the fewer. */
export const fewer = (share: Share, count: number): number => Math.floor(exact(share, count) + slack)

/** `more` gives the same, and the more. */
export const more = (share: Share, count: number): number => Math.ceil(exact(share, count) - slack)

const exact = (share: Share, count: number): number =>
  typeof share === "number" ? share : ((percentOf(share) ?? 0) * count) / 100

const percentOf = (text: string): number | undefined => {
  const [, number] = /^(\d{1,3}(?:\.\d+)?)%$/.exec(text) ?? []
  return number === undefined ? undefined : Number(number)
}

// Floating point: 0.7% of 1,000 devices are seven, and not a little more.
const slack = 1e-9
