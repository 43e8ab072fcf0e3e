// Measures Sallyport beside others, on each runtime: `npm run bench`. See README.md.
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { cpus, tmpdir, totalmem } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import type { Facts } from "./Facts.ts"
import { jobSamples } from "./Jobs.ts"
import { commandOf, type Runtime, said } from "./Runtime.ts"
import { type Summary, summarize, tableOf } from "./Summary.ts"
import type { Row, Sample, Task } from "./Task.ts"

const { values: given } = parseArgs({
  options: {
    /** Which of node, bun and deno, by commas. */
    runtime: { type: "string", default: "node,bun,deno" },
    row: { type: "string", default: "one,eight,list,fleet,job" },
    /** Another checkout, built as this one is, to be measured beside it. */
    against: { type: "string" },
    /** Fewer or more rounds, by a factor. */
    rounds: { type: "string", default: "1" },
    /** Only Sallyport, and what is plain. */
    own: { type: "boolean", default: false },
    json: { type: "string" }
  }
})
const list = (text: string) => text.split(",")
const factor = Number(given.rounds)
const others = given.against === undefined ? [] : [`sallyport:${given.against}`]
const sallyports = ["sallyport", ...others]
const strangers = given.own ? [] : ["platform", "octokit", "openid-client", "azure"]
const devices = 200

const plans: Readonly<
  Record<Exclude<Row, "job">, Omit<Task, "facts" | "row"> & { readonly apart: boolean }>
> = {
  one: {
    contenders: ["fetch", "https", ...sallyports, ...strangers],
    rounds: 15,
    warmUp: 4,
    count: 250,
    apart: false
  },
  eight: {
    contenders: ["fetch", "https", ...sallyports, ...strangers],
    rounds: 15,
    warmUp: 4,
    count: 400,
    apart: false
  },
  // In processes of their own, for their memory.
  list: { contenders: ["fetch", ...sallyports], rounds: 5, warmUp: 0, count: 1, apart: true },
  fleet: { contenders: ["https", ...sallyports], rounds: 5, warmUp: 0, count: devices, apart: true }
}

const folder = mkdtempSync(join(tmpdir(), "sallyport-bench-"))
const factsFile = join(folder, "facts.json")
const ca = join(folder, "ca.pem")

const start = async (): Promise<ChildProcess> => {
  const file = fileURLToPath(new URL("Device.ts", import.meta.url))
  const device = spawn(process.execPath, ["--import", "tsx", file, String(devices)], {
    stdio: ["pipe", "pipe", "inherit"]
  })
  const [line] = await once(device.stdout, "data")
  const facts: Facts = JSON.parse(String(line))
  writeFileSync(factsFile, String(line))
  writeFileSync(ca, facts.ca)
  return device
}

/** `samplesOf` gives the samples of a row: of those that share a process, and of each that does not, apart. */
const samplesOf = async (runtime: Runtime, row: Row): Promise<ReadonlyArray<ReadonlyArray<Sample>>> => {
  if (row === "job")
    return [await jobSamples(runtime, folder, ca, factsFile, Math.ceil(7 * factor), given.against)]
  const { apart, ...plan } = plans[row]
  const rounds = Math.ceil(plan.rounds * factor)
  const measured = async (task: Omit<Task, "facts" | "row">): Promise<ReadonlyArray<Sample>> => {
    const file = fileURLToPath(new URL("measure.ts", import.meta.url))
    const [command, ...args] = commandOf(runtime, file)
    return JSON.parse(await said(command, [...args, JSON.stringify({ ...task, row, facts: factsFile })], ca))
  }
  if (!apart) {
    // Two checkouts have Effect twice, which in one process makes both of them slower.
    const plain = plan.contenders.filter((name) => name === "fetch" || name === "https")
    const own = plan.contenders.filter((name) => !others.includes(name))
    const groups = [own, ...others.map((other) => [...plain, other])]
    const all: Array<ReadonlyArray<Sample>> = []
    for (const contenders of groups) all.push(await measured({ ...plan, contenders, rounds }))
    return all
  }
  const samples: Array<Sample> = []
  for (let round = 0; round < rounds; round++)
    for (const contender of plan.contenders)
      samples.push(...(await measured({ ...plan, contenders: [contender], rounds: 1 })))
  return [samples]
}

const device = await start()
const summaries: Array<Summary> = []
try {
  for (const runtime of list(given.runtime) as Array<Runtime>)
    for (const row of list(given.row) as Array<Row>) {
      const groups = (await samplesOf(runtime, row)).map((samples) => summarize(row, runtime, samples))
      const shown = new Set(groups[0]?.map(({ contender }) => contender))
      const rest = groups.slice(1).flat()
      summaries.push(...(groups[0] ?? []), ...rest.filter(({ contender }) => !shown.has(contender)))
    }
} finally {
  device.stdin?.end()
  rmSync(folder, { recursive: true, force: true })
}
const [{ model } = { model: "unknown" }] = cpus()
const machine = `${model}, ${cpus().length} processors, ${Math.round(totalmem() / 1024 ** 3)} GiB`
const versions = await Promise.all(
  (list(given.runtime) as Array<Runtime>).map(async (runtime) => [
    runtime,
    await said(commandOf(runtime)[0], ["--version"])
  ])
)
const date = new Date().toISOString().slice(0, 10)
console.log(
  `${date}, ${machine}; ${versions.map(([name, version]) => `${name} ${version?.split("\n")[0]}`).join(", ")}\n`
)
console.log(tableOf(summaries))
if (given.json !== undefined)
  writeFileSync(
    given.json,
    JSON.stringify({ date, machine, versions: Object.fromEntries(versions), summaries }, undefined, 2)
  )
