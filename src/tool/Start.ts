import process from "node:process"
import * as Effect from "effect/Effect"
import { ofProcess } from "../commandline/Caller.ts"
import { run } from "../process/RunScript.ts"
import { main } from "./Tool.ts"

/** `start` runs the tool as this process. */
export const start = (): void =>
  run(
    Effect.map(main({ ...ofProcess(), script: "sallyport" }), (code) => {
      process.exitCode = code
    })
  )
