import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Fdm from "sallyport/fdm"
import * as Api from "sallyport/fdm/api"
import { type Answer, type Heard, make } from "../../../support/device.ts"
import { granting } from "../granting.ts"
import { description } from "./description.ts"

/** An operation of a device of that description, which answers it like this. */
export const described = (
  answer: Answer | ((heard: Heard) => Answer) = { body: {} },
  document: unknown = description
) =>
  Effect.gen(function* () {
    const calls: Array<Heard> = []
    const tokens = { access_token: "access-1", refresh_token: "refresh-1" }
    const device = yield* make(
      granting(tokens, (heard) => {
        const isOurs =
          heard.path === "/api/versions" || /password|revoke_token/.test(`${heard.fields.grant_type}`)
        if (isOurs) return undefined
        calls.push(heard)
        return typeof answer === "function" ? answer(heard) : answer
      })
    )
    const fdm = yield* Fdm.make(device)
    return { api: yield* Api.fromDocument(fdm, document), calls, device, fdm }
  })

/** The same, for calls that are refused: hands back the error, and how much the device heard. */
export const refusing: Effect.Effect<
  (
    tag: string,
    id: string,
    parameters: Api.Parameters,
    options?: Api.CallOptions
  ) => Effect.Effect<{ readonly field: string; readonly message: string; readonly text: string }>,
  unknown,
  Scope.Scope
> = Effect.map(
  described(),
  ({ api, calls }) =>
    (tag, id, parameters, options) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(api.call(tag, id, parameters, options))
        if (error._tag !== "InvalidInput") throw error
        if (calls.length > 0) throw new Error("something was sent")
        return {
          field: error.field,
          message: error.message,
          text: `${error.message} ${JSON.stringify(error)}`
        }
      }).pipe(Effect.orDie)
)
