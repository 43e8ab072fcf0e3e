// A device to try scripts on: speaks as an FMC and as an FDM until it is stopped, then prints its ledger.
//
//   sandbox.ts [--port 8443] [--token-lifetime 1800] [--help]
//
// The first line of its output is JSON: url, username, password, ca (a PEM file's path), pin.

import process from "node:process"
import { Main } from "sallyport"
import * as Sandbox from "sallyport/sandbox"

Main.run(Sandbox.command(process.argv.slice(2)))
