// Puts addresses into a network group of an FMC as literals, or takes them out. From FMC 7.4 on any number of these may
// run at once, and none loses what another has added; before that, let one run at a time.
//
//   block-list.ts <group> [<address> ...] [--file <path>] [--remove] [--domain <name>]
//
// An address is 192.0.2.1, 192.0.2.0/24 or 192.0.2.1-192.0.2.9; a file has one in a line, and # begins a comment. The
// FMC is that of FMC_URL, FMC_USERNAME, FMC_PASSWORD, and FMC_PIN or FMC_CA_FILE.

import { readFileSync } from "node:fs"
import { isIP } from "node:net"
import process from "node:process"
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Collection, InvalidInput, Main } from "sallyport"
import * as Fmc from "sallyport/fmc"

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    domain: { type: "string", default: "Global" },
    file: { type: "string" },
    remove: { type: "boolean", default: false }
  }
})
const { domain: domainName, file, remove } = values
const [groupName = "", ...named] = positionals

// An Effect, so that a file that is no good is told like every other failure.
const literals = Effect.sync(() => {
  const lines =
    file === undefined
      ? []
      : readFileSync(file, "utf8")
          .replace(/^\uFEFF/, "")
          .split(/\r?\n/)
  const listed = lines.map((line) => line.replace(/#.*/, "").trim()).filter((line) => line !== "")
  return [...new Set([...named, ...listed])].map((value) => ({
    type: isIP(value) !== 0 ? "Host" : value.includes("/") ? "Network" : "Range",
    value
  }))
})

const script = Effect.gen(function* () {
  const fmc = yield* Fmc.Fmc
  const { name, networkGroups } = yield* fmc.domain(domainName)
  const found = yield* networkGroups.find(groupName)
  if (Option.isNone(found)) {
    const message = `group: ${name} has no network group ${JSON.stringify(groupName)}; give the name of one that it has.`
    return yield* Effect.fail(new InvalidInput({ field: "group", value: groupName, message }))
  }
  const change = remove ? networkGroups.removeMembers : networkGroups.addMembers
  const wanted = yield* literals
  const group = yield* change(found.value.id, { literals: wanted })

  // The FMC may spell an address in another way.
  const wasThere = (one: { readonly value: string }) =>
    (found.value.literals ?? []).some(({ value }) => Collection.containsAll({ value: one.value }, { value }))
  const differing = wanted.filter((one) => wasThere(one) === remove).length
  const now = group.literals?.length ?? 0
  console.log(`${group.name}: ${differing} ${remove ? "removed" : "added"}, ${now} addresses now`)
})

if (named.length === 0 && file === undefined) {
  console.error("Usage: block-list.ts <group> [<address> ...] [--file <path>] [--remove] [--domain <name>]")
  process.exitCode = 1
} else {
  Main.run(Effect.provide(script, Fmc.layerConfig("FMC")))
}
