import type { Row, Sample } from "./Task.ts"

/** `Summary` is what all rounds of one contender came to, in one row on one runtime. */
export interface Summary {
  readonly row: Row
  readonly runtime: string
  readonly contender: string
  /** `wall` and `cpu` are in microseconds. */
  readonly wall: Spread
  readonly cpu: Spread
  /** `ratio` is the time that it took in the same round as the first contender, divided by that one's. */
  readonly ratio: Spread
  readonly cpuRatio: Spread
  /** `begin` is the memory of its process before the work, and `peak` the most of all, in bytes. */
  readonly begin?: Spread | undefined
  readonly peak?: Spread | undefined
}

/** `Spread` has the middle of all samples, and the middle half of them. */
interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
}

/** `summarize` sums up the samples of one row, in which each round has one of each contender. */
export const summarize = (
  row: Row,
  runtime: string,
  samples: ReadonlyArray<Sample>
): ReadonlyArray<Summary> => {
  const byContender = new Map<string, Array<Sample>>()
  for (const sample of samples)
    byContender.set(sample.contender, [...(byContender.get(sample.contender) ?? []), sample])
  const [base = []] = byContender.values()
  return [...byContender].map(([contender, all]) => {
    const memory = (field: "begin" | "peak") => {
      const known = all.flatMap(({ [field]: bytes }) => (bytes === undefined ? [] : [bytes]))
      return known.length === 0 ? undefined : spreadOf(known)
    }
    return {
      row,
      runtime,
      contender,
      wall: spreadOf(all.map(({ wall }) => wall)),
      cpu: spreadOf(all.map(({ cpu }) => cpu)),
      ratio: spreadOf(all.map(({ wall }, round) => wall / (base[round]?.wall ?? Number.NaN))),
      cpuRatio: spreadOf(all.map(({ cpu }, round) => cpu / (base[round]?.cpu ?? Number.NaN))),
      begin: memory("begin"),
      peak: memory("peak")
    }
  })
}

const spreadOf = (values: ReadonlyArray<number>): Spread => {
  const sorted = values.toSorted((one, other) => one - other)
  const at = (share: number) => sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN
  return { median: at(0.5), low: at(0.25), high: at(0.75) }
}

const titles: Readonly<Record<Row, readonly [title: string, unit: string, divisor: number]>> = {
  one: ["Requests one after another", "µs a request", 1],
  eight: ["Requests, eight at once", "µs a request", 1],
  list: ["A list of 100,000, 1000 a page", "ms", 1000],
  fleet: ["A fleet, 7 requests a device, 50 at once", "ms a device", 1000],
  job: ["A script as a whole process: login, 5 lists, logout", "ms", 1000]
}

/** `tableOf` shows summaries as tables of Markdown, one for each row. */
export const tableOf = (summaries: ReadonlyArray<Summary>): string => {
  const rows = [...new Set(summaries.map(({ row }) => row))]
  return rows
    .map((row) => {
      const [title, unit, divisor] = titles[row]
      const shown = summaries.filter((summary) => summary.row === row)
      const hasPeak = shown.some(({ peak }) => peak !== undefined)
      const lines = shown.map(({ begin, contender, cpu, cpuRatio, peak, ratio, runtime, wall }) => {
        const time = ({ high, low, median }: Spread) =>
          `${digits(median / divisor)} (${digits(low / divisor)}–${digits(high / divisor)})`
        const cells = [runtime, contender, time(wall), times(ratio), time(cpu), times(cpuRatio)]
        if (hasPeak) cells.push(mebibytes(peak), mebibytes(begin))
        return `| ${cells.join(" | ")} |`
      })
      const head = [
        "runtime",
        "by",
        unit,
        "ratio",
        `${unit}, of processors`,
        "ratio",
        ...(hasPeak ? ["peak", "before it"] : [])
      ]
      return [
        `**${title}**`,
        "",
        `| ${head.join(" | ")} |`,
        `|${" --- |".repeat(head.length)}`,
        ...lines
      ].join("\n")
    })
    .join("\n\n")
}

const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))

const mebibytes = (bytes: Spread | undefined): string =>
  bytes === undefined ? "" : `${Math.round(bytes.median / 1024 / 1024)} MiB`

const times = ({ high, low, median }: Spread): string =>
  `${median.toFixed(2)} × (${low.toFixed(2)}–${high.toFixed(2)})`
