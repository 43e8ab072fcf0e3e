import { spawn } from "node:child_process"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"

export type Runtime = "node" | "bun" | "deno"

export const checkout = fileURLToPath(new URL("../..", import.meta.url))

/** `commandOf` starts a script on a runtime; without one it is the runtime alone. */
export const commandOf = (
  runtime: Runtime,
  file?: string
): readonly [command: string, ...args: ReadonlyArray<string>] => {
  const bin = join(checkout, "node_modules", ".bin", runtime)
  switch (runtime) {
    case "node":
      return [
        process.execPath,
        ...(file?.endsWith(".ts") ? ["--import", "tsx"] : []),
        ...(file ? [file] : [])
      ]
    case "bun":
      return [bin, ...(file ? [file] : [])]
    case "deno":
      return [bin, ...(file ? ["run", "-A", file] : [])]
  }
}

/** `said` runs a command to its end, and gives what it has written. `ca` is the file with what it is to trust. */
export const said = async (command: string, args: ReadonlyArray<string>, ca?: string): Promise<string> => {
  const env = ca === undefined ? process.env : { ...process.env, NODE_EXTRA_CA_CERTS: ca, DENO_CERT: ca }
  const child = spawn(command, args, { cwd: checkout, env, stdio: ["ignore", "pipe", "inherit"] })
  let text = ""
  child.stdout.setEncoding("utf8").on("data", (piece) => {
    text += piece
  })
  return new Promise((resolve, reject) => {
    child.once("error", reject)
    child.once("close", (code) =>
      code === 0 ? resolve(text.trim()) : reject(new Error(`${command} ${args.join(" ")} ended with ${code}`))
    )
  })
}
