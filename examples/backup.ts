// Makes a backup of an FDM, waits for it, and downloads it into a file that only its owner may read. A file that is there
// already is never written over.
//
//   backup.ts <file> [<name of the backup>]
//
// The FDM is that of FDM_URL, FDM_USERNAME, FDM_PASSWORD, and FDM_PIN or FDM_CA_FILE.

import { createHash } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import { open, rm } from "node:fs/promises"
import process from "node:process"
import { Credentials, Target, Trust } from "sallyport"
import * as Fdm from "sallyport/fdm"

const [path, name] = process.argv.slice(2)
const { FDM_CA_FILE: caFile, FDM_PIN: pin, FDM_URL: url } = process.env

const run = async (path: string, url: string) => {
  // Before anything is asked of the device.
  if (existsSync(path)) throw new Error(`${path} is there already: name another file, or move it away`)
  const trust = pin
    ? Trust.pin(...pin.split(","))
    : caFile
      ? Trust.ca(readFileSync(caFile, "utf8"))
      : Trust.system
  const target = Target.make({
    url,
    trust,
    // A backup is larger than other answers, and takes longer. It is in memory as a whole.
    maxBodyBytes: 2 * 1024 ** 3,
    responseTimeout: "30 minutes"
  })
  const bytes = await Fdm.use({ target, credentials: Credentials.fromEnv("FDM") }, async (fdm) => {
    const archive = await fdm.backup({ name })
    console.log(`${target.name} has made ${archive.archiveName}`)
    return fdm.downloadBackup(archive)
  })
  await save(path, bytes)
  console.log(`${path}: ${bytes.length} bytes, SHA-256 ${createHash("sha256").update(bytes).digest("hex")}`)
}

/** All of it or nothing: half a backup is none. */
const save = async (path: string, bytes: Uint8Array) => {
  const file = await open(path, "wx", 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

if (path === undefined || url === undefined) {
  console.error(
    "Usage: backup.ts <file> [<name of the backup>], with FDM_URL, FDM_USERNAME and FDM_PASSWORD set"
  )
  process.exitCode = 1
} else {
  await run(path, url).catch((error: Error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}
