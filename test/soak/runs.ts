// Random workflows on random devices, in a time of their own (see test/workflow/run/run.model.test.ts):
//
//     node --conditions=@sallyport/source --import tsx test/soak/runs.ts [--cases 1000] [--seed 1] [--property undone]
//
// Shrinks what fails and prints it with its seed and path, which lead there again: --seed 1 --path 48:0:6. Node only.
import process from "node:process"
import { parseArgs } from "node:util"
import * as fc from "effect/FastCheck"
import { held } from "../workflow/run/model/held.ts"
import * as Properties from "../workflow/run/model/properties.ts"

const { values } = parseArgs({
  options: {
    cases: { type: "string" },
    seed: { type: "string" },
    path: { type: "string" },
    property: { type: "string" }
  }
})
const { path, property = "" } = values
const numRuns = Number(values.cases ?? 1000)
const seed = Number(values.seed ?? Date.now() % 1_000_000)

for (const [name, one] of Object.entries(Properties)) {
  if (!name.includes(property)) continue
  const since = performance.now()
  const details = await fc.check(held(one), { numRuns, seed, ...(path !== undefined && { path }) })
  const seconds = Math.round((performance.now() - since) / 1000)
  console.log(`${name}: ${details.numRuns} cases by seed ${seed} in ${seconds} s`)
  if (!details.failed) continue
  process.exitCode = 1
  console.log(fc.defaultReportMessage(details))
}
