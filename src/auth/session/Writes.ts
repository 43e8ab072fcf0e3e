import { withoutQuery } from "../../transport/RequestPath.ts"
import { isRead } from "../../transport/Retry.ts"
import type { AuthProvider } from "../AuthProvider.ts"

interface Asked {
  readonly method: string
  readonly url: string
}

/** `writes` says whether a request changes something, as far as its method and the plugin tell. */
export const writes = ({ isRead: onlyReads }: AuthProvider, { method, url }: Asked): boolean =>
  !isRead(method) && onlyReads?.(method, pathOf(url)) !== true

/** `pathOf` gives the path of a request without its query; a whole URL is of the device, or refused on its way. */
export const pathOf = (url: string): string => {
  const path = withoutQuery(url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, ""))
  return path.startsWith("/") ? path : `/${path}`
}
