import { memoryUsage } from "node:process"
import * as v8 from "node:v8"
import { runInNewContext } from "node:vm"

const { Bun } = globalThis as { readonly Bun?: { readonly gc: (isSync: boolean) => void } }

/** Collects garbage by force, without a flag on the command line; `undefined` where the runtime has no such thing. */
const collect: (() => void) | undefined = (() => {
  if (Bun !== undefined) return () => Bun.gc(true)
  try {
    v8.setFlagsFromString("--expose-gc")
    const gc: unknown = runInNewContext("typeof gc === 'function' ? gc : undefined")
    return typeof gc === "function" ? () => void gc() : undefined
  } catch {
    return undefined
  }
})()

/**
 * Bytes in use after a forced collection, compiled code left out; `undefined` where none can be forced. V8 compiles and
 * recompiles for as long as a program runs: of the 1.0 MiB by which this soak's heap grew between its third and its
 * eighth minute, seven tenths were code and what belongs to it, by the snapshots.
 */
export const sample = async (): Promise<number | undefined> => {
  if (collect === undefined) return undefined
  for (let round = 0; round < 4; round++) {
    collect()
    // What was freed may free more, once its callbacks have run.
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return memoryUsage().heapUsed - code()
}

const code = (): number => {
  if (Bun !== undefined) return 0
  const { bytecode_and_metadata_size, code_and_metadata_size } = v8.getHeapCodeStatistics()
  return code_and_metadata_size + bytecode_and_metadata_size
}

/** Least squares: by how much the values grow from one to the next. */
export const slope = (values: ReadonlyArray<number>): number => {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const spread = values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0)
  return values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0) / spread
}
