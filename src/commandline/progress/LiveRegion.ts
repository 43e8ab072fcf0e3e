import process from "node:process"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Caller, canDrawAnew, type Output } from "../Caller.ts"
import { widthOf } from "./FittedText.ts"

/**
 * `LiveRegion` is the bottom of a terminal, where lines are drawn anew in their place. Whatever else is written to the
 * terminal meanwhile comes to stand above them. While somebody has written a line that does not end, such as a question
 * that waits for its answer, nothing is drawn.
 */
export interface LiveRegion {
  /** `draw` takes lines that are no longer than the terminal is wide. */
  readonly draw: (lines: ReadonlyArray<string>) => void
  /** `size` is that of the terminal now. */
  readonly size: () => { readonly columns: number; readonly rows: number }
  /** `close` takes the lines away, and gives the terminal back. */
  readonly close: () => void
}

/**
 * `make` takes the caller's terminal until the scope closes. It gives none where there is none, and where the package
 * log-update is not installed.
 */
export const make = (caller: Caller): Effect.Effect<LiveRegion | undefined, never, Scope.Scope> =>
  Effect.gen(function* () {
    if (!canDrawAnew(caller, caller.errors)) return undefined
    // Caught at the `import` itself: by that a bundler knows that the package may be missing.
    const loaded = yield* Effect.promise(() => import("log-update").catch(() => undefined))
    if (loaded === undefined) return undefined
    return yield* Effect.acquireRelease(
      Effect.sync(() => open(caller, loaded)),
      ({ close }) => Effect.sync(close)
    )
  })

const open = ({ errors, output }: Caller, { createLogUpdate }: typeof import("log-update")): LiveRegion => {
  let shown: ReadonlyArray<string> = []
  let isLineOpen = false
  let isClosed = false

  const stepAside = (chunk: unknown) => {
    if (isEmpty(chunk)) return
    clear()
    isLineOpen = !endsLine(chunk)
  }
  const own = intercept(errors, stepAside)
  const others = output !== errors && output.isTTY === true ? [intercept(output, stepAside)] : []

  const size = () => ({ columns: errors.columns || 80, rows: errors.rows || 24 })
  const terminal = {
    isTTY: true,
    write: own.write,
    get columns() {
      return size().columns
    },
    get rows() {
      return size().rows
    }
  }
  // The cursor stays visible: whatever ends the process leaves it as it was. The package asks for no more of a stream.
  const update = createLogUpdate(terminal as unknown as NodeJS.WritableStream, { showCursor: true })

  const clear = () => {
    if (shown.length === 0) return
    const { columns } = size()
    // A terminal that has become narrower has broken the lines.
    const broken = shown.reduce((sum, line) => sum + Math.ceil(plainWidth(line) / columns) - 1, 0)
    update.clear()
    if (broken > 0) own.write("\u001b[1A\u001b[2K".repeat(broken))
    shown = []
  }
  const close = () => {
    if (isClosed) return
    isClosed = true
    clear()
    for (const { release } of [own, ...others]) release()
    process.off("exit", close)
  }
  // A second signal leaves at once.
  process.once("exit", close)

  let drawnFor = size().columns
  return {
    close,
    size,
    draw: (lines) => {
      if (isClosed || isLineOpen || lines.length === 0) return
      const { columns } = size()
      // The package keeps lines at the end that are the same where they were, though there are more or fewer before them.
      if (columns !== drawnFor || lines.length !== shown.length) clear()
      drawnFor = columns
      update(lines.join("\n"))
      shown = lines
    }
  }
}

interface Intercepted {
  /** `write` writes without being seen. */
  readonly write: (text: string) => boolean
  readonly release: () => void
}

/** `intercept` looks at all that is written to a stream, before it is. */
const intercept = (stream: Output, before: (chunk: unknown) => void): Intercepted => {
  const earlier = Object.getOwnPropertyDescriptor(stream, "write")
  const write = stream.write.bind(stream)
  const watched = (...given: ReadonlyArray<unknown>): boolean => {
    before(given[0])
    return Reflect.apply(write, undefined, given)
  }
  stream.write = watched
  return {
    write: (text) => write(text),
    release: () => {
      // Somebody else may have put a function of their own round ours by now.
      if (stream.write !== watched) return
      if (earlier === undefined) Reflect.deleteProperty(stream, "write")
      else Object.defineProperty(stream, "write", earlier)
    }
  }
}

const isEmpty = (chunk: unknown): boolean =>
  typeof chunk === "string" || chunk instanceof Uint8Array ? chunk.length === 0 : true

const endsLine = (chunk: unknown): boolean =>
  chunk instanceof Uint8Array ? chunk.at(-1) === 10 : String(chunk).endsWith("\n")

const plainWidth = (line: string): number => widthOf(line.replace(colors, ""))

const colors = /\u001b\[\d+m/g
