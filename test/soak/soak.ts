// Hours of work in minutes: scripts on FMC and FDM, whose tokens live for seconds, while everything goes wrong.
//
//   node --conditions=@sallyport/source --import tsx test/soak/soak.ts [--minutes 10] [--seed 1]
//   bun test/soak/soak.ts …      deno run -A --conditions=@sallyport/source test/soak/soak.ts …
//
// Each minute has a sandbox of its own, so that the heap that is measured between two of them is the library's alone:
// a sandbox remembers every login. The seed draws what is done; when it happens the machine decides.
//
// Fails if a login was left open without an excuse, at a defect, at an unhandled rejection, at a connection that
// stays, or if the heap grows in the second half of the run.
import process from "node:process"
import { parseArgs } from "node:util"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Random from "effect/Random"
import { Background, type InvalidInput } from "sallyport/plugin"
import * as Sandbox from "sallyport/sandbox"
import { runtime } from "../support/runtime.ts"
import { add, books, type Settlement } from "./account.ts"
import * as Heap from "./heap.ts"
import { run, tokenLifetime } from "./scripts.ts"
import { trouble } from "./trouble.ts"

const { values } = parseArgs({ options: { minutes: { type: "string" }, seed: { type: "string" } } })
const minutes = Number(values.minutes ?? 10)
const seed = values.seed ?? String(Date.now() % 1_000_000)

/** Bytes per minute: compiled code and the runtime's own caches go on growing a little. */
const allowance = 256 * 1024
const workers = 8

const escaped: Array<string> = []
for (const event of ["unhandledRejection", "uncaughtException"] as const)
  process.on(event, (error) => void escaped.push(`${event}: ${String(error?.stack ?? error)}`))

const totals = new Map<string, number>()
const errors = new Map<string, number>()
const faults = new Map<string, number>()
const requests = new Map<string, number>()
const problems: Array<string> = []
const heap: Array<number> = []

const count = (error: unknown) =>
  add(errors, String((error as { readonly _tag?: unknown } | undefined)?._tag ?? error))

/** One worker: one script after the other until the time is over. */
const worker = (sandbox: Sandbox.Sandbox, account: ReturnType<typeof books>, until: number) =>
  Effect.gen(function* () {
    while (Date.now() < until) {
      const script = account.script((yield* Random.nextBoolean) ? "fmc" : "fdm")
      const exit = yield* Effect.exit(run(sandbox, account, script, count))
      add(totals, "scripts")
      if (Exit.isSuccess(exit)) continue
      yield* Effect.sleep("20 millis")
      for (const failure of Cause.failures(exit.cause)) count(failure)
      for (const defect of Cause.defects(exit.cause))
        problems.push(`a defect: ${String((defect as Error)?.stack ?? defect)}`)
    }
  })

/** A minute, or what is left of the time. */
const generation = (length: number): Effect.Effect<Settlement, Sandbox.SandboxFailed | InvalidInput> =>
  Effect.scoped(
    Effect.gen(function* () {
      const account = books()
      const sandbox = yield* Sandbox.make({
        tokenLifetime,
        refreshLifetime: "5 seconds",
        refreshGrace: "2 seconds",
        fdmSessionLimit: 10_000,
        onRequest: account.onRequest
      })
      const making = yield* Effect.fork(trouble(sandbox))
      const until = Date.now() + length
      yield* Effect.all(
        Array.from({ length: workers }, () => worker(sandbox, account, until)),
        { concurrency: "unbounded" }
      )
      yield* Fiber.interrupt(making)
      yield* sandbox.up()
      yield* sandbox.clearFaults()
      yield* Effect.flatMap(Background.Background, ({ settled }) => settled)
      yield* Effect.sleep("300 millis")
      const { ledger } = sandbox
      add(totals, "sessions opened", ledger.opened)
      for (const what of ["logins", "refreshes", "revokes"] as const) {
        add(totals, what, ledger[what])
        add(totals, `${what} refused`, ledger[`${what}Refused`])
      }
      for (const by of ["revoke", "eviction", "expiry", undefined] as const)
        add(
          totals,
          by === undefined ? "left open" : `ended by ${by}`,
          ledger.sessions.filter(({ endedBy }) => endedBy === by).length
        )
      for (const [what, times] of account.faults) add(faults, what, times)
      for (const [what, times] of account.requests) add(requests, what, times)
      // A server on Deno does not always notice that a client has closed: there the number is only shown.
      add(totals, "connections that stayed", ledger.connections.now)
      if (ledger.connections.now > 0 && runtime !== "deno")
        problems.push(`${ledger.connections.now} connections stayed`)
      return account.settle(ledger)
    })
  )

const settlements = { answerLost: 0, logoutUndeliverable: 0, hadExpired: 0, misled: 0 }

const program = Effect.gen(function* () {
  const end = Date.now() + minutes * 60_000
  while (Date.now() < end) {
    const settled = yield* generation(Math.min(60_000, end - Date.now()))
    for (const why of ["answerLost", "logoutUndeliverable", "hadExpired", "misled"] as const)
      settlements[why] += settled[why]
    problems.push(...settled.unexcused.map((login) => `left open without an excuse: ${login}`))
    const bytes = yield* Effect.promise(Heap.sample)
    if (bytes !== undefined) heap.push(bytes)
    const megabytes = bytes === undefined ? "not measured" : mebibytes(bytes)
    console.error(
      `${totals.get("scripts")} scripts, ${totals.get("sessions opened")} logins, heap ${megabytes}`
    )
  }
})

const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(2)} MiB`
const table = (title: string, counts: Iterable<readonly [string, number]>) => {
  console.log(`\n${title}`)
  for (const [what, times] of counts) console.log(`  ${String(times).padStart(8)}  ${what}`)
}
const sorted = (counts: ReadonlyMap<string, number>) => [...counts].sort((one, other) => other[1] - one[1])

// Failed logouts are warned about; here they are counted.
await Effect.runPromise(
  program.pipe(Effect.withRandom(Random.make(seed)), Effect.provide(Logger.remove(Logger.defaultLogger)))
)

console.log(`${runtime} ${process.version}, ${minutes} minutes, seed ${seed}`)
table("Sessions", totals)
table("Logins that no logout ended, and why that is excused", [
  ["the answer to the login or refresh was lost on the wire", settlements.answerLost],
  ["the logout could not be delivered (LogoutFailed)", settlements.logoutUndeliverable],
  ["the token had expired by both clocks before the end", settlements.hadExpired],
  ["the device was made to say that the token was dead or the logout done", settlements.misled]
])
table("Requests", sorted(requests))
table("Errors that scripts saw", sorted(errors))
table("Faults that requests met", sorted(faults))

console.log("\nHeap after a forced collection, each minute")
if (heap.length === 0) console.log("  not measured: this runtime does not let a script force a collection")
else console.log(`  ${heap.map(mebibytes).join(", ")}`)
const later = heap.slice(Math.floor(heap.length / 2))
if (heap.length > 0 && later.length < 3) console.log("  fewer than 6 minutes: no slope")
else if (later.length >= 3) {
  const growth = Heap.slope(later)
  console.log(
    `  slope of the second half: ${(growth / 1024).toFixed(1)} KiB a minute (allowed: ${allowance / 1024})`
  )
  if (growth > allowance) problems.push("the heap grows")
}
problems.push(...escaped)
console.log(problems.length === 0 ? "\nAll well." : `\n${problems.length} problems:\n${problems.join("\n")}`)
process.exit(problems.length === 0 ? 0 : 1)
