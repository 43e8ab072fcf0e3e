import { readFileSync } from "node:fs"
import process from "node:process"
import * as Fmc from "sallyport/fmc"

const [, , url, ca] = process.argv
let count = 0
process.on("exit", () => console.log(JSON.stringify({ count, cpu: process.cpuUsage() })))
const credentials = { username: "bench", password: "bench" }
await Fmc.use({ url, trust: { ca: readFileSync(ca, "utf8") }, credentials }, async (fmc) => {
  const { hosts } = await fmc.domain("Global")
  for (let list = 0; list < 5; list++) count += (await hosts.list({ filter: "short" }).toArray()).length
})
