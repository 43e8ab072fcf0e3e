import { createRequire } from "node:module"
import { Writable } from "node:stream"
import * as Effect from "effect/Effect"
import type { Output } from "../../src/commandline/Caller.ts"

// Its types know of no default export, and Node finds no other.
const xterm = createRequire(import.meta.url)("@xterm/headless") as typeof import("@xterm/headless")

/** A terminal, as somebody would see it. */
export interface Screen {
  /** `output` writes to it, as standard output and standard error of a process do. */
  readonly output: Output
  /** `resize` gives it another size, as whoever drags its window does. */
  readonly resize: (columns: number, rows: number) => Effect.Effect<void>
  /** `lines` are all that it shows, and what has gone out at its top, without blank ones at the end. */
  readonly lines: Effect.Effect<ReadonlyArray<string>>
  /** `styled` are the same lines with their colours. */
  readonly styled: Effect.Effect<ReadonlyArray<ReadonlyArray<Styled>>>
  /** `written` is what it was sent, with each code. */
  readonly written: () => string
  /** `writes` counts how often it was sent something. */
  readonly writes: () => number
  /** `echo` shows what is typed. */
  readonly echo: (text: string) => void
}

/** Letters of one colour, by its number among the sixteen of terminals; `undefined` where it is that of plain text. */
export interface Styled {
  readonly text: string
  readonly color: number | undefined
  readonly isBold: boolean
}

/** A terminal of xterm.js, which breaks and joins long lines anew when its size changes. */
export const screenOf = (columns = 80, rows = 24): Screen => {
  const terminal = new xterm.Terminal({
    cols: columns,
    rows,
    convertEol: true,
    scrollback: 5000,
    allowProposedApi: true
  })
  let written = ""
  let writes = 0
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      writes += 1
      written += String(chunk)
      terminal.write(chunk)
      done()
    }
  })
  const drained = Effect.async<void>((resume) => terminal.write("", () => resume(Effect.void)))
  const output = Object.assign(stream, { isTTY: true, columns, rows })
  return {
    output,
    written: () => written,
    writes: () => writes,
    echo: (text) => terminal.write(text),
    resize: (columns, rows) =>
      Effect.andThen(drained, () => {
        terminal.resize(columns, rows)
        Object.assign(output, { columns, rows })
        output.emit("resize")
      }),
    lines: Effect.andThen(drained, () => {
      const { active } = terminal.buffer
      const lines: Array<string> = []
      for (let at = 0; at < active.length; at += 1) {
        const line = active.getLine(at)
        const text = line?.translateToString(true) ?? ""
        if (line?.isWrapped === true) lines.push(`${lines.pop() ?? ""}${text}`)
        else lines.push(text)
      }
      while (lines.at(-1) === "") lines.pop()
      return lines
    }),
    styled: Effect.andThen(drained, () => {
      const { active } = terminal.buffer
      const lines = Array.from({ length: active.length }, (_, at) => styledOf(active.getLine(at)))
      while (lines.at(-1)?.length === 0) lines.pop()
      return lines
    })
  }
}

type Line = ReturnType<InstanceType<typeof xterm.Terminal>["buffer"]["active"]["getLine"]>

/** `styledOf` are the letters of a line, without blanks at its end. */
const styledOf = (line: Line): ReadonlyArray<Styled> => {
  const all: Array<Styled> = []
  const width = line?.translateToString(true).length ?? 0
  for (let at = 0; at < width; at += 1) {
    const cell = line?.getCell(at)
    if (cell === undefined || cell.getWidth() === 0) continue
    const text = cell.getChars() || " "
    const color = cell.isFgPalette() ? cell.getFgColor() : undefined
    const isBold = cell.isBold() !== 0
    const last = all.at(-1)
    if (last?.color === color && last?.isBold === isBold)
      all.splice(-1, 1, { ...last, text: last.text + text })
    else all.push({ text, color, isBold })
  }
  return all
}
