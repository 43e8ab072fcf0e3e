// What a failure says on a terminal.
//
// Invariant: nothing that a device, a file or a script calls something moves the terminal's cursor.
import { expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import { format } from "../../src/process/FailureText.ts"

it.each([false, true])("a failure moves no cursor, whatever its words hold; with debug: %s", (debug) => {
  const cause = Cause.fail(
    new Error("host \u009b2Jweb\u001b[1A-1\nin line 2", { cause: new Error("\u009d0;x") })
  )
  const text = format(cause, { debug })
  expect(text).toMatch(/host .2Jweb.\[1A-1\n+ *in line 2/)
  expect(text.replaceAll(/[\n\t]/g, "")).not.toMatch(/\p{Cc}/u)
})
