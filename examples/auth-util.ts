// Tries an account on an FMC: logs in, says which tokens it got, logs out.
//
//   auth-util.ts <server> <username> <password> [<ca.pem>] [--show-tokens]

import { readFileSync } from "node:fs"
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Main, type SessionEvent, Trust } from "sallyport"
import * as Fmc from "sallyport/fmc"

const args = process.argv.slice(2)
const showTokens = args.includes("--show-tokens")
const [server, username, password, ca] = args.filter((arg) => arg !== "--show-tokens")

if (server === undefined || username === undefined || password === undefined) {
  console.error("Usage: auth-util.ts <server> <username> <password> [<ca.pem>] [--show-tokens]")
  process.exit(1)
}

const masked = (token: Redacted.Redacted | undefined): string => {
  if (token === undefined) return "none"
  const value = Redacted.value(token)
  return showTokens ? value : `there, ${value.length} characters (--show-tokens shows it)`
}

/** `logout` gives 0 once the FMC has confirmed the logout. */
let logout = 1
const onEvent = ({ _tag }: SessionEvent.SessionEvent) => {
  if (_tag === "LoggedOut") logout = 0
}

const login = Effect.gen(function* () {
  const fmc = yield* Fmc.make({
    url: server.startsWith("https://") ? server : `https://${server}`,
    trust: ca === undefined ? "system" : Trust.ca(readFileSync(ca, "utf8")),
    credentials: { username, password },
    onEvent
  })
  const token = yield* fmc.session.token
  console.log(`Access Token: ${masked(token.access)}`)
  console.log(`Refresh Token: ${masked(token.refresh)}`)
})

Main.run(
  Effect.gen(function* () {
    yield* Effect.scoped(login)
    console.log(`Logout Results: ${logout}`)
  })
)
