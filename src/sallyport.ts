#!/usr/bin/env node
// The command `sallyport` of the package. Without the packages beside it nothing of it could be loaded, not even its help.
import process from "node:process"
import { lackingPeers } from "./tool/Peers.ts"

const lacking = lackingPeers()
if (lacking.length === 0) {
  const { start } = await import("./tool/Start.ts")
  start()
} else {
  process.stderr.write(
    `sallyport needs packages beside it that are missing, or of another version: npm install ${lacking.join(" ")}\n`
  )
  process.exitCode = 1
}
