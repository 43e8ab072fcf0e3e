import { Buffer } from "node:buffer"
import { randomBytes } from "node:crypto"
import { open, stat } from "node:fs/promises"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import { attemptInput } from "../../transport/AttemptInput.ts"
import type { InvalidInput } from "../../transport/DeviceError.ts"
import * as StreamedBody from "../../transport/http/StreamedBody.ts"
import * as Needed from "../../validation/Needed.ts"
import { attempt, unusable } from "./LocalFile.ts"

// Of a file, when it is sent.
const chunkBytes = 256 * 1024

/** `FileToUpload` is a file of this machine that is to be sent. */
export interface FileToUpload {
  readonly path: string
  /** `name` is what the device is told that it is called. */
  readonly name: string
}

/**
 * `form` gives a POST that sends a file as the one field of a form, without having it in memory. It can be sent again:
 * the file is read anew then. Fails with `InvalidInput` for what is no file or cannot be read.
 *
 * @example
 * const request = yield* FileTransfer.form("/action/uploadupgrade", "fileToUpload", { path, name: "upgrade.REL.tar" })
 */
export const form = (
  to: string,
  field: string,
  file: FileToUpload
): Effect.Effect<HttpClientRequest.HttpClientRequest, InvalidInput> =>
  Effect.gen(function* () {
    yield* attemptInput(() => {
      Needed.text("to", to)
      Needed.text("field", field)
      Needed.object("file", file, "{ path, name }")
    })
    const { name, path } = file
    const facts = yield* attempt(path, () => stat(path))
    if (!facts.isFile()) return yield* unusable(path, "this is no file but a folder or a device.")
    // Before anything is asked of the device.
    yield* attempt(path, async () => (await open(path, "r")).close())
    const boundary = `sallyport-${randomBytes(16).toString("hex")}`
    const before = Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(field)}"; filename="${quoted(name)}"\r\nContent-Type: application/octet-stream\r\n\r\n`
    )
    const after = Buffer.from(`\r\n--${boundary}--\r\n`)
    async function* read() {
      yield before
      const file = await open(path, "r")
      try {
        for (;;) {
          const { bytesRead, buffer } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, null)
          if (bytesRead === 0) break
          yield buffer.subarray(0, bytesRead)
        }
      } finally {
        await file.close()
      }
      yield after
    }
    return StreamedBody.withStreamedBody(HttpClientRequest.post(to), {
      from: { size: before.length + facts.size + after.length, read },
      contentType: `multipart/form-data; boundary=${boundary}`
    })
  })

// As browsers write it (the HTML standard, multipart/form-data).
const quoted = (text: string): string =>
  text.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A")
