import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Redacted from "effect/Redacted"
import type { Device } from "./fleets.ts"

/** Writes the inventory of a fleet's sandboxes, and gives its path. */
export const inventoryOf = (
  folder: string,
  devices: ReadonlyArray<Device>,
  tagsOf: (at: number) => ReadonlyArray<string> = () => []
): string => {
  const entries = devices.map(({ name, sandbox: { certificate, password, url, username } }, at) => {
    writeFileSync(join(folder, `${name}.password`), Redacted.value(password))
    const credentials = { username, passwordFile: join(folder, `${name}.password`) }
    return [name, { kind: "fdm", url, trust: { pin: certificate.sha256 }, credentials, tags: tagsOf(at) }]
  })
  const inventory = join(folder, "inventory.json")
  writeFileSync(inventory, JSON.stringify({ devices: Object.fromEntries(entries) }))
  return inventory
}
