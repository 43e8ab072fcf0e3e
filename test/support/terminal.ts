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

/** Starts a TypeScript file of the project on a terminal, on the runtime of this test. */
export const onTerminal = (
  file: string,
  {
    args = [],
    env = {}
  }: { readonly args?: ReadonlyArray<string>; readonly env?: Readonly<Record<string, string>> } = {}
): OnTerminal => {
  const words = [process.execPath, ...(runtime === "deno" ? ["run", "-A"] : []), bundle(root, file), ...args]
  const command = words.map((word) => `'${word}'`).join(" ")
  const child = spawn("script", ["-qec", `stty cols 100 rows 30; exec ${command}`, "/dev/null"], {
    cwd: root,
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
