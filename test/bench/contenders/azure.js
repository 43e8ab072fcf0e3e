import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest
} from "@azure/core-rest-pipeline"
import { byPromises } from "../Contender.ts"
import { shortList } from "../Facts.ts"

/** `azure` has its usual policies, and a token that it keeps. */
export const azure = {
  name: "@azure/core-rest-pipeline",
  /** @param {import("../Facts.ts").Facts} facts */
  open: async ({ ca, origin }) => {
    const pipeline = createPipelineFromOptions({})
    const credential = { getToken: async () => ({ token: "1", expiresOnTimestamp: Date.now() + 3_600_000 }) }
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: "bench" }))
    const http = createDefaultHttpClient()
    const get = async () => {
      const request = createPipelineRequest({ url: `${origin}${shortList}`, tlsSettings: { ca } })
      const { bodyAsText, status } = await pipeline.sendRequest(http, request)
      if (status !== 200) throw new Error(`status ${status}`)
      return JSON.parse(bodyAsText ?? "")
    }
    return { requests: byPromises(get), close: async () => {} }
  }
}
