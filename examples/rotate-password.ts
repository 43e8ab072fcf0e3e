// Changes the password of the account that a script uses on an FDM, and logs in with the new one to prove it. Neither
// password is ever an argument, which others on the machine could read; none is printed, or written down in the journal.
//
//   rotate-password.ts [--plan]
//
// The FDM is that of FDM_URL, FDM_USERNAME, FDM_PASSWORD, and FDM_PIN or FDM_CA_FILE; the new password is that of
// FDM_NEW_PASSWORD.

import process from "node:process"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Credentials, Main, Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"

const Secret = Schema.RedactedFromSelf(Schema.String)

const rotatePassword = Workflow.make({
  name: "rotate-password",
  input: Schema.Struct({ username: Schema.String, from: Secret, to: Secret }),
  devices: { fdm: Fdm.plugin },
  // It ends with a login by the new password: when that is refused, so is this.
  run: ({ fdm }, change) => fdm.changePassword(change)
})

Main.run(
  Effect.gen(function* () {
    // Before anything is sent: what is missing is told by its name.
    const { password: from, username } = yield* Credentials.config("FDM")
    const to = yield* Config.redacted(Config.nonEmptyString("FDM_NEW_PASSWORD"))
    const given = [rotatePassword, { fdm: "FDM" }, { username, from, to }] as const
    if (process.argv[2] === "--plan") return console.log(Workflow.planText(yield* Workflow.plan(...given)))
    yield* Workflow.resultOf(yield* Workflow.run(...given, { onProgress: Workflow.tellOnTerminal }))
    console.log(`${username} has the new password: put it into FDM_PASSWORD, wherever that is kept`)
  })
)
