import process from "node:process"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"

const [, , origin] = process.argv
const path = "/api/fmc_config/v1/domain/e276abec-e0f2-11e3-8169-6d9ed49b625f/object/hosts"
let count = 0
process.on("exit", () => console.log(JSON.stringify({ count, cpu: process.cpuUsage() })))
const job = Effect.gen(function* () {
  const client = yield* HttpClient.HttpClient
  const login = HttpClientRequest.post(`${origin}/api/fmc_platform/v1/auth/generatetoken`)
  const opened = yield* client.execute(HttpClientRequest.basicAuth(login, "bench", "bench"))
  const headers = { "x-auth-access-token": opened.headers["x-auth-access-token"] }
  for (let list = 0; list < 5; list++) {
    const page = yield* client.get(`${origin}${path}?expanded=true&limit=1000&filter=short`, { headers })
    count += (yield* page.json).items.length
  }
  yield* client.post(`${origin}/api/fmc_platform/v1/auth/revokeaccess`, { headers })
})
Effect.runPromise(Effect.provide(job, FetchHttpClient.layer))
