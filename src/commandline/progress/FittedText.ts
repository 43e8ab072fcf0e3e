/**
 * `widthOf` is how many columns of a terminal a text takes, at most: a letter of a script of which some are wide counts as
 * two, so that a line is never longer than it is taken for.
 */
export const widthOf = (text: string): number => {
  let width = 0
  for (const letter of text) width += letterWidth(letter)
  return width
}

const letterWidth = (letter: string): number => {
  if (/^\p{M}$/u.test(letter)) return 0
  return /^[\u0000-\u10ff\u2000-\u206f\u2500-\u259f]$/.test(letter) ? 1 : 2
}

/** `fitted` cuts a text to a width, and shows that it did. */
export const fitted = (text: string, width: number): string => {
  if (widthOf(text) <= width) return text
  let [cut, taken] = ["", 0]
  for (const letter of text) {
    taken += letterWidth(letter)
    if (taken > width - 1) break
    cut += letter
  }
  return width > 0 ? `${cut}…` : ""
}

/** `padded` fills a text up to a width with spaces, or cuts it. */
export const padded = (text: string, width: number): string => {
  const cut = fitted(text, width)
  return cut + " ".repeat(Math.max(0, width - widthOf(cut)))
}
