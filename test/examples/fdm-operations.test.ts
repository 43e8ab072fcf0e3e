import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Sandbox from "sallyport/sandbox"
import { environmentOf, run } from "../support/example.ts"

const account = [
  /^The device describes \d+ operations under \d+ tags$/m,
  /^ {2}addNetworkObject\(body\): POST \/object\/networks$/m,
  /^ {2}getNetworkObjectList\(offset, limit, sort, filter\): GET \/object\/networks$/m,
  /^Not sent: body\.subType: it must be one of "HOST"/m,
  /^Added sallyport-example: 192\.0\.2\.1$/m,
  /^Found by its name: 1$/m,
  /^Deleted$/m
]

it.live("fdm-operations.ts by itself lists the operations of a tag and calls some", () =>
  Effect.gen(function* () {
    const { code, stderr, stdout } = yield* run("examples/fdm-operations.ts")
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    for (const line of account) expect(stdout).toMatch(line)
  })
)

it.scopedLive("fdm-operations.ts on an FDM reads its description once and leaves nothing behind", () =>
  Effect.gen(function* () {
    const sandbox = yield* Sandbox.make()
    const { code, stdout } = yield* run("examples/fdm-operations.ts", { env: environmentOf(sandbox, "FDM") })
    expect(code).toBe(0)
    for (const line of account) expect(stdout).toMatch(line)
    const paths = sandbox.ledger.requests.map(({ method, path }) => `${method} ${path.split("?")[0]}`)
    expect(paths.filter((path) => path === "GET /apispec/ngfw.json")).toHaveLength(1)
    expect(paths.filter((path) => /^(POST|DELETE) .*\/object\/networks/.test(path))).toHaveLength(2)
    expect(sandbox.ledger.fdm).toMatchObject({ logins: 1, open: 0 })
  })
)
