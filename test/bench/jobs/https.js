import { readFileSync } from "node:fs"
import { Agent, request } from "node:https"
import process from "node:process"

const [, , origin, ca] = process.argv
const path = "/api/fmc_config/v1/domain/e276abec-e0f2-11e3-8169-6d9ed49b625f/object/hosts"
const agent = new Agent({ keepAlive: true, ca: readFileSync(ca) })
const send = (method, url, headers) =>
  new Promise((resolve, reject) => {
    const sent = request(`${origin}${url}`, { method, agent, headers }, (response) => {
      const chunks = []
      response.on("data", (chunk) => chunks.push(chunk))
      response.on("error", reject)
      response.on("end", () => resolve({ headers: response.headers, text: Buffer.concat(chunks).toString() }))
    })
    sent.on("error", reject)
    sent.end()
  })
const opened = await send("POST", "/api/fmc_platform/v1/auth/generatetoken", {
  authorization: `Basic ${btoa("bench:bench")}`
})
const headers = { "x-auth-access-token": opened.headers["x-auth-access-token"] }
let count = 0
for (let list = 0; list < 5; list++)
  count += JSON.parse((await send("GET", `${path}?expanded=true&limit=1000&filter=short`, headers)).text)
    .items.length
await send("POST", "/api/fmc_platform/v1/auth/revokeaccess", headers)
agent.destroy()
process.on("exit", () => console.log(JSON.stringify({ count, cpu: process.cpuUsage() })))
