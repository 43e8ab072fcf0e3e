import * as Duration from "effect/Duration"
import { InputSchema, Needed, TargetConfig } from "sallyport/plugin"
import type { Protocol, RequestKind } from "./Call.ts"

/** `Fault` says which requests go wrong, and how. What is left out matches every request. */
export interface Fault {
  readonly method?: string
  /** `path` as a string matches the beginning of path and query, as a pattern any part of it. */
  readonly path?: string | RegExp
  readonly protocol?: Protocol
  readonly kind?: RequestKind
  /** `nth` is the first matching request that goes wrong, counted from 1. @default 1, the next */
  readonly nth?: number
  /** `times` is how many go wrong from there on; `Infinity` until `clearFaults`. @default 1 */
  readonly times?: number
  /** `how` is made by the functions of this module: `Fault.status(503)`. */
  readonly how: How
}

/** `How` says how a request goes wrong: made by the functions of this module. */
export type How =
  | Substitute
  | { readonly _tag: "Reset" }
  | { readonly _tag: "Hang" }
  | { readonly _tag: "Slow"; readonly millis: number }
  | { readonly _tag: "LoseAnswer" }
  | { readonly _tag: "DropHeader"; readonly names: ReadonlyArray<string> }
  | { readonly _tag: "Truncated" }

/** `Substitute` is an answer that the device did not give. */
export interface Substitute {
  readonly _tag: "Answer"
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** `body` is `undefined` for an envelope of the protocol. */
  readonly body: unknown
}

/**
 * `status` gives this answer in place of the device's; the work is not done. Without a body it is an error in the
 * protocol's envelope. Throws `InvalidInput` for other options.
 */
export const status = (
  code: number,
  options?: { readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
): How => {
  if (options) Needed.fields("options", options, ["headers", "body"])
  return { _tag: "Answer", status: code, headers: options?.headers ?? {}, body: options?.body }
}

/** `reset` breaks the connection before the work is done. */
export const reset: How = { _tag: "Reset" }

/** `hang` gives no answer ever; the work is not done. */
export const hang: How = { _tag: "Hang" }

/** `slow` does the work at once, and answers after so much real time. Throws `InvalidInput` for what is no duration. */
export const slow = (after: Duration.DurationInput): How => {
  InputSchema.checkSync(TargetConfig.DurationConfig, after, "Fault.slow", "after")
  return { _tag: "Slow", millis: Duration.toMillis(after) }
}

/** `loseAnswer` does the work, then breaks the connection before the answer. */
export const loseAnswer: How = { _tag: "LoseAnswer" }

/** `dropHeader` does the work, and answers without these headers. */
export const dropHeader = (...names: ReadonlyArray<string>): How => ({ _tag: "DropHeader", names })

/**
 * `garbage` answers 200 with bytes that are neither JSON nor UTF-8, although it says JSON; the work is not done.
 *
 * @default 64 bytes
 */
export const garbage = (bytes = 64): How =>
  status(200, { body: Uint8Array.from({ length: bytes }, (_, at) => (at * 89 + 0xfe) % 256) })

/** `redirect` answers 302 to another place; the work is not done. */
export const redirect = (location: string): How => status(302, { headers: { location }, body: "" })

/** `truncated` does the work; the answer breaks off in the middle of its body, or before it where it has none. */
export const truncated: How = { _tag: "Truncated" }
