import { randomUUID } from "node:crypto"
import { hostname } from "node:os"
import process from "node:process"

/** A process, as another one can look it up: `host/pid/id`. */
export interface Owner {
  readonly host: string
  readonly pid: number
  /** Tells it from an earlier process with the same number, such as the first one of a container. */
  readonly id: string
}

const thisHost = (): string => {
  try {
    return hostname().replaceAll("/", "_")
  } catch {
    // Deno without the permission to ask.
    return "?"
  }
}

export const own: Owner = { host: thisHost(), pid: process.pid, id: randomUUID() }

export const text = ({ host, id, pid }: Owner): string => `${host}/${pid}/${id}`

export const parse = (words: string): Owner | undefined => {
  const [host, pid, id] = words.split("/")
  return host === undefined || id === undefined || !/^\d+$/.test(pid ?? "")
    ? undefined
    : { host, pid: Number(pid), id }
}

/** Whether it has certainly ended. Of a process of another machine nothing is known. */
export const isGone = ({ host, id, pid }: Owner): boolean => {
  if (host !== own.host || host === "?") return false
  if (pid === own.pid) return id !== own.id
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    // Any other code, and none at all on Deno without --allow-run, says nothing.
    return Object(error).code === "ESRCH"
  }
}
