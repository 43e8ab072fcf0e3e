// Makes a backup of an FDM, waits for it, and downloads it into a file that only its owner may read. A file that is
// there already is never written over.
//
//   backup.ts <file> [<name of the backup>]
//
// The FDM is that of FDM_URL, FDM_USERNAME, FDM_PASSWORD, and FDM_PIN or FDM_CA_FILE.

import { existsSync } from "node:fs"
import process from "node:process"
import * as Fdm from "sallyport/fdm"

const [path, name] = process.argv.slice(2)

const run = async (path: string) => {
  // Before anything is asked of the device.
  if (existsSync(path)) throw new Error(`${path} is there already: name another file, or move it away`)
  const { bytes, sha256 } = await Fdm.use("FDM", async (fdm) => {
    const archive = await fdm.backup({ name })
    console.log(`${fdm.session.target.name} has made ${archive.archiveName}`)
    // Piece by piece, and all of it or nothing: half a backup is none.
    return fdm.downloadBackupTo(archive, path)
  })
  console.log(`${path}: ${bytes} bytes, SHA-256 ${sha256}`)
}

if (path === undefined) {
  console.error(
    "Usage: backup.ts <file> [<name of the backup>], with FDM_URL, FDM_USERNAME and FDM_PASSWORD set"
  )
  process.exitCode = 1
} else {
  await run(path).catch((error: Error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}
