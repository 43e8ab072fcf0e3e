import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Lenient, Reply } from "sallyport/plugin"

/** `TokenResponseBody` is what the token operation granted. */
export interface TokenResponseBody {
  readonly access: Redacted.Redacted
  readonly refresh: Redacted.Redacted | undefined
  readonly lifetime: Duration.Duration | undefined
  readonly refreshLifetime: Duration.Duration | undefined
}

const Token = Schema.Redacted(Schema.String.pipe(Schema.filter(Reply.isTokenText)))

// No token lives longer than 395 days (FTD reference, token). What says more is no lifetime.
const Seconds = Schema.Union(Schema.Finite, Schema.compose(Schema.NumberFromString, Schema.Finite)).pipe(
  Schema.lessThanOrEqualTo(34_128_000)
)

// All fields are optional (FDM OpenAPI, TokenResponseUnion). One that cannot be read must not fail a login that has
// happened: its token would be lost, and the session with it.
const Body = Schema.Struct({
  access_token: Lenient.field(Token),
  refresh_token: Lenient.field(Token),
  expires_in: Lenient.field(Seconds),
  refresh_expires_in: Lenient.field(Seconds)
})

const decode = Schema.decodeUnknownOption(Body)

/** `parse` reads an answer of the token operation; `undefined` where it brought no token. */
export const parse = (reply: Reply.Reply): TokenResponseBody | undefined => {
  const body = Option.getOrUndefined(decode(Reply.json(reply)))
  if (body?.access_token === undefined) return undefined
  return {
    access: body.access_token,
    refresh: body.refresh_token,
    lifetime: seconds(body.expires_in),
    refreshLifetime: seconds(body.refresh_expires_in)
  }
}

/** `parsePartial` gives the access token in an answer that was not read to its end, where it came that far. */
export const parsePartial = (part: Reply.Reply): string | undefined => {
  const token = /"access_token"\s*:\s*"([^"\\]{1,16384})"/.exec(Reply.text(part))?.[1]
  return token !== undefined && Reply.isTokenText(token) ? token : undefined
}

const seconds = (value: number | undefined): Duration.Duration | undefined =>
  value === undefined ? undefined : Duration.seconds(value)
