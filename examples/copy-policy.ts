// Copies an access policy with its categories and rules from one domain of an FMC to another. The objects that the
// rules use are looked up by type and name in the other domain and those above it, and created where they are missing.
//
//   copy-policy.ts plan --name <policy> --from <domain> --to <domain>       shows what it would do
//   copy-policy.ts run --name <policy> --from <domain> --to <domain>        does it; with --yes it asks nobody
//
// All is read before anything is written, and what cannot be copied faithfully is refused: an object of another kind
// than those below, one whose namesake over there is something else, a policy of this name with other rules. A copy
// that breaks off is taken back. Comments, and settings of the policy but its default action, are not copied. The FMC is
// that of FMC_URL, FMC_USERNAME, FMC_PASSWORD, and FMC_PIN or FMC_CA_FILE.

import * as Arr from "effect/Array"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Collection, Main, Workflow } from "sallyport"
import * as Fmc from "sallyport/fmc"

/** `kinds` are the kinds of objects that can be copied, by what the FMC calls them. */
const kinds: ReadonlyMap<string, string> = new Map([
  ["Host", "/object/hosts"],
  ["Network", "/object/networks"],
  ["Range", "/object/ranges"],
  ["ProtocolPortObject", "/object/protocolportobjects"],
  ["NetworkGroup", "/object/networkgroups"]
])
const policies = "/policy/accesspolicies"

const copyPolicy = Workflow.make({
  name: "copy-policy",
  input: Schema.Struct({ name: Schema.String, from: Schema.String, to: Schema.String }),
  devices: { fmc: Fmc.plugin },
  run: ({ fmc }, { from, name, to }) =>
    Effect.gen(function* () {
      const [source, target] = yield* Effect.all([fmc.domain(from), fmc.domain(to)])
      const original = yield* policyIn(source, name)
      if (original === undefined) return yield* refuse(`There is no access policy ${name} in ${from}`)
      const copy = yield* policyIn(target, name)
      if (copy !== undefined && namesIn(copy) === namesIn(original)) return
      if (copy !== undefined) return yield* refuse(`${to} has a policy ${name} already, with other rules`)
      const { categories, rules } = original
      const { defaultAction, description } = original.policy
      const used = [defaultAction, ...rules].flatMap((one) => references(own(one)))
      const domains = [yield* lineage(fmc, source), yield* lineage(fmc, target)] as const
      const { ids, missing } = yield* counterparts(used, ...domains)

      yield* Workflow.step("objects", create(target, missing, ids))
      const body = {
        name,
        type: "AccessPolicy",
        description,
        defaultAction: withIds(own(defaultAction), ids)
      }
      const { id } = yield* target.objects(policies).create(body)
      yield* Effect.forEach(categories, (one) =>
        target.objects(`${policies}/${id}/categories`, placeOf(one)).create(own(one))
      )
      // New rules go to the end of their category or section: those of one place go together, and keep their order.
      for (const batch of Arr.isNonEmptyReadonlyArray(rules) ? Arr.groupWith(rules, isSamePlace) : []) {
        const place = target.objects(`${policies}/${id}/accessrules`, placeOf(batch[0]))
        yield* place.createAll(batch.map((rule) => withIds(own(rule), ids)))
      }
      yield* Workflow.note(`${name}: ${rules.length} rules to ${target.name}`)
    })
})

class NotCopied extends Data.TaggedError("NotCopied")<{ readonly message: string }> {}

const refuse = (why: string) => Effect.fail(new NotCopied({ message: `${why}. Nothing was written.` }))

const policyIn = (domain: Fmc.Domain, name: string) =>
  Effect.gen(function* () {
    const policy = Option.getOrUndefined(yield* domain.objects(policies).find(name))
    if (policy === undefined) return undefined
    const all = (what: string) => listed(domain, `${policies}/${policy.id}/${what}`)
    return { policy, categories: yield* all("categories"), rules: yield* all("accessrules") }
  })

const listed = (domain: Fmc.Domain, path: string) =>
  Effect.flatMap(Stream.runCollect(domain.objects(path).list()), (entries) => {
    const items = [...entries].filter(isItem)
    return items.length === entries.length
      ? Effect.succeed(items)
      : refuse(`${path} holds something without a name, an id or a type, which cannot be copied`)
  })

const isItem = (entry: Fmc.Entry): entry is Fmc.Item =>
  entry.id !== undefined && entry.name !== undefined && entry.type !== undefined

/** `namesIn` are those of the categories and rules of a policy, in their order. */
const namesIn = (policy: Readonly<Record<"categories" | "rules", ReadonlyArray<Fmc.Item>>>): string =>
  JSON.stringify([...policy.categories, ...policy.rules].map(({ name }) => name))

/** `lineage` gives a domain and those above it, whose objects it may use: as far as the account may see them. */
const lineage = (fmc: Fmc.Fmc, { name }: Fmc.Domain) =>
  Effect.gen(function* () {
    const spelled = (name: string) => `${name.replace(/\s*\/\s*/g, "/")}/`
    const names = [...(yield* Stream.runCollect(fmc.listDomains()))].map(({ name }) => name)
    const above = names.filter((one) => spelled(name).startsWith(spelled(one)))
    above.sort((one, other) => other.length - one.length)
    return yield* Effect.forEach(above, fmc.domain)
  })

/** `counterparts` gives the ids over there of all that is used, and what is missing there. */
const counterparts = (
  used: ReadonlyArray<Reference>,
  source: ReadonlyArray<Fmc.Domain>,
  target: ReadonlyArray<Fmc.Domain>
) =>
  Effect.gen(function* () {
    const domains = new Map([...source, ...target].map((domain) => [domain.uuid, domain]))
    const objects = new Map<string, ReadonlyArray<Fmc.Item>>()
    for (const [uuid, domain] of domains) {
      objects.set(uuid, (yield* Effect.forEach(kinds.values(), (path) => listed(domain, path))).flat())
    }
    const within = (domains: ReadonlyArray<Fmc.Domain>) =>
      domains.flatMap(({ uuid }) => objects.get(uuid) ?? [])
    const originals = new Map(within(source).map((item) => [item.id, item]))
    // The domain's own objects last, so that they hide those of the same name above it.
    const namesakes = new Map(
      within(target)
        .reverse()
        .map((item) => [keyOf(item), item])
    )

    const ids = new Map<string, string>()
    const missing = new Map<string, Fmc.Item>()
    const find = (one: Reference): Effect.Effect<void, NotCopied> =>
      Effect.gen(function* () {
        const called = `${one.type} ${one.name ?? one.id}`
        if (!kinds.has(one.type))
          return yield* refuse(`${called} is used, a kind of object that is not known here`)
        const item = originals.get(one.id)
        if (item === undefined) return yield* refuse(`${called} is used, and cannot be found where it is`)
        if (ids.has(item.id) || missing.has(item.id)) return
        yield* Effect.forEach(references(own(item)), find)
        const namesake = namesakes.get(keyOf(item))
        if (namesake === undefined) missing.set(item.id, item)
        else if (isSame(namesake, item)) ids.set(item.id, namesake.id)
        else return yield* refuse(`${called} is something else where it is to go`)
      })
    yield* Effect.forEach(used, find)
    return { ids, missing: [...missing.values()] }
  })

/** `create` creates objects, in bulk by kind, and notes their ids: those that others use first. */
const create = (target: Fmc.Domain, missing: ReadonlyArray<Fmc.Item>, ids: Map<string, string>) =>
  Effect.gen(function* () {
    let left = missing
    while (left.length > 0) {
      const ready = left.filter((item) => references(own(item)).every(({ id }) => ids.has(id)))
      for (const [type, path] of kinds) {
        const batch = ready.filter((item) => item.type === type)
        const wanted = batch.map((item) => ({ ...withIds(own(item), ids), name: item.name }))
        const made = yield* target.objects(path).createAll(wanted)
        for (const [at, { id }] of batch.entries()) ids.set(id, made[at]?.id ?? "")
      }
      left = left.filter(({ id }) => !ids.has(id))
    }
  })

type Fields = Readonly<Record<string, unknown>>

interface Reference {
  readonly id: string
  readonly type: string
  readonly name: string | undefined
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** `own` is a value without what the FMC has noted on it by itself. */
const own = (value: unknown): Fields =>
  isFields(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => !notes.has(key))) : {}

const notes = new Set(["commentHistoryList", "id", "links", "metadata", "version"])

/** `references` are whatever has an id, at any depth. */
const references = (value: unknown): ReadonlyArray<Reference> => {
  if (Array.isArray(value)) return value.flatMap(references)
  if (!isFields(value)) return []
  const { id, name, type } = value
  return typeof id === "string"
    ? [{ id, type: String(type), name: typeof name === "string" ? name : undefined }]
    : Object.values(value).flatMap(references)
}

const withIds = (fields: Fields, ids: ReadonlyMap<string, string>): Fields => {
  const mapped = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(mapped)
    return isFields(value) ? withIds(value, ids) : value
  }
  const entries = Object.entries(fields).map(([key, value]) => [key, mapped(value)])
  const { id } = fields
  return { ...Object.fromEntries(entries), ...(typeof id === "string" && { id: ids.get(id) ?? id }) }
}

const keyOf = ({ name, type }: Fields): string => `${type} ${String(name).toLowerCase()}`

/** `isSame` says whether two objects mean the same, in whichever domains; members are known by their names. */
const isSame = (one: Fields, other: Fields): boolean => {
  const content = ({ literals = [], objects, port, protocol, value }: Fields) => {
    const members = Array.isArray(objects) ? objects.map(keyOf).sort() : []
    return { literals, members, port, protocol, value }
  }
  const [wanted, there] = [content(one), content(other)]
  return Collection.containsAll(wanted, there) && Collection.containsAll(there, wanted)
}

const Metadata = Schema.Struct({ section: Schema.String, category: Schema.optional(Schema.String) })

/** `placeOf` gives the section of a category; of a rule its category, or else its section. */
const placeOf = ({ metadata }: Fields): Readonly<Record<string, string>> => {
  const { category, section } = Schema.decodeUnknownSync(Metadata)(metadata)
  // As an FMC spells it where there is none.
  return category === undefined || category === "--Undefined--"
    ? { section: section.toLowerCase() }
    : { category }
}

const isSamePlace = (one: Fields, other: Fields) =>
  JSON.stringify(placeOf(one)) === JSON.stringify(placeOf(other))

Main.workflow(copyPolicy, {
  description: "Copies an access policy with its rules from one domain of an FMC to another.",
  devices: { fmc: "FMC" }
})
