import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Fmc from "sallyport/fmc"
import { type AuthProvider, type Credentials, Reply, refuseInput, type Transport } from "sallyport/plugin"

// Its only one; the same UUID on every FMC.
const global = { name: "Global", uuid: "e276abec-e0f2-11e3-8169-6d9ed49b625f" }

/** `make` gives a token that was made by hand: it never expires, and there is nothing to log in to or out of. */
export const make = (
  transport: Transport.Transport,
  credentials: Credentials.Credentials
): AuthProvider.AuthProvider => ({
  name: "cdfmc",
  transport,
  credentials,
  login: ({ password, username }) =>
    // A password must not be sent as if it were a token, nor can a token with a line break be sent at all.
    username === "" && Reply.isTokenText(Redacted.value(password))
      ? Effect.succeed({ access: password, revocable: false, attributes: { domains: [global] } })
      : refuseInput("credentials", notAToken),
  // A token without a refresh token, that cannot be revoked: the session asks for neither.
  refresh: () => Effect.dieMessage("an API token is not refreshed"),
  revoke: () => Effect.dieMessage("an API token is not revoked"),
  authorize: (request, { access }) => HttpClientRequest.bearerToken(request, access),
  isRead: Fmc.isRead,
  tellsOfChanges: Fmc.tellsOfChanges,
  judge: ({ status }) => (status === 401 ? "TokenRefused" : "Fine")
})

const notAToken =
  "these are no API token; give Credentials.token(…) with the token alone, without an account, “Bearer” before it, or white space."
