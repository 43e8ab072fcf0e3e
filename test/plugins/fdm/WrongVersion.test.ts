// What is no verdict on a password is not told as one, nor counted.
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fdm from "sallyport/fdm"
import * as Fmc from "sallyport/fmc"
import { make } from "../../support/device.ts"
import { granting } from "./granting.ts"

it.scoped(
  "a 401 to a version of the API that the device has not is no wrong password, and says what to set",
  () =>
    Effect.gen(function* () {
      const device = yield* make(
        granting({ access_token: "access-1" }, ({ path }) =>
          path.startsWith("/api/fdm/v9/")
            ? { status: 401, body: { message: "Unauthorized", status_code: 401 } }
            : undefined
        )
      )
      for (let times = 0; times < 3; times++) {
        const error = yield* Effect.flip(Fdm.make({ ...device, apiVersion: "v9" }))
        expect(error).toMatchObject({ _tag: "DeviceRefused", status: 401, messages: ["Unauthorized"] })
        expect(error.message).toMatch(/apiVersion/)
        expect(error.message).not.toMatch(/were refused/)
      }
      // Nothing was counted: the same account is good with the right version.
      yield* Fdm.make({ ...device, apiVersion: "v6" })
      expect(device.asked("password")).toHaveLength(4)
    })
)

it.scoped.each(["fmc", "fdm"] as const)(
  "a page of a proxy that answers 401 to an %s's login is not counted as a refusal",
  (name) =>
    Effect.gen(function* () {
      let isProxy = true
      const device = yield* make((heard) => {
        if (isProxy)
          return { status: 401, headers: { "content-type": "text/html" }, body: "<html>Sign in</html>" }
        if (name === "fmc") return { status: 204, headers: { "x-auth-access-token": "access-1" } }
        return granting({ access_token: "access-1" })(heard)
      })
      const open: Effect.Effect<unknown, { readonly message: string }, import("effect/Scope").Scope> =
        name === "fmc" ? Fmc.make(device) : Fdm.make(device)
      for (let times = 0; times < 3; times++) {
        expect((yield* Effect.flip(open)).message).toMatch(/address/)
      }
      isProxy = false
      yield* open
    })
)
