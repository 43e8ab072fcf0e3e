import { spawn } from "node:child_process"
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { bundle } from "./bundle.ts"

/** The runtime that runs this test, and so the one that runs the scripts that the test starts. */
export const runtime: "node" | "bun" | "deno" =
  process.versions.bun !== undefined ? "bun" : process.versions.deno !== undefined ? "deno" : "node"

export const root = fileURLToPath(new URL("../..", import.meta.url))

const before: Record<typeof runtime, ReadonlyArray<string>> = {
  node: [],
  bun: [],
  deno: [
    "run",
    "--allow-net=127.0.0.1",
    "--allow-env",
    "--allow-read",
    "--allow-write",
    "--allow-sys",
    "--allow-run"
  ]
}

/** The journals of what a test starts are its own, and go with it. */
const stateFolder = mkdtempSync(join(tmpdir(), "sallyport-state-"))
process.once("exit", () => rmSync(stateFolder, { recursive: true, force: true }))
const itsOwn = { XDG_STATE_HOME: stateFolder, LOCALAPPDATA: stateFolder }

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly pid: number | undefined
  /** By its process id: after `child.kill` Deno reports the signal in place of the script's own exit code. */
  readonly kill: (signal: NodeJS.Signals) => void
  /** Closes this end of its standard output, or of that for errors. */
  readonly stopReading: (stream?: "stdout" | "stderr") => void
  readonly output: () => string
  readonly isEnded: () => boolean
  readonly ended: Promise<Ended>
}

/** Starts a TypeScript file of the project on the runtime of this test. */
export const start = (
  file: string,
  options: {
    readonly args?: ReadonlyArray<string>
    readonly env?: Readonly<Record<string, string>>
    /** As this test may: a process of Deno that may not do everything does not learn in which container it is. */
    readonly mayDoEverything?: boolean
    /**
     * It tells lines of its own: Node reads the map of the bundle for them, which takes as long as the start, and Bun and
     * Deno, which read none, run the source.
     */
    readonly tellsLines?: boolean
    /** A file in place of the pipe of standard output, or of that for errors. */
    readonly prints?: { readonly stdout?: string; readonly stderr?: string }
    /** The blocks that a file may have. */
    readonly fileBlocks?: number
  } = {}
): Running => {
  const { args = [], fileBlocks, mayDoEverything = false, prints = {}, tellsLines = false } = options
  const script = tellsLines && runtime !== "node" ? file : bundle(root, file)
  const rights = runtime === "deno" && mayDoEverything ? ["run", "--allow-all"] : before[runtime]
  const maps = tellsLines && runtime === "node" ? ["--enable-source-maps"] : []
  const words = [process.execPath, ...rights, ...maps, script, ...args]
  const limited = ["sh", "-c", `ulimit -f ${fileBlocks}; exec "$@"`, "sh", ...words]
  const [command = "", ...its] = fileBlocks === undefined ? words : limited
  const files = [prints.stdout, prints.stderr].map((path) =>
    path === undefined ? "pipe" : openSync(path, "w")
  )
  const child = spawn(command, its, {
    cwd: root,
    env: { ...process.env, ...itsOwn, NO_COLOR: "1", ...options.env },
    stdio: ["ignore", ...files]
  })
  for (const file of files) if (typeof file === "number") closeSync(file)
  let stdout = ""
  let stderr = ""
  child.stdout?.setEncoding("utf8").on("data", (text) => {
    stdout += text
  })
  child.stderr?.setEncoding("utf8").on("data", (text) => {
    stderr += text
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject)
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  const isEnded = () => child.exitCode !== null || child.signalCode !== null
  // Of one that has ended, the number may be another's by now: of a process of these tests, say.
  const kill = (signal: NodeJS.Signals) => {
    if (child.pid !== undefined && !isEnded()) process.kill(child.pid, signal)
  }
  return {
    pid: child.pid,
    kill,
    stopReading: (stream = "stdout") => child[stream]?.destroy(),
    output: () => stdout + stderr,
    isEnded,
    ended
  }
}
