import * as Effect from "effect/Effect"
import { systemErrorCode } from "../../auth/store/StoreFault.ts"
import { refuse, type WrongUsage } from "../WrongUsage.ts"

/** `packaged` loads a package that only some scripts need. Fails with `WrongUsage`, which says how to install it. */
export const packaged = <A>(load: () => Promise<A>, install: string, what: string) =>
  Effect.tryPromise({
    try: load,
    catch: (error): WrongUsage | undefined =>
      ["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"].includes(systemErrorCode(error) ?? "")
        ? refuse(`${what} is read by a package of its own; install it: npm install ${install}`)
        : undefined
  }).pipe(
    Effect.catchAll((error) =>
      error === undefined ? Effect.dieMessage(`${install} cannot be loaded`) : error
    )
  )
