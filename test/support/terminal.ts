import { spawn, spawnSync } from "node:child_process"
import process from "node:process"
import { bundle } from "./bundle.ts"
import { root, runtime } from "./runtime.ts"

// That of util-linux gives a process a terminal.
export const hasTerminals = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0

/** A process on a terminal. */
export interface OnTerminal {
  readonly ended: Promise<number | null>
  /** `output` is all that the terminal was sent so far, with each code. */
  readonly output: () => string
  readonly type: (text: string) => void
}

/** How a terminal is: its size in letters, and where the command runs. */
interface TerminalOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly size?: readonly [columns: number, rows: number]
}

/** Starts a TypeScript file of the project on a terminal, on the runtime of this test. */
export const onTerminal = (
  file: string,
  { args = [], ...options }: TerminalOptions & { readonly args?: ReadonlyArray<string> } = {}
): OnTerminal =>
  commandOnTerminal(
    [process.execPath, ...(runtime === "deno" ? ["run", "-A"] : []), bundle(root, file), ...args],
    options
  )

/** Starts a command on a terminal. */
export const commandOnTerminal = (
  words: ReadonlyArray<string>,
  { cwd = root, env = {}, size: [columns, rows] = [100, 30] }: TerminalOptions = {}
): OnTerminal => {
  const command = words.map((word) => `'${word}'`).join(" ")
  const sized = `stty cols ${columns} rows ${rows}; exec ${command}`
  const child = spawn("script", ["-qec", sized, "/dev/null"], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "inherit"]
  })
  let output = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text
  })
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve))
  return { ended, output: () => output, type: (text) => child.stdin.write(text) }
}
