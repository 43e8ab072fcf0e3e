import type { IncomingHttpHeaders } from "node:http"

/** `Protocol` are the two protocols that one sandbox speaks. */
export type Protocol = "fmc" | "fdm"

/** `RequestKind` is what a request is for, as faults match it and the ledger lists it. */
export type RequestKind = "login" | "refresh" | "revoke" | "custom-token" | "call"

/** `Call` is a request, read whole. */
export interface Call {
  readonly method: string
  /** `requestTarget` is path and query as they came. */
  readonly requestTarget: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** `body` is empty for a form. */
  readonly body: string
  /** `parts` are the parts of a `multipart/form-data` body, where it is one that can be read. */
  readonly parts?: ReadonlyArray<Part> | undefined
  /** `origin` is `https://host:port` as the client addressed it: the paging links of real devices start with it. */
  readonly origin: string
  /** `surplus` says that it came over a connection beyond the limit. */
  readonly surplus: boolean
  /** `beside` says that it writes while the device is at another write. */
  readonly beside?: boolean
}

/** `Part` is one field of a form: a file, or a text without a file's name. */
export interface Part {
  readonly name: string
  readonly fileName: string | undefined
  readonly bytes: Uint8Array
}

/** `Answer` is what a device answers; `body` is JSON unless it is text or bytes. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** `session` is the session that the request opened or used, for the ledger. */
  readonly session?: string
}

/** `RefusedAnswer` is thrown by a handler that refuses, so that its happy path reads straight down. */
export class RefusedAnswer extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super(`refused with status ${answer.status}`)
    this.answer = answer
  }
}

/** `answered` notes the answer, that of a refusal too. */
export const answered = (work: () => Answer): Answer => {
  try {
    return work()
  } catch (thrown) {
    if (thrown instanceof RefusedAnswer) return thrown.answer
    throw thrown
  }
}

/** `Device` is one of the two protocols, as the server asks it. */
export interface Device {
  readonly protocol: Protocol
  readonly owns: (path: string) => boolean
  readonly kindOf: (call: Call) => RequestKind
  /** `operationOf` gives the name that its own description of itself gives to a request, where it has one. */
  readonly operationOf: (call: Call) => string | undefined
  readonly answer: (call: Call) => Answer
  /** `failure` gives an error in this protocol's envelope. */
  readonly failure: (status: number, words: string) => Answer
}

export type Handler = (call: Call, params: ReadonlyArray<string>) => Answer

/** `Route` is a path and the verbs it knows; the groups of `path` become the handler's `params`. */
export interface Route {
  readonly path: RegExp
  readonly verbs: Readonly<Partial<Record<"GET" | "POST" | "PUT" | "DELETE", Handler>>>
}

/**
 * `dispatch` gives the first route that fits: its answer, `undefined` where none does, `notAllowed` for a verb it does
 * not know.
 */
export const dispatch = (
  routes: ReadonlyArray<Route>,
  call: Call,
  path: string,
  notAllowed: () => Answer
): Answer | undefined => {
  for (const route of routes) {
    const match = route.path.exec(path)
    if (match === null) continue
    // HEAD is a GET whose body the server leaves out.
    const verb = call.method === "HEAD" ? "GET" : call.method
    const handler = Object.entries(route.verbs).find(([name]) => name === verb)?.[1]
    return handler === undefined ? notAllowed() : answered(() => handler(call, match.slice(1)))
  }
  return undefined
}

/** `isAsked` says whether a switch of the query is on, whatever its case: Python clients write `True`. */
export const isAsked = (call: Call, name: string): boolean => /^true$/i.test(call.query.get(name) ?? "")

/** `jsonObject` gives the body as a JSON object with unknown fields, or `undefined`. */
export const jsonObject = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined

/** `parsed` gives the body parsed, or `undefined` where it is no JSON. */
export const parsed = (call: Call): unknown => {
  try {
    return JSON.parse(call.body)
  } catch {
    return undefined
  }
}
