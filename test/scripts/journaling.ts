// A process that adds lines to the journal of a run: RUN, FOLDER (or the default one), HOW (`create`, `reopen`), LINES
// (how many), and where it kills itself as `kill -9` does: KILL (`before 2`, `after 2`: the second line that it adds).
// Says the number of each line that it added, and then stays until it is ended.
import process from "node:process"
import * as Effect from "effect/Effect"
import { Main } from "sallyport"
import { type Disk, JournalDisk } from "../../src/workflow/journal/JournalDisk.ts"
import * as JournalFile from "../../src/workflow/journal/JournalFile.ts"

const { FOLDER, HOW, KILL = "", LINES, RUN = "" } = process.env

const killedAt = (place: string) => KILL === place && process.kill(process.pid, "SIGKILL")

const deadly = Effect.map(JournalDisk, ({ append }): Disk => {
  let number = 0
  return {
    append: async (file, bytes) => {
      number++
      killedAt(`before ${number}`)
      await append(file, bytes)
      killedAt(`after ${number}`)
    }
  }
})

Main.run(
  Effect.gen(function* () {
    const open = HOW === "reopen" ? JournalFile.reopen : JournalFile.create
    const journal = yield* open({ folder: FOLDER }, RUN)
    for (let number = 1; number <= Number(LINES); number++) {
      yield* journal.append({ number })
      console.log(`added ${number}`)
    }
    console.log(`holds ${journal.path}`)
    yield* Effect.sleep("1 hour")
  }).pipe(Effect.scoped, Effect.provideServiceEffect(JournalDisk, deadly))
)
