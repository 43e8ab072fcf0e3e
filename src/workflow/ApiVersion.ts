/**
 * `anyVersion` gives a path without the version of the API that it names: a device may be upgraded between a plan and its
 * run, and one that does not tell its versions is asked by `latest`.
 */
export const anyVersion = (path: string): string =>
  path.replace(/^\/api\/([^/]+)\/(v[\d.]+|latest)(?=\/)/i, "/api/$1")
