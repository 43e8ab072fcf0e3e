import type { FileHandle } from "node:fs/promises"
import * as Context from "effect/Context"

/** `Disk` is what writes the lines of journals. */
export interface Disk {
  /**
   * `append` adds the bytes at the end of the file, all of them, and where they are lasting succeeds when a power cut
   * would leave them there, with all before them. Where it fails, any part of them may have been added.
   */
  readonly append: (file: FileHandle, bytes: Uint8Array, isLasting?: boolean) => Promise<void>
}

const append: Disk["append"] = async (file, bytes, isLasting = true) => {
  // A disk that is getting full takes a part.
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten
  if (isLasting) await file.sync()
}

/**
 * `JournalDisk` is the disk of the journals that are opened under it. A test puts another one round it that ends the
 * process before a line or behind it, or that is full.
 */
export class JournalDisk extends Context.Reference<JournalDisk>()("sallyport/JournalDisk", {
  defaultValue: (): Disk => ({ append })
}) {}
