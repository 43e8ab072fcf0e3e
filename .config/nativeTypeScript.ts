import { existsSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"

const file = join(
  fileURLToPath(new URL("../node_modules", import.meta.url)),
  `@effect/tsgo-${process.platform}-${process.arch}`,
  "lib",
  process.platform === "win32" ? "tsc.exe" : "tsc"
)

/** `nativeTypeScript` is TypeScript 7 with Effect's diagnostics, where its package has one for this machine. */
export const nativeTypeScript: string | undefined = existsSync(file) ? file : undefined
