import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import { type InvalidInput, refuseInput } from "sallyport/plugin"
import * as UploadFile from "../UploadFile.ts"
import * as Check from "./Check.ts"
import * as Compile from "./Compile.ts"
import type { Document } from "./Document.ts"
import * as Json from "./Json.ts"
import * as Models from "./Models.ts"
import type { Described, Parameter } from "./Operation.ts"
import * as Reference from "./Reference.ts"
import * as Serialization from "./Serialization.ts"
import * as Suggestion from "./Suggestion.ts"

type Given = Readonly<Record<string, unknown>>

/** `request` gives a call as a request. Fails with `InvalidInput` for parameters that the operation does not take. */
export const request = (
  document: Document,
  described: Described,
  given: Given,
  strict: boolean
): Effect.Effect<HttpClientRequest.HttpClientRequest, InvalidInput> =>
  Effect.gen(function* () {
    const { isMultipart, operation } = described
    const parameters = operation.parameters.filter(({ name }) => isGiven(given, name))
    yield* named(described, given)
    const places = new Map<string, string>()
    const query: Array<readonly [string, string]> = []
    const headers: Array<readonly [string, string]> = []
    const form = new FormData()
    let body: string | undefined

    for (const parameter of parameters) {
      const { name, type } = parameter
      const value = Reference.field(given, name)
      if (parameter.in === "body") {
        body = yield* bodyOf(document, described, parameter, value, strict)
      } else if (type === "file") {
        form.append(name, yield* UploadFile.toFile(`formData.${name}`, value))
      } else {
        const checked = yield* simple(document, parameter, value)
        const pairs = Serialization.serialize(parameter, checked)
        if (parameter.in === "path") places.set(name, pairs.map(([, text]) => text).join(","))
        else if (parameter.in === "query") query.push(...pairs)
        else if (parameter.in === "header") headers.push(...pairs)
        else for (const [field, text] of pairs) form.append(field, text)
      }
    }

    const path = yield* Serialization.expandPath(operation.path, places)
    const blank = HttpClientRequest.make(operation.method)(`${document.basePath}${path}`).pipe(
      HttpClientRequest.setUrlParams(query),
      HttpClientRequest.setHeaders(headers)
    )
    if (body !== undefined) return HttpClientRequest.bodyText(blank, body, "application/json")
    if (!parameters.some((parameter) => parameter.in === "formData")) return blank
    return isMultipart
      ? HttpClientRequest.bodyFormData(blank, form)
      : HttpClientRequest.bodyUrlParams(
          blank,
          [...form].map(([name, text]) => [name, String(text)] as const)
        )
  })

/** `named` checks that nothing is missing, and that nothing is there that the operation does not know. */
const named = ({ operation }: Described, given: Given): Effect.Effect<void, InvalidInput> => {
  const { parameters } = operation
  const names = parameters.map(({ name }) => name)
  const unknown = Object.keys(given).find((name) => !names.includes(name))
  if (unknown !== undefined) {
    const takes = names.length === 0 ? "no parameters" : `only ${names.join(", ")}`
    const field = `parameters.${unknown.slice(0, 100)}`
    return refuseInput(
      field,
      `${operation.id} takes ${takes}; leave it out${Suggestion.suggest(unknown, names)}.`
    )
  }
  const missing = parameters.find(({ name, required }) => required && !isGiven(given, name))
  if (missing === undefined) return Effect.void
  const field = fieldOf(missing)
  return refuseInput(field, `it is missing, and ${operation.id} needs it; give it.`)
}

const bodyOf = (
  document: Document,
  { responseSchema }: Described,
  { schema }: Parameter,
  given: unknown,
  strict: boolean
): Effect.Effect<string, InvalidInput> =>
  Effect.gen(function* () {
    const text = yield* Json.write("body", given)
    const compile = () => {
      const also = strict ? Models.fieldsOf(document.root, responseSchema) : []
      return Compile.compile(document.root, schema, { strict, extraFields: also })
    }
    const wrong = Check.validate(compile, Json.readWithoutNulls(text), "body")
    return wrong === undefined ? text : yield* Effect.fail(wrong)
  })

/** `simple` checks what travels as text as what it is before. */
const simple = (
  document: Document,
  parameter: Parameter,
  given: unknown
): Effect.Effect<unknown, InvalidInput> =>
  Effect.gen(function* () {
    const field = fieldOf(parameter)
    const value: unknown = JSON.parse(yield* Json.write(field, given))
    const compile = () => Compile.compile(document.root, parameter.schema, { strict: false, extraFields: [] })
    const wrong = Check.validate(compile, value, field) ?? Serialization.unserializable(field, value)
    return wrong === undefined ? value : yield* Effect.fail(wrong)
  })

const isGiven = (given: Given, name: string): boolean =>
  (Reference.field(given, name) ?? undefined) !== undefined

const fieldOf = ({ in: place, name }: Parameter): string => (place === "body" ? "body" : `${place}.${name}`)
