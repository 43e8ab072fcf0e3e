import { open } from "node:fs/promises"
import * as Effect from "effect/Effect"
import * as Places from "../documents/Places.ts"
import * as TextFile from "../documents/TextFile.ts"
import type { InvalidInput } from "../transport/DeviceError.ts"

// Some 50,000 devices.
const maxBytes = 8 * 1024 * 1024

/**
 * `readText` gives the text of an inventory's file. Fails with `InvalidInput` for what cannot be read, for what is no
 * file, and for more than 8 MiB.
 */
export const readText = (path: string): Effect.Effect<string, InvalidInput> => {
  const file = TextFile.nameOf(path)
  const catching = <A>(read: () => Promise<A>) =>
    Effect.tryPromise({ try: read, catch: (error) => TextFile.unread(file, error) })
  return Effect.acquireUseRelease(
    catching(() => open(path, "r")),
    (handle) =>
      Effect.gen(function* () {
        const stat = yield* catching(() => handle.stat())
        // A pipe could be endless, and a device of the system anything.
        if (!stat.isFile()) return yield* TextFile.notAFile(file)
        if (stat.size > maxBytes)
          return yield* Places.refuse(file, "the file has more than 8 MiB; part it into several inventories.")
        return yield* TextFile.decoded(file, yield* catching(() => handle.readFile()))
      }),
    (handle) => Effect.ignore(Effect.tryPromise(() => handle.close()))
  )
}
