import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { buildSync } from "esbuild"
import type { Facts } from "./Facts.ts"
import { checkout, commandOf, type Runtime, said } from "./Runtime.ts"
import type { Sample } from "./Task.ts"

const peers = ["effect", "@effect/platform"]

/** `consumer` makes a folder with a checkout's package in it as an install has it, and the jobs beside it. */
const consumer = (folder: string, name: string, from: string): string => {
  const made = join(folder, name)
  for (const [peer, at] of [
    ...peers.map((peer) => [peer, join(from, "node_modules", peer)]),
    ["sallyport", from]
  ]) {
    const link = join(made, "node_modules", peer ?? "")
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(at ?? "", link)
  }
  cpSync(fileURLToPath(new URL("jobs", import.meta.url)), made, { recursive: true })
  writeFileSync(join(made, "package.json"), JSON.stringify({ type: "module", private: true }))
  return made
}

/** `bundled` makes a job one file with all that it loads, by the command of the recipe (examples/RECIPES.md). */
const bundled = (file: string): string => {
  const outfile = file.replace(/\.js$/, ".bundled.mjs")
  buildSync({ entryPoints: [file], outfile, bundle: true, platform: "node", format: "esm" })
  return outfile
}

/** `jobSamples` runs scripts as whole processes, in turns: from their start to their end. */
export const jobSamples = async (
  runtime: Runtime,
  folder: string,
  ca: string,
  factsFile: string,
  rounds: number,
  against: string | undefined
): Promise<ReadonlyArray<Sample>> => {
  const facts: Facts = JSON.parse(readFileSync(factsFile, "utf8"))
  const own = consumer(folder, `job-${runtime}`, checkout)
  const jobs: Array<readonly [name: string, file: string]> = [
    ["plain fetch", join(own, "fetch.js")],
    ["node:https with an agent", join(own, "https.js")],
    ["FetchHttpClient of @effect/platform", join(own, "platform.js")],
    ["sallyport", join(own, "effect.js")],
    ["sallyport/promises", join(own, "promises.js")],
    ["sallyport, bundled", bundled(join(own, "effect.js"))],
    ["sallyport/promises, bundled", bundled(join(own, "promises.js"))]
  ]
  if (against !== undefined) {
    const other = consumer(folder, `job-${runtime}-against`, resolve(against))
    jobs.push(
      ["sallyport, against", join(other, "effect.js")],
      ["promises, against", join(other, "promises.js")]
    )
  }
  const samples: Array<Sample> = []
  // The first round reads files that no cache holds yet.
  for (let round = -1; round < rounds; round++) {
    for (const [contender, file] of jobs) {
      const [command, ...args] = commandOf(runtime, file)
      const begun = performance.now()
      const lines = await said(command, [...args, facts.origin, ca], ca)
      const wall = (performance.now() - begun) * 1000
      const { count, cpu } = JSON.parse(lines.split("\n").at(-1) ?? "")
      if (count !== 125) throw new Error(`${contender} has read ${count} items, and not 125`)
      if (round >= 0) samples.push({ contender, wall, cpu: cpu.user + cpu.system })
    }
  }
  return samples
}
