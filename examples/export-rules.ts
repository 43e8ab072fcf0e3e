// Writes all access rules of a policy to standard output, as CSV or as one JSON object a line. A page of a thousand rules
// at a time is in memory, however many there are. If the login expires on the way, it is renewed, and the page that was
// refused for it is asked for again: no rule is lost or comes twice.
//
//   export-rules.ts <policy> [--json] [--domain <name>] > rules.csv
//
// The FMC is that of FMC_URL, FMC_USERNAME, FMC_PASSWORD, and FMC_PIN or FMC_CA_FILE. An FMC does not say how long its
// tokens are good. Where it is less than the usual 30 minutes, nothing has to be set: its first 401 tells.

import process from "node:process"
import { parseArgs } from "node:util"
import { stringify } from "csv-stringify/sync"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { DeviceError, Main } from "sallyport"
import * as Fmc from "sallyport/fmc"

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { domain: { type: "string", default: "Global" }, json: { type: "boolean", default: false } }
})
const [policyName = ""] = positionals

const conditions = ["sourceNetworks", "destinationNetworks", "sourcePorts", "destinationPorts"] as const
const header = ["index", "section", "category", "name", "action", "enabled", ...conditions]

const script = Effect.gen(function* () {
  const fmc = yield* Fmc.Fmc
  const domain = yield* fmc.domain(values.domain)
  const policy = yield* domain.objects("/policy/accesspolicies").find(policyName)
  if (Option.isNone(policy)) {
    const message = `policy: ${domain.name} has no access policy ${JSON.stringify(policyName)}; give the name of one that it has.`
    return yield* Effect.fail(new DeviceError.InvalidInput({ field: "policy", value: policyName, message }))
  }
  const rules = domain.objects(`/policy/accesspolicies/${policy.value.id}/accessrules`).list()

  if (!values.json) yield* write(stringify([header]))
  yield* Stream.runForEach(Stream.chunks(rules), (page) =>
    write(
      values.json
        ? [...page].map((rule) => `${JSON.stringify(rule)}\n`).join("")
        : stringify([...page].map(row))
    )
  )
})

const Place = Schema.Struct({ ruleIndex: Schema.Number, section: Schema.String, category: Schema.String })
const Named = Schema.Struct({ name: Schema.String })
const Address = Schema.Struct({ value: Schema.String })
const Port = Schema.Struct({ protocol: Schema.String, port: Schema.optional(Schema.String) })
const Condition = Schema.Struct({
  objects: Schema.optionalWith(Schema.Array(Named), { default: () => [] }),
  literals: Schema.optionalWith(Schema.Array(Schema.Union(Address, Port)), { default: () => [] })
})

const row = (rule: Readonly<Record<string, unknown>>): ReadonlyArray<string> => {
  const place = Option.getOrUndefined(Schema.decodeUnknownOption(Schema.partial(Place))(rule.metadata))
  const own = [place?.ruleIndex, place?.section, place?.category, rule.name, rule.action, rule.enabled]
  return [...own.map((value) => String(value ?? "")), ...conditions.map((name) => cell(rule[name]))]
}

/** Objects by their names, literals by themselves. */
const cell = (condition: unknown): string => {
  if (condition === undefined) return "any"
  const { literals, objects } = Schema.decodeUnknownSync(Condition)(condition)
  const values = literals.map((one) => ("value" in one ? one.value : `${one.protocol}/${one.port ?? "any"}`))
  return [...objects.map(({ name }) => name), ...values].join("; ")
}

/** Done when it is on its way: a slow reader slows the reading of the rules down. */
const write = (text: string): Effect.Effect<void> =>
  Effect.async((resume) => {
    process.stdout.write(text, (error) => resume(error ? Effect.die(error) : Effect.void))
  })

Main.run(Effect.provide(script, Fmc.layerConfig("FMC")))
