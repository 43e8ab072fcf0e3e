import { basename } from "node:path"
import process from "node:process"
import type { Terminal } from "../workflow/guards/TerminalApproval.ts"

/** `Caller` is whoever calls a script: by which words, and where its input and output are. */
export interface Caller {
  /** `script` is what help calls it. */
  readonly script: string
  /** `words` are those behind it. */
  readonly words: ReadonlyArray<string>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined }
  readonly output: Output
  readonly errors: Output
}

/** `Output` is where a text goes. A terminal has a size, which may change. */
export type Output = NodeJS.WritableStream & {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  readonly rows?: number | undefined
}

/** `ofProcess` is the caller of this process. */
export const ofProcess = (): Caller => ({
  script: basename(process.argv[1] ?? "script"),
  words: process.argv.slice(2),
  environment: process.env,
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr
})

/** `hasColors` says whether a text there may be coloured. */
export const hasColors = ({ environment }: Caller, { isTTY }: Output): boolean =>
  isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb"

/** `terminalOf` is where whoever calls can be asked. */
export const terminalOf = (caller: Caller): Terminal => ({
  input: caller.input,
  output: caller.errors,
  colors: hasColors(caller, caller.errors)
})

/** `canDrawAnew` says whether what stands there can be drawn anew in its place: a pipe has no cursor. */
export const canDrawAnew = ({ environment }: Caller, { isTTY }: Output): boolean =>
  isTTY === true && environment.TERM !== "dumb"

/** `isAtTerminal` says whether there is somebody who can be asked. */
export const isAtTerminal = ({ errors, input }: Caller): boolean =>
  input.isTTY === true && errors.isTTY === true
