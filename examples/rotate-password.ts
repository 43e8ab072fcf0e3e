// Changes the password of the account that a script uses on an FDM, and logs in with the new one to prove it. Neither
// password is ever an argument, which others on the machine could read; none is printed, or written down in the journal.
//
//   rotate-password.ts plan --username api --from env:FDM_PASSWORD --to env:FDM_NEW_PASSWORD
//   rotate-password.ts run  --username api --from env:FDM_PASSWORD --to file:new-password
//
// Each password may be in a variable (env:NAME), in a file (file:PATH), or is asked for. With --yes the run asks nobody.
// The FDM is that of FDM_URL, FDM_USERNAME, FDM_PASSWORD, and FDM_PIN or FDM_CA_FILE.

import * as Schema from "effect/Schema"
import { Main, Workflow } from "sallyport"
import * as Fdm from "sallyport/fdm"

const Secret = Schema.RedactedFromSelf(Schema.String)

const rotatePassword = Workflow.make({
  name: "rotate-password",
  input: Schema.Struct({ username: Schema.NonEmptyString, from: Secret, to: Secret }),
  devices: { fdm: Fdm.plugin },
  // It ends with a login by the new password: when that is refused, so is this.
  run: ({ fdm }, change) => fdm.changePassword(change)
})

Main.workflow(rotatePassword, {
  description: "Changes the password of an FDM's account, and logs in with the new one.",
  devices: { fdm: "FDM" },
  show: () => "The account has the new password: put it wherever the old one is kept."
})
