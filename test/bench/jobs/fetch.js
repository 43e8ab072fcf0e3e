import process from "node:process"

const [, , origin] = process.argv
const path = "/api/fmc_config/v1/domain/e276abec-e0f2-11e3-8169-6d9ed49b625f/object/hosts"
const opened = await fetch(`${origin}/api/fmc_platform/v1/auth/generatetoken`, {
  method: "POST",
  headers: { authorization: `Basic ${btoa("bench:bench")}` }
})
const headers = { "x-auth-access-token": opened.headers.get("x-auth-access-token") }
let count = 0
for (let list = 0; list < 5; list++) {
  const response = await fetch(`${origin}${path}?expanded=true&limit=1000&filter=short`, { headers })
  count += (await response.json()).items.length
}
await fetch(`${origin}/api/fmc_platform/v1/auth/revokeaccess`, { method: "POST", headers })
process.on("exit", () => console.log(JSON.stringify({ count, cpu: process.cpuUsage() })))
