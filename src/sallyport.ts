#!/usr/bin/env node
// The command `sallyport` of the package.
import process from "node:process"
import * as Effect from "effect/Effect"
import { ofProcess } from "./commandline/Caller.ts"
import { run } from "./process/RunScript.ts"
import { main } from "./tool/Tool.ts"

run(
  Effect.map(main({ ...ofProcess(), script: "sallyport" }), (code) => {
    process.exitCode = code
  })
)
