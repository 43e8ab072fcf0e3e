import { spawnSync } from "node:child_process"
import process from "node:process"
import { expect, it } from "vitest"
import { lines } from "./support/example.ts"
import { root, runtime } from "./support/runtime.ts"

const told = (...more: ReadonlyArray<string>) => {
  const flags = ["--no-prompt", "--allow-net=127.0.0.1:9", `--allow-read=${root}`, ...more]
  const { stdout } = spawnSync(process.execPath, ["run", ...flags, "test/scripts/permissions.ts"], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, HQ_URL: "https://127.0.0.1:9", HQ_USERNAME: "api", HQ_PASSWORD: "hunter2" }
  })
  return lines(stdout)
}

it.runIf(runtime === "deno")(
  "variables that Deno lets a script read are enough, if they are all it needs",
  () => {
    expect(told("--allow-env=HQ_URL,HQ_USERNAME,HQ_PASSWORD").at(-1)).toMatch(/^127\.0\.0\.1:9: /)
    expect(told("--allow-env=HQ_USERNAME,HQ_PASSWORD").at(-1)).toMatch(/^HQ_URL: .*--allow-env=HQ_URL\.$/)
  }
)

it.runIf(runtime === "deno")("what Deno does not let a script do is told by the flag that lets it", () => {
  expect(told()).toEqual([
    expect.stringMatching(/^FMC_USERNAME: .*--allow-env=FMC_USERNAME\.$/),
    expect.stringMatching(/^devices\.hq\.trust: .*--allow-read/),
    expect.stringMatching(/^path: .*--allow-read/),
    expect.stringMatching(/--allow-read and --allow-write/),
    expect.stringMatching(/^HQ_USERNAME: .*--allow-env=HQ_USERNAME\.$/)
  ])
})
