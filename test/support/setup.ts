// Vitest runs this before each test file.
import * as FastCheck from "effect/FastCheck"
import { seed } from "./seed.ts"
import { forgetShared } from "./shared.ts"

forgetShared()
FastCheck.configureGlobal({ seed })
