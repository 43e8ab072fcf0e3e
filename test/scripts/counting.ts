// A process that counts at a slot of a store, which it has to itself each time: FOLDER, and TIMES (how often), or HOLDS
// (it never lets go). Says the number that it wrote.
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Main, TokenStore } from "sallyport"
import { Token } from "sallyport/plugin"

const key: TokenStore.Key = {
  provider: "counting",
  targetName: "counter",
  origin: "https://counter.example",
  serverName: "",
  trust: "",
  username: "api",
  node: ""
}

Main.run(
  Effect.gen(function* () {
    const { openSlot: open } = TokenStore.disk({ folder: process.env.FOLDER })
    if (open === undefined) return yield* Effect.dieMessage("a store on disk has slots")
    const slot = yield* open(key, ({ message }) => Effect.sync(() => console.log(`trouble ${message}`)))
    for (let times = 0; times < Number(process.env.TIMES ?? 1); times++) {
      yield* slot.withLock((lockedSlot) =>
        Effect.gen(function* () {
          const before = (yield* lockedSlot.read)?.token.refreshesLeft ?? 0
          const secret = Redacted.make("secret")
          const token = Token.make(
            { access: secret, refresh: secret, refreshesLeft: before + 1 },
            { wall: 0, monotonic: 0 }
          )
          if (process.env.HOLDS !== undefined) {
            console.log("holds")
            yield* Effect.never
          }
          // So long that whoever does not wait for it writes the same number.
          yield* Effect.sleep("2 millis")
          yield* lockedSlot.write({ login: "one", token, refreshing: false, holders: [] })
          console.log(`wrote ${before + 1}`)
        })
      )
      // Others have their turn.
      yield* Effect.sleep("10 millis")
    }
  })
)
