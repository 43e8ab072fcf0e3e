/**
 * `withoutFinalLineBreak` takes one line break off the end of a text: files and variables are often filled by tools that
 * put one there.
 */
export const withoutFinalLineBreak = (text: string): string => text.replace(/\r?\n$/, "")
