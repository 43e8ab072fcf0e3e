import { accessSync, constants, lstatSync, readFileSync, type Stats } from "node:fs"
import { dirname } from "node:path"
import process from "node:process"
import { isReadGranted } from "../../validation/GrantedVariable.ts"

/** `Fit` is what has to stand at a path. */
type Fit = "folder" | "file"

/**
 * `unfitness` says in a sentence what is wrong with what stands at a path, whose it is, its mode, and the command that
 * mends it; `undefined` where it is fit, as far as can be seen, and on systems that have no such owners.
 */
export const unfitness = (path: string, fit: Fit): string | undefined => {
  try {
    const me = process.getuid?.()
    if (me === undefined) return undefined
    const found = lookAt(path)
    return found === undefined ? unreached(path, fit, me) : unfit(path, found, fit, me)
  } catch {
    // Deno, where it may not ask who the user is.
    return undefined
  }
}

const modes = { folder: "700", file: "600" } as const

const unfit = (path: string, found: Stats, fit: Fit, me: number): string | undefined => {
  if (found.isSymbolicLink()) return `${path} is a link, which ${belongs(found)}.`
  if (fit === "folder" ? !found.isDirectory() : !found.isFile())
    return `${path} is no ${fit}, and ${belongs(found)}.`
  if (found.uid !== me) {
    const owner = nameOf(found.uid)
    const command = fit === "folder" ? "chown -R" : "chown"
    return me === 0
      ? `${path} ${belongs(found)}, while ${nameOf(me)} runs this (run it as ${owner}).`
      : `${path} ${belongs(found)}, while ${nameOf(me)} runs this (sudo ${command} ${nameOf(me)} ${quoted(path)} mends it).`
  }
  const mode = Number.parseInt(modes[fit], 8)
  const others = fit === "folder" ? 0o022 : 0o077
  return (found.mode & others) !== 0 || (found.mode & mode) !== mode
    ? `${path} ${belongs(found)} (chmod ${modes[fit]} ${quoted(path)} mends it).`
    : undefined
}

/** `unreached` says so of the folder above that lets nobody come to the path, or make it. */
const unreached = (path: string, fit: Fit, me: number): string | undefined => {
  for (let above = dirname(path); ; above = dirname(above)) {
    const found = lookAt(above)
    if (found !== undefined) {
      if (!found.isDirectory()) return `${above} is no folder, and ${belongs(found)}.`
      if (isUsable(above)) return undefined
      const command =
        fit === "folder" ? ` (sudo install -d -o ${nameOf(me)} -m 700 ${quoted(path)} mends it)` : ""
      return `${above} ${belongs(found)}, while ${nameOf(me)} runs this${command}.`
    }
    if (dirname(above) === above) return undefined
  }
}

const lookAt = (path: string): Stats | undefined => {
  try {
    return lstatSync(path)
  } catch {
    return undefined
  }
}

const isUsable = (folder: string): boolean => {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

const belongs = ({ mode, uid }: Stats): string =>
  `belongs to ${nameOf(uid)} and has mode ${(mode & 0o7777).toString(8).padStart(4, "0")}`

/** `nameOf` is what the system calls a user, or else the user's number, which commands take, too. */
const nameOf = (uid: number): string => {
  const users = "/etc/passwd"
  try {
    if (!isReadGranted(users)) return String(uid)
    const lines = readFileSync(users, "utf8").split("\n")
    const [name = ""] = lines.map((line) => line.split(":")).find(([, , id]) => id === String(uid)) ?? []
    return name || String(uid)
  } catch {
    return String(uid)
  }
}

/** `quoted` is a path as a shell takes it. */
const quoted = (path: string): string =>
  /^[\w./:@%+=-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
