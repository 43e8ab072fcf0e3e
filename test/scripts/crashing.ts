// A process that runs a workflow against the sandbox of a test, and is killed in the middle. In its environment: CASE (of
// support/crashes), HOW (`run`, `fail`: run and then fail, `leave`: the same without undo, `resume`, `undo`), FOLDER,
// RUN, URL, PIN, USERNAME_, PASSWORD_, and KILL: where it kills itself as `kill -9` does (`before 2`, `half 2`,
// `after 2`: the second line that it adds to the journal). Says what it came to.
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Credentials, Main, Target, Trust, Workflow } from "sallyport"
import { type Disk, JournalDisk } from "../../src/workflow/journal/JournalDisk.ts"
import { soon, workflowOf } from "../support/crashes/crashing.ts"
import { fdmCases } from "../support/crashes/fdmCases.ts"
import { fmcCases } from "../support/crashes/fmcCases.ts"
import { slowCases } from "../support/crashes/slowCases.ts"

const {
  CASE = "",
  FOLDER: folder,
  HOW,
  KILL,
  PASSWORD_ = "",
  PIN = "",
  RUN = "",
  URL: url = "",
  USERNAME_ = ""
} = process.env

const endsAt = (place: string) => KILL === place && process.kill(process.pid, "SIGKILL")

const deadly = Effect.map(JournalDisk, ({ append }): Disk => {
  let number = 0
  return {
    append: async (file, bytes) => {
      number++
      endsAt(`before ${number}`)
      if (KILL === `half ${number}`) await append(file, bytes.subarray(0, bytes.length / 2))
      endsAt(`half ${number}`)
      await append(file, bytes)
      endsAt(`after ${number}`)
    }
  }
})

const one = { ...fmcCases, ...fdmCases, ...slowCases }[CASE]
if (one === undefined) throw new Error(`no case ${CASE}`)
const workflow = workflowOf(one, HOW === "fail" || HOW === "leave")
const credentials = Credentials.password({ username: USERNAME_, password: Redacted.make(PASSWORD_) })
const device = (name: string) => ({ target: Target.make({ url, name, trust: Trust.pin(PIN) }), credentials })
const devices = { fmc: device("sandbox-fmc"), fdm: device("sandbox-fdm") }

const begun =
  HOW === "undo"
    ? Workflow.undo(workflow, devices, RUN, { folder })
    : Effect.map(
        HOW === "resume"
          ? Workflow.resume(workflow, devices, RUN, { folder })
          : Workflow.run(workflow, devices, {}, { folder, onFailure: HOW === "leave" ? "leave" : "undo" }),
        ({ report }) => report
      )

Main.run(
  soon(begun).pipe(
    Effect.tap(({ outcome, undo }) => Effect.sync(() => console.log("ended", outcome, undo?.state))),
    Effect.provideServiceEffect(JournalDisk, deadly)
  )
)
