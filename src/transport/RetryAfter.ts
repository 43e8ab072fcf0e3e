import * as Duration from "effect/Duration"

// What asks for longer is broken. Who took it at its word would never come back.
const maxWait = Duration.days(1)

/**
 * `parse` reads what a `Retry-After` asks for, seconds or a date (RFC 9110, section 10.2.3): at most a day, and
 * `undefined` where nothing in it can be read. Of an odd one the larger sense is taken, so that nobody comes back too
 * early: the largest of several, a number without its sign and the words before it, with its fraction and in the unit
 * that stands behind it.
 *
 * `now`: milliseconds since 1970.
 */
export const parse = (header: string, now: number): Duration.Duration | undefined => {
  const waits: Array<number> = []
  // Dates have commas of their own, so they go first.
  let rest = header
  for (const form of forms) {
    for (const { groups } of rest.matchAll(form)) {
      const at = momentOf(groups ?? {})
      if (!Number.isNaN(at)) waits.push(Math.max(0, at - now))
    }
    rest = rest.replaceAll(form, ",")
  }
  for (const part of rest.split(/[,;]/)) {
    const { amount, unit } = number.exec(part)?.groups ?? {}
    if (amount !== undefined) waits.push(Number(amount) * millisOf(unit ?? ""))
  }
  if (waits.length === 0) return undefined
  return Duration.min(maxWait, Duration.millis(Math.ceil(Math.max(...waits))))
}

const number = /^\D*?(?<amount>(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,4})?)\s*(?<unit>ms\b|milli|s|m|h)?\D*$/i

const millisOf = (unit: string): number => {
  if (/^(ms|milli)/i.test(unit)) return 1
  return /^m/i.test(unit) ? 60_000 : /^h/i.test(unit) ? 3_600_000 : 1000
}

const time = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.\d+)?)?`
const zone = String.raw`(?:\s*(?:GMT|UTC?|Z|(?<east>[+-])(?<zoneHour>\d{2}):?(?<zoneMinute>\d{2})))?`

// The three forms of RFC 9110, section 5.6.7, and ISO 8601. Those without a zone are in GMT; `Date.parse` would not say
// so, and takes "5, 5" for a day in May.
const forms = [
  new RegExp(
    String.raw`(?:[a-z]{3,9},?\s+)?(?<day>\d{1,2})[ -](?<month>[a-z]{3})[a-z]*[ -](?<year>\d{4}|\d{2})\s+${time}${zone}`,
    "gi"
  ),
  new RegExp(
    String.raw`(?:[a-z]{3,9},?\s+)?(?<month>[a-z]{3})[a-z]*\s+(?<day>\d{1,2})\s+${time}\s+(?<year>\d{4})${zone}`,
    "gi"
  ),
  new RegExp(String.raw`(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})[T ]${time}${zone}`, "gi")
]

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

/** `momentOf` is in milliseconds since 1970, or `NaN` where there is no such month. */
const momentOf = (groups: Readonly<Record<string, string | undefined>>): number => {
  const part = (name: string) => Number(groups[name] ?? 0)
  const { day, east, month = "", year = "" } = groups
  const named = months.indexOf(month.toLowerCase())
  const index = /^\d+$/.test(month) ? Number(month) - 1 : named < 0 ? Number.NaN : named
  // RFC 9110: two digits are those of a year that is not more than 50 years ahead.
  const full = year.length === 2 ? Number(year) + (Number(year) < 70 ? 2000 : 1900) : Number(year)
  const shift = (part("zoneHour") * 60 + part("zoneMinute")) * (east === "-" ? -1 : 1) * 60_000
  return Date.UTC(full, index, Number(day), part("hour"), part("minute"), part("second")) - shift
}
