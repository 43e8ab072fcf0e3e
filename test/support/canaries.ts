// Planted secrets, everything that a script may print, and a search for the one in the other.
import { randomBytes } from "node:crypto"
import { format } from "node:util"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Redacted from "effect/Redacted"
import * as Tracer from "effect/Tracer"
import * as FailureText from "../../src/process/FailureText.ts"
import { encodings, normalize, printedForms } from "../../src/testing/SecretEncodings.ts"

/** A password with all that breaks in transit; what is searched for is the part that no spelling changes. */
export const password = (): Redacted.Redacted =>
  Redacted.make(`Zeisig:${randomBytes(9).toString("hex")}"%41+ (ä'öß€!)\\`)

/**
 * Everything that was printed (with `results` also what each span that went well came to, which tracers are handed),
 * and every secret that must not be in it. */
export interface Evidence {
  readonly plant: (secret: Redacted.Redacted | undefined) => void
  /** Text as it was printed. */
  readonly note: (where: string, text: string) => void
  /** A value in every form in which a script or a logger may print it. */
  readonly print: (where: string, value: unknown) => void
  /** Runs something with loggers and a tracer that remember, and prints what comes of it. */
  readonly watch: <A, E, R>(
    where: string,
    work: Effect.Effect<A, E, R>
  ) => Effect.Effect<Exit.Exit<A, E>, never, R>
  /** Where a secret was found, with a little of what stands round it. */
  readonly found: () => ReadonlyArray<string>
  readonly size: () => { readonly texts: number; readonly secrets: number; readonly spans: number }
}

export const evidence = (options: { readonly results?: boolean } = {}): Evidence => {
  const texts: Array<{ readonly where: string; readonly text: string }> = []
  const secrets = new Set<string>()
  let spans = 0

  const note: Evidence["note"] = (where, text) => void texts.push({ where, text })
  const print: Evidence["print"] = (where, value) => {
    for (const [form, text] of printedForms(value)) note(`${where}: ${form}`, text)
  }

  const tracer = (where: string) =>
    Tracer.make({
      context: (run) => run(),
      span: (name, parent, context, links, startTime, kind) => {
        spans += 1
        const attributes = new Map<string, unknown>()
        const at = `${where}: span ${name}`
        print(at, { name, links: links.map((link) => link.attributes) })
        const span: Tracer.Span = {
          _tag: "Span",
          name,
          spanId: String(spans),
          traceId: "1",
          parent,
          context,
          status: { _tag: "Started", startTime },
          attributes,
          links,
          sampled: true,
          kind,
          end: (_, exit) => {
            if (Exit.isFailure(exit) || options.results === true) print(`${at}: its exit`, exit)
            print(`${at}: its attributes`, [...attributes])
          },
          attribute: (key, value) => void attributes.set(key, value),
          event: (event, _, facts) => print(`${at}: event`, { event, facts }),
          addLinks: (more) =>
            print(
              `${at}: links`,
              more.map((link) => link.attributes)
            )
        }
        return span
      }
    })

  const loggers = (where: string) => {
    const written = (form: string) => (line: unknown) => note(`${where}: ${form} log`, String(line))
    return Logger.replace(
      Logger.defaultLogger,
      Logger.make((entry) => {
        written("logfmt")(Logger.logfmtLogger.log(entry))
        written("JSON")(Logger.jsonLogger.log(entry))
        written("plain")(Logger.stringLogger.log(entry))
        Logger.prettyLoggerDefault.log(entry)
      })
    )
  }

  const watch: Evidence["watch"] = (where, work) =>
    Effect.gen(function* () {
      const usual = yield* Effect.console
      const say = (...parts: ReadonlyArray<unknown>) => note(`${where}: pretty log`, format(...parts))
      const unsafe = Object.assign(Object.create(globalThis.console), {
        log: say,
        error: say,
        warn: say,
        info: say,
        debug: say,
        group: say,
        groupCollapsed: say,
        groupEnd: () => {}
      })
      return yield* work.pipe(
        Effect.tapErrorCause((cause) => Effect.logError("it failed", cause)),
        Effect.tap((value) => Effect.logDebug("it came to", value)),
        Effect.tapErrorCause((cause) => Effect.sync(() => printCause(where, cause))),
        Effect.exit,
        Effect.tap((exit) => Effect.sync(() => print(`${where}: exit`, exit))),
        Effect.withSpan("script"),
        Effect.withTracer(tracer(where)),
        Logger.withMinimumLogLevel(LogLevel.All),
        Effect.provide(loggers(where)),
        Effect.withConsole({ ...usual, unsafe })
      )
    })

  const printCause = (where: string, cause: Cause.Cause<unknown>) => {
    note(`${where}: Cause.pretty`, Cause.pretty(cause, { renderErrorCause: true }))
    note(`${where}: String(cause)`, String(cause))
    note(`${where}: Main's block`, FailureText.format(cause, { debug: false }))
    note(`${where}: Main's block, debugging`, FailureText.format(cause, { debug: true }))
    for (const failure of [...Cause.failures(cause), ...Cause.defects(cause)]) print(where, failure)
  }

  return {
    plant: (secret) => void (secret !== undefined && secrets.add(Redacted.value(secret))),
    note,
    print,
    watch,
    found: () => {
      const whereOf = new Map<string, string>()
      for (const { text, where } of texts) {
        const squeezed = normalize(text)
        if (!whereOf.has(squeezed)) whereOf.set(squeezed, where)
      }
      // All at once first: thousands of spellings in thousands of texts one by one take most of a minute.
      const all = [...whereOf.keys()].join("\0")
      const needles = [...secrets]
        .map(coreOf)
        .flatMap(encodings)
        .filter(({ needle }) => all.includes(needle))
      const places = [...whereOf].flatMap(([squeezed, where]) => {
        return needles.flatMap(({ needle, spelling }) => {
          const at = squeezed.indexOf(needle)
          return at < 0 ? [] : [`${where} (${spelling}): …${squeezed.slice(Math.max(0, at - 40), at)}`]
        })
      })
      return [...new Set(places)].slice(0, 12)
    },
    size: () => ({ texts: texts.length, secrets: secrets.size, spans })
  }
}

// Of a password the letters and digits in its middle: they look the same in JSON, in a URL and in a shell.
const coreOf = (secret: string): string => /^Zeisig:([0-9a-f]+)/.exec(secret)?.[1] ?? secret
