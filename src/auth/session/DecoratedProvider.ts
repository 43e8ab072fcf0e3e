import * as Effect from "effect/Effect"
import * as SendOptions from "../../transport/SendOptions.ts"
import type { AuthProvider } from "../AuthProvider.ts"

/** `decorate` gives a provider that `CheckedProvider` has made, all of whose exchanges go out as the options say. */
export const decorate = (provider: AuthProvider, options: SendOptions.Options): AuthProvider => {
  if (options.transformClient === undefined && options.logRequests === undefined) return provider
  const within = SendOptions.withSendOptions(options)
  const { transport } = provider
  return {
    ...provider,
    transport: {
      ...transport,
      exchange: (request) => within(transport.exchange(request)),
      withPermit: (...given) => within(transport.withPermit(...given)),
      exchangeAuth: (request, shownPath, salvage) =>
        within(transport.exchangeAuth(request, shownPath, salvage))
    },
    login: (account) => within(Effect.suspend(() => provider.login(account))),
    refresh: (token) => within(Effect.suspend(() => provider.refresh(token))),
    revoke: (token) => within(Effect.suspend(() => provider.revoke(token)))
  }
}
