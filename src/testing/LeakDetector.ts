import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Redacted from "effect/Redacted"
import * as Tracer from "effect/Tracer"
import { encodings, normalize, printedForms } from "./SecretEncodings.ts"

/** `LeakDetector` holds everything that was printed, and every secret that must not be in it. */
export interface LeakDetector {
  readonly addSecret: (secret: Redacted.Redacted) => void
  /** `record` gives a value in every form in which a script or a logger may print it. */
  readonly record: (where: string, value: unknown) => void
  /** `watch` runs something with loggers and a tracer that remember, and prints what comes of it. */
  readonly watch: <A, E, R>(
    where: string,
    work: Effect.Effect<A, E, R>
  ) => Effect.Effect<Exit.Exit<A, E>, never, R>
  /** `leaks` tell where a secret was found, without it. */
  readonly leaks: () => ReadonlyArray<string>
}

// Shorter ones would be found by chance, in a date or a name.
const minSecretLength = 8

export const make = (): LeakDetector => {
  const texts: Array<{ readonly where: string; readonly form: string; readonly text: string }> = []
  const secrets = new Set<string>()

  const note = (where: string, form: string, text: string) => void texts.push({ where, form, text })
  const print: LeakDetector["record"] = (where, value) => {
    for (const [form, text] of printedForms(value)) note(where, form, text)
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
    addSecret: (secret) => {
      const value = Redacted.value(secret)
      if (value.length >= minSecretLength) secrets.add(value)
    },
    record: print,
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
    leaks: () => {
      const needles = [...secrets].flatMap(encodings)
      const places = new Map<string, string>()
      for (const { form, text, where } of texts) {
        // One line for each place: whoever mends it there mends all forms of it.
        if (places.has(where)) continue
        const squeezed = normalize(text)
        const hit = needles.find(({ needle }) => squeezed.includes(needle))
        if (hit !== undefined) places.set(where, `${where}: ${form}, ${hit.spelling}`)
      }
      return [...places.values()].slice(0, 12)
    }
  }
}
