import { Buffer } from "node:buffer"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Server, tlsServer } from "../transport/servers.ts"

/** Bytes that a device writes in answer to one request, and what it does with the connection then. */
export interface Bytes {
  readonly pieces: ReadonlyArray<Uint8Array>
  readonly ending: "stay" | "end" | "reset" | "forever"
  /** Byte by byte, for the first of them. */
  readonly dribble?: boolean
}

export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface RawDevice extends Server {
  readonly asked: Array<Asked>
  /** The most bytes that it got rid of on any one connection. */
  readonly mostWritten: () => number
}

const ascii = new TextEncoder()

/** A whole answer that ends where it says, on a connection that stays. */
export const plain = (
  status: number,
  body: string | Uint8Array = "",
  headers: Readonly<Record<string, string>> = {}
): Bytes => {
  const bytes = typeof body === "string" ? ascii.encode(body) : body
  const lines = Object.entries({ ...headers, "content-length": String(bytes.length) })
  const head = `HTTP/1.1 ${status} X\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`
  // Latin-1, as header values are.
  return { pieces: [Buffer.from(head, "latin1"), bytes], ending: "stay" }
}

/** A device on TLS that answers each request with whatever bytes it is told to. */
export const rawDevice = (answer: (asked: Asked) => Bytes): Effect.Effect<RawDevice, never, Scope.Scope> => {
  const asked: Array<Asked> = []
  let most = 0
  const note = (written: number) => {
    most = Math.max(most, written)
  }
  return Effect.map(
    tlsServer((socket) => {
      let heard = Buffer.alloc(0)
      socket.on("close", () => note(socket.bytesWritten - socket.writableLength))
      socket.on("data", (chunk: Buffer) => {
        heard = Buffer.concat([heard, chunk])
        for (let next = takeOne(heard); next !== undefined; next = takeOne(heard)) {
          heard = next.rest
          asked.push(next.asked)
          write(answer(next.asked))
        }
      })
      const write = ({ dribble, ending, pieces }: Bytes) => {
        const [first = new Uint8Array(), ...others] = pieces
        const all = dribble === true ? [...slices(first, 60), ...others] : pieces
        // An empty write keeps Deno's server from ending.
        for (const piece of all) if (piece.length > 0) socket.write(piece)
        if (ending === "end") socket.end()
        if (ending === "reset") socket.destroy()
        if (ending === "forever") pour(pieces.at(-1) ?? new Uint8Array(1))
      }
      const pour = (piece: Uint8Array) => {
        const block = Buffer.concat(
          Array.from({ length: Math.ceil(16_384 / (piece.length || 1)) }, () => piece)
        )
        const more = () => {
          while (!socket.destroyed && socket.write(block));
        }
        socket.on("drain", more)
        more()
      }
    }),
    (server) => Object.assign(server, { asked, mostWritten: () => most })
  )
}

const slices = (bytes: Uint8Array, count: number): ReadonlyArray<Uint8Array> => [
  ...Array.from(bytes.subarray(0, count), (byte) => Uint8Array.of(byte)),
  bytes.subarray(count)
]

const takeOne = (
  heard: Buffer
): { readonly asked: Asked; readonly rest: Buffer<ArrayBuffer> } | undefined => {
  const end = heard.indexOf("\r\n\r\n")
  if (end < 0) return undefined
  const [first = "", ...lines] = heard.subarray(0, end).toString("latin1").split("\r\n")
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(":", 1)[0]?.toLowerCase() ?? "", line.replace(/^[^:]*:\s*/, "")])
  )
  const bodyEnd = end + 4 + Number(headers["content-length"] ?? 0)
  if (heard.length < bodyEnd) return undefined
  const [method = "", path = ""] = first.split(" ")
  const body = heard.subarray(end + 4, bodyEnd).toString("utf8")
  return { asked: { method, path, headers, body }, rest: Buffer.from(heard.subarray(bodyEnd)) }
}
