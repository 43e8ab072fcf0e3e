import { readFileSync } from "node:fs"
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { Credentials, Main, Target, Trust } from "sallyport"
import * as Fmc from "sallyport/fmc"

const [, , url, ca] = process.argv
let count = 0
process.on("exit", () => console.log(JSON.stringify({ count, cpu: process.cpuUsage() })))
Main.run(
  Effect.gen(function* () {
    const fmc = yield* Fmc.make({
      target: Target.make({ url, trust: Trust.ca(readFileSync(ca, "utf8")) }),
      credentials: Credentials.password({ username: "bench", password: Redacted.make("bench") })
    })
    const { hosts } = yield* fmc.domain("Global")
    for (let list = 0; list < 5; list++)
      count += (yield* Stream.runCollect(hosts.list({ filter: "short" }))).length
  }).pipe(Effect.scoped)
)
