import * as InputSource from "../validation/InputSource.ts"
import { hasDotSegment, hasEmptySegment } from "../validation/PathSegment.ts"
import { refuseInput } from "../validation/RefuseInput.ts"

/** `withoutBrackets` gives a host as it is connected to: the brackets of an IPv6 address belong to its URL. */
export const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, "")

/** `authority` gives host and port as a URL has them. */
export const authority = (host: string, port: number): string => {
  const bare = withoutBrackets(host)
  return `${bare.includes(":") ? `[${bare}]` : bare}:${port}`
}

/** `withoutAccount` leaves out what stands before an @, which may be a password. */
export const withoutAccount = (text: string): string => text.replace(/^.*@/s, "…@")

/** `parse` reads the URL of a device: an `https:` origin, and a path where one leads to it. Throws `InvalidInput`. */
export const parse = (given: string | URL, source: InputSource.InputSource): URL => {
  const field = source.field("url")
  const text = withoutAccount(String(given)).slice(0, 100)
  const shown = InputSource.describe(source, text)
  const refuse = (sentence: string) => refuseInput(field, sentence, InputSource.shownValue(source, text))
  let url: URL
  try {
    url = new URL(given)
  } catch {
    throw refuse(`${shown} is no URL; give an https: origin such as https://fmc.example:443.`)
  }
  if (url.protocol !== "https:") {
    throw refuse(
      `${shown} does not begin with https:, and tokens are never sent in the clear; give an https: origin such as https://fmc.example:443.`
    )
  }
  // A password with a slash in it would be taken for a path.
  if (url.username !== "" || url.password !== "" || String(given).includes("@")) {
    throw refuse(
      `${shown} has an account before its @; give the origin without user info, and the account as credentials.`
    )
  }
  if (/[?#]/.test(String(given))) {
    throw refuse(`${shown} has a query or a fragment; give it without, as in https://fmc.example:443.`)
  }
  // As it was given: a parser resolves dots and turns backslashes without a word.
  const path = String(given).replace(/^[a-z]+:\/*[^/\\]*/i, "")
  if (
    hasDotSegment(path) ||
    /\\/.test(path) ||
    (path.replace(/\/$/, "") !== "" && hasEmptySegment(path.replace(/\/$/, "")))
  ) {
    throw refuse(
      `${shown} has a path with dots, backslashes or nothing between two slashes; give the plain path below which the device lies.`
    )
  }
  return url
}
