import { createAppAuth } from "@octokit/auth-app"
import { request } from "@octokit/request"
import { byPromises } from "../Contender.ts"
import { shortList } from "../Facts.ts"

/** `octokit` has tokens of an app, which it renews by itself. */
export const octokit = {
  name: "@octokit/auth-app + request",
  /** @param {import("../Facts.ts").Facts} facts */
  open: async ({ appKey, origin }) => {
    const toDevice = request.defaults({ baseUrl: origin })
    const auth = createAppAuth({ appId: 1, privateKey: appKey, installationId: 1, request: toDevice })
    const signed = toDevice.defaults({ request: { hook: auth.hook } })
    const get = async () => (await signed(`GET ${shortList}`)).data
    await get()
    return { requests: byPromises(get), close: async () => {} }
  }
}
