// What a shell offers of a command line, by the script that completion prints: asked of bash itself.
//
// Invariants: each command is offered its own flags alone · a name from a Schema is a word, whatever it holds, and is
// never run.
import { spawnSync } from "node:child_process"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"
import { call } from "../support/commandLine.ts"
import { file } from "../support/example.ts"
import { temporaryFolder } from "../support/temporaryFolder.ts"

const workflow = Workflow.make({
  name: "complete-me",
  input: Schema.Struct({
    mode: Schema.Literal("fast", "it's slow", "$(touch ran) `touch ran`"),
    rows: Schema.Array(Schema.Struct({ name: Schema.String })),
    deploy: Schema.optional(Schema.Boolean)
  }),
  devices: { fmc: Fmc.plugin },
  run: () => Effect.void
})

const scriptFor = (shell: string) =>
  Effect.map(call(workflow, {}, ["completion", shell]), ({ code, stdout }) => {
    expect(code).toBe(0)
    return stdout
  })

const has = (shell: string) => spawnSync(shell, ["-c", "exit 0"]).status === 0

/** What bash offers for the last of these words. */
const offered = (script: string, words: ReadonlyArray<string>, cwd: string): ReadonlyArray<string> => {
  const asking = `${script}
COMP_WORDS=("script.ts" "$@")
COMP_CWORD=$#
_script_ts script.ts "\${COMP_WORDS[$#]}" "\${COMP_WORDS[$# - 1]}"
printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stderr, stdout } = spawnSync("bash", ["-c", asking, "bash", ...words], { cwd, encoding: "utf8" })
  expect(stderr).toBe("")
  return stdout.split("\n").filter((line) => line !== "")
}

describe.skipIf(!has("bash"))("bash", () => {
  it.scopedLive("is offered commands, their flags, and what stands behind them", () =>
    Effect.gen(function* () {
      const cwd = yield* temporaryFolder
      const script = yield* scriptFor("bash")
      const ask = (...words: ReadonlyArray<string>) => offered(script, words, cwd)
      expect(ask("")).toEqual(["plan", "drift", "run", "resume", "undo", "runs", "completion"])
      expect(ask("r")).toEqual(["run", "resume", "runs"])
      expect(ask("plan", "--d")).toEqual(["--deploy", "--device", "--detailed-exitcode"])
      expect(ask("undo", "--m")).toEqual([])
      expect(ask("run", "--mode", "")).toEqual(["fast", "it's slow", "$(touch ran) `touch ran`"])
      expect(ask("runs", "s")).toEqual(["show"])
      spawnSync("touch", ["rows.csv"], { cwd })
      expect(ask("run", "--rows", "@ro")).toEqual(["@rows.csv"])
      // Bash itself offers files where it is left to it.
      expect(ask("run", "--report", "ro")).toEqual([])
      expect(spawnSync("ls", { cwd, encoding: "utf8" }).stdout).toBe("rows.csv\n")
    })
  )
})

describe("completion", () => {
  it.scopedLive.each(["zsh", "fish"])("is a script that %s can read, where it is installed", (shell) =>
    Effect.gen(function* () {
      const script = yield* scriptFor(shell)
      expect(script).toContain("detailed-exitcode")
      const path = yield* file(`completion.${shell}`, script)
      if (has(shell)) expect(spawnSync(shell, ["-n", path], { encoding: "utf8" }).stderr).toBe("")
    })
  )

  it.live("is for the shells that it knows", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* call(workflow, {}, ["completion", "cmd"])
      expect(code).toBe(64)
      expect(stderr).toMatch(/^completion: for which shell\? Give one of bash, zsh, fish\.\n/)
    })
  )
})
