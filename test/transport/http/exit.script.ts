// Run by Exit.test.ts in a process of its own: one request, then nothing more to do, with the scope still open.
import process from "node:process"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as Target from "../../../src/transport/Target.ts"
import * as Transport from "../../../src/transport/Transport.ts"
import * as Trust from "../../../src/transport/tls/Trust.ts"

const [url = "", pin = "", what = ""] = process.argv.slice(2)
const scope = Effect.runSync(Scope.make())
const target = Target.make({ url, trust: Trust.pin(pin), handshakeTimeout: "1 minute" })
const exchange = Effect.flatMap(Scope.extend(Transport.make(target), scope), (transport) =>
  transport.exchange(HttpClientRequest.get("/"))
)

if (what === "answered") {
  const reply = await Effect.runPromise(exchange)
  process.stdout.write(`${reply.status}\n`)
} else {
  const sleep = Effect.promise(() => new Promise<void>((resolve) => setTimeout(resolve, 300)))
  const exit = await Effect.runPromiseExit(
    Effect.flip(Effect.raceFirst(exchange, Effect.zipRight(sleep, Effect.fail("interrupted"))))
  )
  process.stdout.write(`${exit._tag === "Success" ? exit.value : exit.cause}\n`)
}
