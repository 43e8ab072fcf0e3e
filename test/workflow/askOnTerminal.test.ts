// The question for an approval, as a process of its own.
//
// Races: Ctrl-C while it waits for the answer.
// Invariants: who cannot be asked is not waited for · Ctrl-C ends the script by Main's code · nothing keeps the process
// once there is an answer.
import { spawn, spawnSync } from "node:child_process"
import { join } from "node:path"
import process from "node:process"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { bundle } from "../support/bundle.ts"
import { eventually } from "../support/eventually.ts"
import { root, runtime, start } from "../support/runtime.ts"

const file = join(root, "test/scripts/approve.ts")

// That of util-linux gives a process a terminal.
const hasTerminals = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0

/** Starts the script on a terminal. */
const onTerminal = () => {
  const command = [process.execPath, ...(runtime === "deno" ? ["run", "-A"] : []), bundle(root, file)]
  const child = spawn("script", ["-qec", command.map((part) => `'${part}'`).join(" "), "/dev/null"], {
    cwd: root,
    stdio: ["pipe", "pipe", "inherit"]
  })
  let output = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text
  })
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve))
  return { ended, output: () => output, type: (text: string) => child.stdin.write(text) }
}

describe.skipIf(!hasTerminals)("askOnTerminal on a terminal", () => {
  it.live.each<[string, { code: number; says: string }]>([
    ["y\n", { code: 0, says: "answer: true" }],
    ["\n", { code: 0, says: "answer: false" }],
    ["\u0004", { code: 0, says: "answer: false" }],
    ["\u0003", { code: 130, says: "SIGINT: closing what is open" }]
  ])("shows the plan and takes %j", ([typed, { code, says }]) =>
    Effect.gen(function* () {
      const running = onTerminal()
      yield* eventually("it asks", () => running.output().includes("[y/N]"), 30)
      expect(running.output()).toMatch(/\u001b\[32m\+ Host web-1/)
      running.type(typed)
      expect(yield* Effect.promise(() => running.ended)).toBe(code)
      expect(running.output()).toContain(says)
    })
  )
})

describe("askOnTerminal", () => {
  it.live("asks nobody where there is no terminal, and says what to give", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* Effect.promise(() => start(file).ended)
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
      expect(stderr).toMatch(/GuardRefused: .*no terminal.*--yes.*approve: \(\) => true/)
    })
  )
})
