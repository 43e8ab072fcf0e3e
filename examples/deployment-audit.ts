// Who deployed what to which device of an FMC, and when: one row for each device of each deployment, from the history
// of jobs, and one for each audit record that tells of a deployment, which names the address that it came from. The
// newest first.
//
//   deployment-audit.ts [--days 7] [--json] [--domain <name>] [--subsystem "Task Queue"]
//
// The FMC is that of FMC_URL, FMC_USERNAME, FMC_PASSWORD, and FMC_PIN or FMC_CA_FILE. In which subsystem an FMC of your
// version records its deployments: look at one record in its web interface.

import process from "node:process"
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Main } from "sallyport"
import * as Fmc from "sallyport/fmc"

const { values } = parseArgs({
  options: {
    days: { type: "string", default: "7" },
    domain: { type: "string", default: "Global" },
    json: { type: "boolean", default: false },
    subsystem: { type: "string", default: "Task Queue" }
  }
})
const days = Number(values.days)
const since = Date.now() - days * 24 * 60 * 60 * 1000

const columns = ["time", "user", "source", "device", "result", "words"] as const
type Row = Readonly<Record<(typeof columns)[number], string>>

const script = Effect.gen(function* () {
  const fmc = yield* Fmc.Fmc
  const domain = yield* fmc.domain(values.domain)
  // Both come with the newest first, so what is too old is the end; no page after it is asked for.
  const jobs = yield* domain.listDeployments().pipe(
    Stream.takeWhile(({ startTime }) => isRecent(startTime)),
    Stream.runCollect
  )
  const records = yield* domain.listAuditRecords({ subSystem: values.subsystem }).pipe(
    Stream.takeWhile(({ time }) => isRecent(time)),
    Stream.filter(({ message = "" }) => /deploy/i.test(message)),
    Stream.runCollect
  )
  print(
    [...[...jobs].flatMap(ofJob), ...[...records].map(ofRecord)].sort((one, other) =>
      other.time.localeCompare(one.time)
    )
  )
})

const ofJob = ({
  deploymentNote,
  deviceList = [],
  jobName,
  jobStatus = "",
  startTime,
  user = ""
}: Fmc.DeploymentJob) =>
  // A job that names no device is told all the same.
  (deviceList.length > 0 ? deviceList : [{}]).map(
    ({ deploymentStatus = jobStatus, deviceName = "" }): Row => ({
      time: iso(startTime),
      user,
      source: "job history",
      device: deviceName,
      result: deploymentStatus,
      words: deploymentNote ?? jobName ?? ""
    })
  )

const ofRecord = ({ message = "", source = "", time, username = "" }: Fmc.AuditRecord): Row => ({
  time: iso(time),
  user: username,
  source: `audit, ${source}`,
  device: "",
  result: "",
  words: message
})

/** `millisOf` takes seconds, milliseconds or a date in text: devices differ. */
const millisOf = (time: string | number = ""): number => {
  const number = typeof time === "string" && /\D/.test(time) ? Date.parse(time) : Number(time || Number.NaN)
  return number < 100_000_000_000 ? number * 1000 : number
}

const iso = (time: string | number | undefined): string => {
  const date = new Date(millisOf(time))
  return Number.isNaN(date.getTime()) ? "" : date.toISOString()
}

/** `isRecent` does not leave out what has no time that can be read. */
const isRecent = (time: string | number | undefined): boolean => !(millisOf(time) < since)

const print = (rows: ReadonlyArray<Row>) => {
  if (values.json) return rows.forEach((row) => void console.log(JSON.stringify(row)))
  const head: Row = {
    time: "TIME",
    user: "USER",
    source: "SOURCE",
    device: "DEVICE",
    result: "RESULT",
    words: "WORDS"
  }
  const width = (column: keyof Row) => Math.max(...[head, ...rows].map((row) => row[column].length))
  const widths = columns.map(width)
  for (const row of [head, ...rows]) {
    // A note may hold line breaks, and worse.
    const cells = columns.map((column, at) => row[column].replace(/\p{Cc}/gu, " ").padEnd(widths[at] ?? 0))
    console.log(cells.join("  ").trimEnd())
  }
}

if (!(days > 0)) {
  console.error('Usage: deployment-audit.ts [--days 7] [--json] [--domain <name>] [--subsystem "Task Queue"]')
  process.exitCode = 1
} else {
  Main.run(Effect.provide(script, Fmc.layerConfig("FMC")))
}
