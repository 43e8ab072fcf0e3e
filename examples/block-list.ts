// Puts addresses into a network group of an FMC as literals, or takes them out. From FMC 7.4 on, what others add to it
// meanwhile stays; before that, let one run at a time.
//
//   block-list.ts <group> [<address> ...] [--file <path>] [--remove] [--domain <name>] [--plan]
//
// An address is 192.0.2.1, 192.0.2.0/24 or 192.0.2.1-192.0.2.9; a file has one in a line, and # begins a comment. With
// --plan it only shows what it would do. The FMC is that of FMC_URL, FMC_USERNAME, FMC_PASSWORD, and FMC_PIN or
// FMC_CA_FILE.

import { readFileSync } from "node:fs"
import { isIP } from "node:net"
import { parseArgs } from "node:util"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { InvalidInput, Main, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"

const blockList = Workflow.make({
  name: "block-list",
  input: Schema.Struct({
    domain: Schema.String,
    group: Schema.String,
    addresses: Schema.Array(Schema.String),
    remove: Schema.Boolean
  }),
  devices: { fmc: Fmc.plugin },
  run: ({ fmc }, { addresses, domain, group, remove }) =>
    Effect.gen(function* () {
      const { networkGroups } = yield* fmc.domain(domain)
      const found = yield* networkGroups.find(group)
      if (Option.isNone(found)) {
        const message = `group: ${domain} has no network group ${JSON.stringify(group)}.`
        return yield* new InvalidInput({ field: "group", value: group, message })
      }
      const typeOf = (value: string) => (isIP(value) ? "Host" : value.includes("/") ? "Network" : "Range")
      const literals = addresses.map((value) => ({ type: typeOf(value), value }))
      yield* networkGroups[remove ? "removeMembers" : "addMembers"](found.value.id, { literals })
    })
})

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    domain: { type: "string", default: "Global" },
    file: { type: "string" },
    plan: { type: "boolean", default: false },
    remove: { type: "boolean", default: false }
  }
})

Main.run(
  Effect.gen(function* () {
    const { domain, file, plan, remove } = values
    const [group = "", ...named] = positionals
    const text = file === undefined ? "" : readFileSync(file, "utf8").replace(/^\uFEFF/, "")
    const listed = text.split(/\r?\n/).map((line) => line.replace(/#.*/, "").trim())
    const addresses = [...new Set([...named, ...listed])].filter((address) => address !== "")
    if (addresses.length === 0) {
      return yield* new InvalidInput({ field: "address", message: "address: give one, or a file of them." })
    }
    const given = [blockList, { fmc: "FMC" }, { domain, group, addresses, remove }] as const
    if (plan) return console.log(Workflow.planText(yield* Workflow.plan(...given)))
    const ran = yield* Workflow.run(...given, { whenHeld: "wait", onProgress: Workflow.tellOnTerminal })
    yield* Workflow.resultOf(ran)
  })
)
