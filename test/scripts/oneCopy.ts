// Loads every module of the package (its arguments name them), and says which classes, tags and functions are exported
// by several, which of them are there twice, and whether what each module fails with is an error of the root's.
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"

interface Found {
  readonly values: Set<unknown>
  readonly from: Array<string>
}
const found = new Map<string, Found>()
const see = (name: string, value: unknown, subpath: string) => {
  const { from, values } = found.get(name) ?? { from: [], values: new Set() }
  found.set(name, { from, values: values.add(value) })
  from.push(subpath)
}

/**
 * Errors go by their tag, services by their key, and what is in a namespace by the name of that; but in that of
 * promises, where it is called as with Effect and is something else.
 */
const look = (path: ReadonlyArray<string>, value: unknown, subpath: string): void => {
  if (path.length > 1 && subpath !== "sallyport/promises") see(path.join("."), value, subpath)
  if (typeof value === "function" && value.prototype instanceof Error)
    see(`error ${value.prototype.name}`, value, subpath)
  else if (Predicate.hasProperty(value, "key")) see(`tag ${value.key}`, value, subpath)
  else if (path.length === 1 && /^[A-Z]/.test(path[0] ?? "") && Predicate.isRecord(value))
    for (const [name, part] of Object.entries(value)) look([...path, name], part, subpath)
}

const modules: Record<string, Record<string, unknown>> = {}
for (const subpath of process.argv.slice(2)) {
  modules[subpath] = await import(subpath)
  for (const [name, value] of Object.entries(modules[subpath] ?? {})) look([name], value, subpath)
}
const all = [...found]
const shared = all.filter(([, { from }]) => from.length > 1).map(([name]) => name)
const twice = all
  .filter(([, { values }]) => values.size > 1)
  .map(([name, { from }]) => `${name}: ${from.join(", ")}`)

type Root = typeof import("sallyport")
type Kind = typeof import("sallyport/fmc")
const { InvalidInput } = modules.sallyport as Root
const kinds = Object.entries(modules).flatMap(([subpath, module]) =>
  "plugin" in module ? [[subpath, module as Kind] as const] : []
)
const { devices } = modules["sallyport/promises"] as typeof import("sallyport/promises")
const wrong = { url: "nowhere", credentials: { env: "NONE" } }
const own: Record<string, unknown> = {}
const isOwn = (error: unknown) => error instanceof InvalidInput
for (const [subpath, { make, plugin, use }] of kinds) {
  own[subpath] = [
    isOwn(await Effect.runPromise(Effect.flip(Effect.scoped(make(wrong))))),
    isOwn(await use(wrong, () => undefined).catch((error: unknown) => error)),
    isOwn(
      await devices([plugin])
        .useUnknown({ device: { kind: plugin.id, ...wrong } }, () => undefined)
        .catch((error: unknown) => error)
    )
  ]
}
console.log(JSON.stringify({ shared, twice, own }))
