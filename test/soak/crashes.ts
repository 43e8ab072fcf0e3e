// Stops runs at every line of their journals, before it is written and behind it, and resumes or undoes them:
//
//     node --conditions=@sallyport/source --import tsx test/soak/crashes.ts [part of a case's name]
//
// Prints each point at which something is wrong, and the counts behind each case; exits with 1 if there is any.
import process from "node:process"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { fdmCases } from "../support/crashes/fdmCases.ts"
import { fmcCases } from "../support/crashes/fmcCases.ts"
import * as Matrix from "../support/crashes/matrix.ts"
import { oddCases } from "../support/crashes/oddCases.ts"

const part = new RegExp(process.argv[2] ?? "")
const ways = (process.argv[3] ?? "resume,undo,undoing").split(",")
const all = Object.entries({ ...fmcCases, ...fdmCases, ...oddCases }).filter(([name]) => part.test(name))

let points = 0
let wrong = 0

const told = (what: string, judge: Effect.Effect<Matrix.Faults, unknown>) =>
  Effect.gen(function* () {
    points += 1
    const faults = yield* Effect.timeoutTo(judge, {
      duration: "3 minutes",
      onSuccess: (faults) => faults,
      onTimeout: () => ["never ends"]
    }).pipe(Effect.catchAllCause((cause) => Effect.succeed([Cause.pretty(cause).slice(0, 600)])))
    if (faults.length === 0) return
    wrong += 1
    console.log(`${what}\n    ${faults.join("\n    ")}`)
  })

const program = Effect.gen(function* () {
  for (const [name, one] of all) {
    if (ways.includes("resume") || ways.includes("undo")) {
      const expected = yield* Effect.catchAllCause(Matrix.undisturbed(one), (cause) =>
        Effect.sync(() => {
          wrong += 1
          console.log(`${name}, undisturbed\n    ${Cause.pretty(cause).slice(0, 600)}`)
        })
      )
      if (expected === undefined) continue
      for (const point of Matrix.pointsOf(expected.lines)) {
        const at = `${name}, ${point.when} line ${point.line} of ${expected.lines}`
        if (ways.includes("resume")) yield* told(`${at}, resumed`, Matrix.resumed(one, point, expected))
        if (ways.includes("undo")) yield* told(`${at}, undone`, Matrix.undone(one, point, expected))
      }
    }
    if (ways.includes("undoing")) {
      const { expected, first } = yield* Matrix.undoneUndisturbed(one)
      for (const point of Matrix.pointsOf(expected.lines).filter(({ line }) => line >= first)) {
        const at = `${name}, undoing, ${point.when} line ${point.line} of ${expected.lines}`
        yield* told(at, Matrix.undoneTwice(one, point, expected))
      }
    }
    console.log(`${name}: ${points} points so far, ${wrong} wrong`)
  }
  console.log(`${all.length} kinds, ${points} points, ${wrong} wrong`)
})

Effect.runPromise(program).then(
  () => process.exit(wrong === 0 ? 0 : 1),
  (error) => {
    console.error(error)
    process.exit(1)
  }
)
