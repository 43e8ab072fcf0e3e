// A script that the tests start and end in every way. What it does is in its environment: BACKEND (fmc, fdm) and
// ENDING (success, failure, defect, wait, timer, rejection, deaf, talk, change).
import { spawn } from "node:child_process"
import process from "node:process"
import * as Effect from "effect/Effect"
import { InvalidInput, Main, type Session } from "sallyport"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"

const on = (say: () => void) => Effect.forever(Effect.zipRight(Effect.sync(say), Effect.sleep("20 millis")))

const endings: Record<string, Effect.Effect<void, InvalidInput>> = {
  success: Effect.void,
  failure: Effect.fail(
    new InvalidInput({ field: "answer", value: "41", message: `answer: "41" is not the answer; give 42.` })
  ),
  defect: Effect.die(new Error("a bug in the script")),
  wait: Effect.never,
  timer: Effect.zipRight(
    Effect.sync(() =>
      setTimeout(() => {
        throw new Error("thrown by a timer")
      }, 50)
    ),
    Effect.never
  ),
  rejection: Effect.zipRight(
    Effect.sync(() => void Promise.reject(new Error("rejected by nobody's promise"))),
    Effect.never
  ),
  talk: on(() => console.log("…")),
  complain: on(() => console.error("…")),
  deaf: Effect.zipRight(
    Effect.sync(() => {
      const { stdin } = spawn("sh", ["-c", "exec <&-; sleep 30"], { stdio: ["pipe", "ignore", "ignore"] })
      setInterval(() => stdin.write("…"), 20)
    }),
    Effect.never
  ),
  write: Effect.forever(
    Effect.zipRight(
      Effect.async<void>((resume) => {
        process.stdout.write("…\n", (error) => resume(error ? Effect.die(error) : Effect.void))
      }),
      Effect.sleep("20 millis")
    )
  )
}

const use = ({ session }: { readonly session: Session.Session }) =>
  Effect.gen(function* () {
    console.log("opened")
    if (process.env.ENDING === "change") yield* session.http.post("/api/change")
    yield* endings[process.env.ENDING ?? "success"] ?? Effect.void
    console.log("done")
  })

console.log("started")
Main.run(
  process.env.BACKEND === "fdm"
    ? Effect.provide(Effect.flatMap(Fdm.Fdm, use), Fdm.layerConfig("FDM"))
    : Effect.provide(Effect.flatMap(Fmc.Fmc, use), Fmc.layerConfig("FMC"))
)
