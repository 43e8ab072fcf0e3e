/** `isAtLeast` says whether a version such as `7.4.2 (build 172)` is at least this one. */
export const isAtLeast = (text: string, major: number, minor: number): boolean => {
  const [, first, second] = /^(\d+)\.(\d+)/.exec(text) ?? []
  return Number(first) > major || (Number(first) === major && Number(second) >= minor)
}
