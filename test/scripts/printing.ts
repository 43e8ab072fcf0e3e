// A script that prints, by WAY: to a disk that is full where the test says so. Says on its other stream that it is over.
import process from "node:process"
import * as Effect from "effect/Effect"
import { Main } from "sallyport"
import * as Sandbox from "sallyport/sandbox"

const line = "a line\n"

/** Ends with the first that is printed. */
const printed = () =>
  Effect.async<void>((resume) => {
    const write = process.stdout.write.bind(process.stdout)
    Object.assign(process.stdout, {
      write: (...args: Parameters<typeof write>) => {
        resume(Effect.void)
        return write(...args)
      }
    })
  })

const ways: Record<string, Effect.Effect<unknown, unknown>> = {
  writing: Effect.sync(() => process.stdout.write(line)),
  "writing much": Effect.sync(() => process.stdout.write("…".repeat(100_000))),
  "writing an error": Effect.sync(() => process.stderr.write(line)),
  logging: Effect.log("a line"),
  nothing: Effect.void,
  "and failing": Effect.zipRight(
    Effect.sync(() => process.stdout.write(line)),
    Effect.fail("it failed")
  ),
  "and leaving": Effect.sync(() => {
    process.stdout.write(line)
    process.exit(0)
  }),
  "the sandbox": Effect.suspend(() => Effect.raceFirst(Sandbox.command([]), printed())),
  "the help of the sandbox": Sandbox.command(["--help"])
}

Main.run(ways[process.env.WAY ?? ""] ?? Effect.dieMessage("no such way"))
