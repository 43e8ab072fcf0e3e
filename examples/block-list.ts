// Puts addresses into a network group of an FMC as literals, or takes them out. From FMC 7.4 on, what others add to it
// meanwhile stays; before that, let one run at a time.
//
//   block-list.ts plan --group <group> --address <address> --address <address>      shows what it would do
//   block-list.ts run --group <group> --address @<file> [--remove]                  does it; with --yes it asks nobody
//
// An address is 192.0.2.1, 192.0.2.0/24 or 192.0.2.1-192.0.2.9; a file has one in a line, and # begins a comment. The FMC
// is that of FMC_URL, FMC_USERNAME, FMC_PASSWORD, and FMC_PIN or FMC_CA_FILE.

import { isIP } from "node:net"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { InvalidInput, Main, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"

const blockList = Workflow.make({
  name: "block-list",
  input: Schema.Struct({
    group: Schema.String,
    address: Schema.NonEmptyArray(Schema.String),
    remove: Schema.optionalWith(Schema.Boolean, { default: () => false }),
    domain: Schema.optionalWith(Schema.String, { default: () => "Global" })
  }),
  devices: { fmc: Fmc.plugin },
  run: ({ fmc }, { address, domain, group, remove }) =>
    Effect.gen(function* () {
      const { networkGroups } = yield* fmc.domain(domain)
      const found = yield* networkGroups.find(group)
      if (Option.isNone(found)) {
        const message = `group: ${domain} has no network group ${JSON.stringify(group)}.`
        return yield* new InvalidInput({ field: "group", value: group, message })
      }
      const typeOf = (value: string) => (isIP(value) ? "Host" : value.includes("/") ? "Network" : "Range")
      const literals = [...new Set(address)].map((value) => ({ type: typeOf(value), value }))
      yield* networkGroups[remove ? "removeMembers" : "addMembers"](found.value.id, { literals })
    })
})

Main.workflow(blockList, {
  description: "Puts addresses into a network group of an FMC, or takes them out.",
  devices: { fmc: "FMC" },
  whenHeld: "wait"
})
