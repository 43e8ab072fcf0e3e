import { spawnSync } from "node:child_process"
import process from "node:process"
import { expect, it } from "vitest"
import { lines } from "./support/example.ts"
import { root, runtime } from "./support/runtime.ts"

it.runIf(runtime === "deno")("what Deno does not let a script do is told by the flag that lets it", () => {
  const flags = ["--no-prompt", "--allow-net=127.0.0.1:9", `--allow-read=${root}`]
  const { stdout } = spawnSync(process.execPath, ["run", ...flags, "test/scripts/permissions.ts"], {
    cwd: root,
    encoding: "utf8"
  })
  expect(lines(stdout)).toEqual([
    expect.stringMatching(/^FMC_USERNAME: .*--allow-env=FMC_USERNAME\.$/),
    expect.stringMatching(/^devices\.hq\.trust: .*--allow-read/),
    expect.stringMatching(/^path: .*--allow-read/),
    expect.stringMatching(/--allow-read and --allow-write/)
  ])
})
