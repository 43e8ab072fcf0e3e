import { Buffer } from "node:buffer"
import { format, inspect } from "node:util"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Redacted from "effect/Redacted"
import * as Tracer from "effect/Tracer"

/** Everything that was printed, and every secret that must not be in it. */
export interface Evidence {
  readonly plant: (secret: Redacted.Redacted) => void
  /** A value in every form in which a script or a logger may print it. */
  readonly print: (where: string, value: unknown) => void
  /** Runs something with loggers and a tracer that remember, and prints what comes of it. */
  readonly watch: <A, E, R>(
    where: string,
    work: Effect.Effect<A, E, R>
  ) => Effect.Effect<Exit.Exit<A, E>, never, R>
  /** Where a secret was found, without it. */
  readonly found: () => ReadonlyArray<string>
}

// Shorter ones would be found by chance, in a date or a name.
const shortest = 8

export const make = (): Evidence => {
  const texts: Array<{ readonly where: string; readonly form: string; readonly text: string }> = []
  const secrets = new Set<string>()

  const note = (where: string, form: string, text: string) => void texts.push({ where, form, text })
  const print: Evidence["print"] = (where, value) => {
    for (const [form, text] of forms(value)) note(where, form, text)
  }

  const tracer = (where: string) =>
    Tracer.make({
      context: (run) => run(),
      span: (name, parent, context, links, startTime, kind) => {
        const attributes = new Map<string, unknown>()
        const at = `${where}, span ${name}`
        return {
          _tag: "Span",
          name,
          spanId: name,
          traceId: where,
          parent,
          context,
          status: { _tag: "Started", startTime },
          attributes,
          links,
          sampled: true,
          kind,
          end: (_, exit) => {
            if (Exit.isFailure(exit)) print(`${at}, its exit`, exit)
            print(`${at}, its attributes`, [...attributes])
          },
          attribute: (key, value) => void attributes.set(key, value),
          event: (event, _, facts) => print(`${at}, event`, { event, facts }),
          addLinks: (more) =>
            print(
              `${at}, links`,
              more.map((link) => link.attributes)
            )
        }
      }
    })

  const logger = (where: string) =>
    Logger.replace(
      Logger.defaultLogger,
      Logger.make((entry) => {
        note(where, "its log", String(Logger.logfmtLogger.log(entry)))
        note(where, "its log as JSON", String(Logger.jsonLogger.log(entry)))
        print(`${where}, what was logged`, entry.message)
      })
    )

  const printCause = (where: string, cause: Cause.Cause<unknown>) => {
    note(where, "Cause.pretty", Cause.pretty(cause, { renderErrorCause: true }))
    for (const failure of [...Cause.failures(cause), ...Cause.defects(cause)]) print(where, failure)
  }

  return {
    plant: (secret) => {
      const value = Redacted.value(secret)
      if (value.length >= shortest) secrets.add(value)
    },
    print,
    watch: (where, work) =>
      work.pipe(
        Effect.tapErrorCause((cause) => Effect.logError("it failed", cause)),
        Effect.tapErrorCause((cause) => Effect.sync(() => printCause(where, cause))),
        Effect.exit,
        Effect.tap((exit) => Effect.sync(() => print(`${where}, its exit`, exit))),
        Effect.withSpan("script"),
        Effect.withTracer(tracer(where)),
        Logger.withMinimumLogLevel(LogLevel.All),
        Effect.provide(logger(where))
      ),
    found: () => {
      const needles = [...secrets].flatMap(spellings)
      const places = new Map<string, string>()
      for (const { form, text, where } of texts) {
        // One line for each place: whoever mends it there mends all forms of it.
        if (places.has(where)) continue
        const squeezed = squeeze(text)
        const hit = needles.find(({ needle }) => squeezed.includes(needle))
        if (hit !== undefined) places.set(where, `${where}: ${form}, ${hit.spelling}`)
      }
      return [...places.values()].slice(0, 12)
    }
  }
}

const deep = { depth: 20, showHidden: true, maxArrayLength: null, maxStringLength: null } as const

// What console.log prints with on Bun and Deno: not node:util.
const { Bun, Deno } = globalThis as {
  readonly Bun?: { readonly inspect: typeof inspect }
  readonly Deno?: { readonly inspect: typeof inspect }
}
const native = Bun ?? Deno

const forms = (value: unknown): ReadonlyArray<readonly [string, string]> => {
  const tried: ReadonlyArray<readonly [string, () => unknown]> = [
    ["String", () => String(value)],
    ["console.log", () => format(value)],
    ["util.inspect", () => inspect(value, deep)],
    ["the runtime's own console", () => native?.inspect(value, { depth: 20, showHidden: true })],
    ["JSON.stringify", () => json(value)],
    ["its message", () => (value as Error).message],
    ["its stack", () => (value as Error).stack],
    ["its fields", () => inspect(Object.entries(Object.getOwnPropertyDescriptors(value as object)), deep)]
  ]
  return tried.flatMap(([form, make]) => {
    try {
      const text = make()
      return typeof text === "string" ? [[form, text] as const] : []
    } catch {
      // A value that cannot be printed in this form tells nothing in it.
      return []
    }
  })
}

const json = (value: unknown): string => {
  const seen = new Set<unknown>()
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === "bigint") return String(part)
    if (typeof part !== "object" || part === null) return part
    if (seen.has(part)) return "seen"
    seen.add(part)
    return part
  })
}

// Line breaks aside, and both alphabets of Base64 as one; bytes in JSON as a list.
const squeeze = (text: string): string =>
  text
    .replace(/\\?"\d+\\?":/g, "")
    .replace(/\s+/g, "")
    .replaceAll("-", "+")
    .replaceAll("_", "/")

const spellings = (secret: string): ReadonlyArray<{ readonly needle: string; readonly spelling: string }> => {
  const bytes = Buffer.from(secret)
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replace(/=+$/, "")
    // The first and the last letter also tell of what stands beside the secret.
    return text.slice([0, 2, 3][shift], (shift + bytes.length) % 3 === 0 ? undefined : -1)
  })
  const quoted = JSON.stringify(secret).slice(1, -1)
  return [
    ...[secret, quoted, JSON.stringify(quoted).slice(1, -1)].map((needle) => ({
      needle,
      spelling: "as it is"
    })),
    { needle: encodeURIComponent(secret), spelling: "as in a URL" },
    { needle: new URLSearchParams({ "": secret }).toString().slice(1), spelling: "as in a form" },
    ...base64.map((needle) => ({ needle, spelling: "as Base64" })),
    { needle: [...bytes].join(","), spelling: "as bytes" },
    { needle: bytes.toString("hex"), spelling: "as hex" }
  ].map(({ needle, spelling }) => ({ needle: squeeze(needle), spelling }))
}
