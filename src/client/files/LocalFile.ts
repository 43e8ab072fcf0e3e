import { stat } from "node:fs/promises"
import * as Effect from "effect/Effect"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import { failureCode } from "../../transport/SystemErrorCode.ts"
import { refuseInput } from "../../validation/RefuseInput.ts"

/** `whatIsAt` says what there is at a path. */
export const whatIsAt = (path: string): Effect.Effect<"nothing" | "file" | "noFile"> =>
  Effect.promise(() =>
    stat(path).then(
      (there) => (there.isFile() ? "file" : "noFile"),
      () => "nothing"
    )
  )

/** `attempt` works with a file of this machine. Fails with `InvalidInput`, which says what to do. */
export const attempt = <A>(path: string, work: () => Promise<A>): Effect.Effect<A, InvalidInput> =>
  Effect.tryPromise({
    try: work,
    catch: (error) => refusal(path, error)
  })

/** `refusal` is what the system says of a file, as a fault of the input. */
export const refusal = (path: string, error: unknown): InvalidInput => {
  const code = failureCode(error)
  return unusable(
    path,
    advice[code] ?? `the system refuses it (${code}); check the path, its folder and who may use it.`
  )
}

/** `unusable` refuses a file; `why` says what to do. */
export const unusable = (path: unknown, why: string): InvalidInput =>
  refuseInput("file", `${String(path)}: ${why}`, String(path))

const advice: Readonly<Record<string, string>> = {
  ENOENT: "it, or the folder that it is to be in, is not there; check the path, or make the folder first.",
  EEXIST: "it is there already (EEXIST); name another, or move it away.",
  ENOSPC: "the disk is full, and nothing of the file was kept; make room, and try again.",
  NotCapable: "this process may not use it; with Deno: --allow-read and --allow-write for its folder."
}
