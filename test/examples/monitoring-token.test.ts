// The workflow of a custom token for monitoring is that of fdm-token.ts; what else it shows is in tokens.test.ts.
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Sandbox from "sallyport/sandbox"
import { environmentOf, run } from "../support/example.ts"
import * as Requests from "../support/requests.ts"

it.scopedLive("a token for monitoring reads without a login of its own, until its subject is revoked", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const { code, stderr } = yield* run("examples/fdm-token.ts", { env: environmentOf(sandbox, "FDM") })
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })

    const [token] = sandbox.ledger.customTokens
    expect(token).toMatchObject({ subject: "monitoring", endedBy: "revoke" })
    const reads = sandbox.ledger.requests.filter(({ path }) => path.includes("/object/networks"))
    expect(reads.map(({ status }) => status)).toEqual([200, 401])
    expect(reads[0]?.session).toBe(token?.id)
    // The refused one is after the revocation, and nobody logs in for it.
    expect(sandbox.ledger.fdm).toMatchObject({ logins: 1, open: 0 })
    // Each session finds out the API version. The subject's revocation and the logout are the same operation.
    Requests.account("monitoring-token", sandbox)
  })
)
