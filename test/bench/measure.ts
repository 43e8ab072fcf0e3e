// One process of the bench: it takes what it is to measure as its argument, and tells its samples as JSON. Contenders
// that share a process take turns, each round in another order, so that what the machine does meanwhile meets all alike.
import { readFileSync } from "node:fs"
import process from "node:process"
import type { Client, Contender } from "./Contender.ts"
import { byName } from "./contenders/all.ts"
import type { Facts } from "./Facts.ts"
import type { Sample, Task } from "./Task.ts"

const task: Task = JSON.parse(process.argv[2] ?? "")
const facts: Facts = JSON.parse(readFileSync(task.facts, "utf8"))

/** `timed` says what something takes of time and of processors, in microseconds. */
const timed = async (
  work: () => Promise<unknown>
): Promise<{ readonly wall: number; readonly cpu: number }> => {
  const cpu = process.cpuUsage()
  const begun = performance.now()
  await work()
  const wall = (performance.now() - begun) * 1000
  const { system, user } = process.cpuUsage(cpu)
  return { wall, cpu: system + user }
}

/**
 * `memoryOf` is the memory that this process has (`VmRSS`), or the most that it has had (`VmHWM`), in bytes, where the
 * system tells it.
 */
const memoryOf = (field: "VmRSS" | "VmHWM"): number | undefined => {
  try {
    const status = readFileSync("/proc/self/status", "utf8")
    const [, kibibytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status) ?? []
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
  } catch {
    return undefined
  }
}

const once = async ({ name }: Contender, { fleet, list, requests }: Client): Promise<Sample> => {
  const { count, row } = task
  switch (row) {
    case "list": {
      if (list === undefined) throw new Error(`${name} reads no list`)
      const begin = memoryOf("VmRSS")
      return { contender: name, ...(await timed(list)), begin, peak: memoryOf("VmHWM") }
    }
    case "fleet": {
      if (fleet === undefined) throw new Error(`${name} goes to no fleet`)
      const { cpu, wall } = await timed(() => fleet(50))
      return { contender: name, wall: wall / count, cpu: cpu / count }
    }
    default: {
      const { cpu, wall } = await timed(() => requests(count, row === "eight" ? 8 : 1))
      return { contender: name, wall: wall / count, cpu: cpu / count }
    }
  }
}

const opened: Array<readonly [Contender, Client]> = []
for (const [at, name] of task.contenders.entries()) {
  const contender = await byName(name)
  // To an address of its own: two of the library in one process share what a device takes of connections.
  opened.push([contender, await contender.open({ ...facts, origin: facts.origins[at] ?? facts.origin })])
}
const samples: Array<Sample> = []
for (let round = -task.warmUp; round < task.rounds; round++) {
  const first = Math.abs(round) % opened.length
  for (const [contender, client] of [...opened.slice(first), ...opened.slice(0, first)]) {
    const sample = await once(contender, client)
    if (round >= 0) samples.push(sample)
  }
}
for (const [, client] of opened) await client.close()
console.log(JSON.stringify(samples))
process.exit(0)
