import type { Styled } from "../support/screen.ts"

/** What a terminal showed at one moment. */
export interface Moment {
  readonly title: string
  readonly lines: ReadonlyArray<ReadonlyArray<Styled>>
}

/** Draws moments of a terminal one below the other, each as a window, as SVG that loads nothing. */
export const terminalSvg = (moments: ReadonlyArray<Moment>, columns: number): string => {
  const width = columns * letter + 2 * edge
  let top = 0
  const windows = moments.map((moment) => {
    const at = top
    const height = bar + moment.lines.length * line + 2 * edge
    top += height + gap
    return windowAt(moment, at, width, height)
  })
  const height = top - gap
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(moments.map(({ title }) => title).join("; "))}</title>
<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}.h{font:13px system-ui,sans-serif;fill:#9aa4b2}</style>
${windows.join("\n")}
</svg>
`
}

const letter = 8.43
const line = 19
const edge = 16
const bar = 30
const gap = 14

const windowAt = ({ lines, title }: Moment, top: number, width: number, height: number): string => {
  const first = top + bar + edge + 13
  return `<rect y="${top}" width="${width}" height="${height}" rx="8" fill="#14171d"/>
<path d="M0 ${top + bar}v-${bar - 8}a8 8 0 0 1 8-8h${width - 16}a8 8 0 0 1 8 8v${bar - 8}z" fill="#242a35"/>
<text class="h" x="${edge}" y="${top + 20}">${escaped(title)}</text>
${lines.flatMap((styled, at) => lineAt(styled, first + at * line)).join("\n")}`
}

/** A text for each piece of one colour, as wide as the terminal has it, whatever font there is. */
const lineAt = (styled: ReadonlyArray<Styled>, y: number): ReadonlyArray<string> => {
  let column = 0
  return styled.flatMap(({ color, isBold, text }) => {
    const at = column
    column += text.length
    if (text.trim() === "") return []
    const x = round(edge + at * letter)
    const weight = isBold ? ' font-weight="bold"' : ""
    return [
      `<text x="${x}" y="${y}" textLength="${round(text.length * letter)}" fill="${fillOf(color)}"${weight}>${escaped(text)}</text>`
    ]
  })
}

const round = (value: number): number => Math.round(value * 100) / 100

const fillOf = (color: number | undefined): string => fills[color ?? 7] ?? "#d8dee9"

/** The first eight of a terminal, and gray. */
const fills: Readonly<Record<number, string>> = {
  0: "#3b4252",
  1: "#f2777a",
  2: "#8bd17c",
  3: "#f0c674",
  4: "#81a2be",
  5: "#c397d8",
  6: "#70c0ba",
  7: "#d8dee9",
  8: "#6b7686"
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => `&#${letter.codePointAt(0)};`)
