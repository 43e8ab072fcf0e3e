import * as client from "openid-client"
import { byPromises } from "../Contender.ts"
import { shortList } from "../Facts.ts"

/** `openidClient` has a token by client credentials. */
export const openidClient = {
  name: "openid-client",
  /** @param {import("../Facts.ts").Facts} facts */
  open: async ({ origin }) => {
    const config = await client.discovery(new URL(origin), "bench", "bench")
    const { access_token } = await client.clientCredentialsGrant(config)
    const url = new URL(`${origin}${shortList}`)
    const get = async () => {
      const response = await client.fetchProtectedResource(config, access_token, url, "GET")
      if (!response.ok) throw new Error(`status ${response.status}`)
      return await response.json()
    }
    return { requests: byPromises(get), close: async () => {} }
  }
}
