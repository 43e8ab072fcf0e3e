// Puts each known fault back into a copy of the project and sees that its tests fail:
//
//     node --conditions=@sallyport/source --import tsx test/mutants/run.ts [part of a mutant's name]
//
// One line for each mutant; exits with 1 if one survives or does not fit the sources any more.
import { spawn } from "node:child_process"
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { type Mutant, mutants } from "./mutants.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const copied = [
  ".config",
  "src",
  "plugins",
  "test",
  "examples",
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "package.json",
  "tsconfig.json",
  "deno.json"
]
const atOnce = 2
// Milliseconds. What hangs is killed, too: a test that never ends has failed.
const patience = 90_000

interface Verdict {
  readonly isKilled: boolean
  /** It may have been too slow, and not wrong. */
  readonly isLate?: boolean
  readonly words: string
}

const copy = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-mutant-"))
  const filter = (from: string) => basename(from) !== ".scripts"
  for (const name of copied) await cp(join(root, name), join(folder, name), { recursive: true, filter })
  await symlink(join(root, "node_modules"), join(folder, "node_modules"))
  return folder
}

interface Report {
  readonly testResults: ReadonlyArray<{
    readonly assertionResults: ReadonlyArray<{
      readonly status: string
      readonly fullName: string
      readonly failureMessages: ReadonlyArray<string>
    }>
  }>
}

/** Runs the tests of one name, and tells which failed. */
const failing = async (folder: string, test: string): Promise<Verdict> => {
  const [file = "", name = ""] = test.split(/: (.*)/s)
  const report = join(folder, "report.json")
  await rm(report, { force: true })
  const pattern = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
  const child = spawn(
    process.execPath,
    [
      "node_modules/vitest/vitest.mjs",
      ...["run", "--config", ".config/vitest.config.ts", "--mode", "thorough"],
      // A process for each core would start for the one file.
      ...["--poolOptions.forks.maxForks=1", "--poolOptions.forks.minForks=1"],
      ...[join("test", file), "-t", pattern, "--bail", "1"],
      ...["--testTimeout", "15000", "--reporter", "json", "--outputFile", report]
    ],
    { cwd: folder, stdio: "ignore", detached: true }
  )
  const outcome = await new Promise<"ended" | "hangs">((resolve) => {
    const timer = setTimeout(() => resolve("hangs"), patience)
    child.once("close", () => {
      clearTimeout(timer)
      resolve("ended")
    })
  })
  endGroup(child.pid)
  if (outcome === "hangs") return { isKilled: true, isLate: true, words: `${file}: never ends` }
  const { testResults }: Report = JSON.parse(await readFile(report, "utf8"))
  const results = testResults.flatMap(({ assertionResults }) => assertionResults)
  const failed = results.find(({ status }) => status === "failed")
  if (failed !== undefined) {
    const isLate = failed.failureMessages.some((message) => /timed out|never came to be/.test(message))
    return { isKilled: true, isLate, words: `${file}: ${failed.fullName}` }
  }
  const passed = results.filter(({ status }) => status === "passed").length
  // A file that cannot even be loaded proves nothing.
  const why = passed === 0 ? "no such test, or it cannot be run" : `${passed} passed`
  return { isKilled: false, words: `${test} (${why})` }
}

/** Ends what the tests have left: a script that should have ended, and by this very fault did not. */
const endGroup = (leader: number | undefined): void => {
  try {
    if (leader !== undefined) process.kill(-leader, "SIGKILL")
  } catch {
    // There is nothing left.
  }
}

const judge = async (folder: string, { file, from, name, tests, to }: Mutant): Promise<boolean> => {
  const path = join(folder, file)
  const source = await readFile(path, "utf8")
  const fits = source.split(from).length - 1
  if (fits !== 1) {
    console.log(`DOES NOT FIT  ${name}\n    stands in ${file} ${fits} times: ${from}`)
    return false
  }
  const verdicts: Array<Verdict> = []
  for (const test of tests) {
    await writeFile(
      path,
      source.replace(from, () => to)
    )
    const verdict = await failing(folder, test)
    await writeFile(path, source)
    // On a machine that has much else to do, what is late with the fault may be so without it.
    const isProof = verdict.isLate !== true || !(await failing(folder, test)).isKilled
    verdicts.push(isProof ? verdict : { isKilled: false, words: `${test} (fails without the fault, too)` })
  }
  const isKilled = verdicts.every((verdict) => verdict.isKilled)
  const words = verdicts.map((verdict) => `\n    ${verdict.isKilled ? "by" : "NOT by"} ${verdict.words}`)
  console.log(`${isKilled ? "killed" : "SURVIVED"}  ${name}${words.join("")}`)
  return isKilled
}

const part = process.argv[2] ?? ""
const waiting = mutants.filter(({ name }) => name.includes(part))
let survived = waiting.length === 0 ? 1 : 0
const worker = async () => {
  const folder = await copy()
  try {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift())
      if (!(await judge(folder, mutant))) survived += 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
await Promise.all(Array.from({ length: atOnce }, worker))
process.exitCode = survived > 0 ? 1 : 0
