import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

/** `endpointPath` is where every token of a device is made and ended. */
export const endpointPath = (version: string): string => `/api/fdm/${version}/fdm/token`

/** `operation` is what an error calls a request to it. */
export const operation = (grantType: string): string => `POST /fdm/token (${grantType})`

export const postRequest = (version: string, fields: Readonly<Record<string, unknown>>) =>
  HttpClientRequest.post(endpointPath(version)).pipe(HttpClientRequest.bodyUnsafeJson(fields))

const UnauthorizedBody = Schema.parseJson(
  Schema.Struct(
    {
      grant_type: Schema.Literal("custom_token", "revoke_token"),
      access_token: Schema.optional(Schema.Undefined)
    },
    Schema.Record({ key: Schema.String, value: Schema.Unknown })
  )
)

const decode = Schema.decodeUnknownOption(UnauthorizedBody)

/**
 * `authorize` puts the token into the body, where the token operation wants it, of a request that makes or revokes
 * tokens and was written without it; `undefined` for any other request.
 */
export const authorize = (
  request: HttpClientRequest.HttpClientRequest,
  token: Redacted.Redacted
): HttpClientRequest.HttpClientRequest | undefined => {
  const { body, method, url } = request
  if (method !== "POST" || body._tag !== "Uint8Array" || !/\/api\/fdm\/[^/?#]+\/fdm\/token$/.test(url)) {
    return undefined
  }
  return Option.match(decode(new TextDecoder().decode(body.body)), {
    onNone: () => undefined,
    onSome: (fields) =>
      HttpClientRequest.bodyUnsafeJson(request, { ...fields, access_token: Redacted.value(token) })
  })
}
