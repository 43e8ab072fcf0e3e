// Vitest runs this before each test file.
import { forgetShared } from "./shared.ts"

forgetShared()
