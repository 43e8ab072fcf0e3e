import process from "node:process"
import { styleText } from "node:util"

/** `Style` puts a text into a colour, where there are colours. */
export type Style = (color: Color, text: string) => string

export type Color = "green" | "yellow" | "red" | "cyan" | "gray"

/** `make` gives the style of a text. Without a word on it colours are those of a terminal, unless `NO_COLOR` is set. */
export const make =
  (colors: boolean | undefined): Style =>
  (color, text) =>
    (colors ?? hasColors()) ? styleText(color, text, { validateStream: false }) : text

const hasColors = (): boolean => process.stdout.isTTY === true && !process.env.NO_COLOR

/** `signOf` is the sign of an action, and its colour. One that is a plugin's own stands for itself. */
export const signOf = (action: string): { readonly sign: string; readonly color: Color } =>
  signs.get(action) ?? { sign: `! ${action}`, color: "cyan" }

const signs = new Map<string, { readonly sign: string; readonly color: Color }>([
  ["create", { sign: "+", color: "green" }],
  ["update", { sign: "~", color: "yellow" }],
  ["remove", { sign: "-", color: "red" }]
])
