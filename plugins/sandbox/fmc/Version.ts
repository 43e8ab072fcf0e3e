/** `isAtLeast` says whether a version such as `7.4.2 (build 172)` is at least this one. */
export const isAtLeast = (text: string, major: number, minor: number): boolean => {
  const [, first, second] = /^(\d+)\.(\d+)/.exec(text) ?? []
  return Number(first) > major || (Number(first) === major && Number(second) >= minor)
}

/** `updates` are the versions of what is brought up to date by itself: the management centre's, and its firewalls'. */
export const updates = {
  geoVersion: "2024-03-12-001",
  vdbVersion: "build 380 ( 2024-02-27 21:26:45 )",
  sruVersion: "2024-03-13-001-vrt",
  lspVersion: "lsp-rel-20240313-1245"
}
