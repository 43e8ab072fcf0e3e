import { Buffer } from "node:buffer"
import type { TLSSocket } from "node:tls"
import type { Request } from "./Request.ts"

export interface RequestWriter {
  /** `isFlushed` says whether all of it has left this process. */
  readonly isFlushed: () => boolean
  /** `stop` stops reading what is still to be sent. */
  readonly stop: () => void
}

export interface Handlers {
  /** `progress` says that some of it has left. */
  readonly progress: () => void
  /** `broken` says that the body cannot be read, or is longer or shorter than was announced. */
  readonly broken: () => void
}

/** `writeRequest` writes a request on a socket, its body piece by piece where it is not in memory. */
export const writeRequest = (socket: TLSSocket, request: Request, handlers: Handlers): RequestWriter => {
  let flushed = false
  let stopped = false
  const done = () => {
    flushed = true
    handlers.progress()
  }
  const { body, head, transfer } = request

  const writePieces = async ({ read, size }: NonNullable<typeof transfer>["source"] & object) => {
    let left = size
    const closed = new Promise<void>((resolve) => void socket.once("close", () => resolve()))
    for await (const piece of read()) {
      if (stopped) return
      left -= piece.length
      if (left < 0) return handlers.broken()
      const written = new Promise<void>((resolve) => void socket.write(piece, () => resolve()))
      await Promise.race([written, closed])
      if (stopped) return
      handlers.progress()
    }
    if (left > 0) handlers.broken()
    else done()
  }

  if (transfer?.source !== undefined) {
    socket.write(head, "latin1")
    writePieces(transfer.source).catch(() => {
      if (!stopped) handlers.broken()
    })
  } else if (body.length === 0) {
    socket.write(head, "latin1", done)
  } else {
    socket.cork()
    socket.write(head, "latin1")
    socket.write(Buffer.from(body.buffer, body.byteOffset, body.byteLength), done)
    socket.uncork()
  }
  return {
    isFlushed: () => flushed,
    stop: () => {
      stopped = true
    }
  }
}
