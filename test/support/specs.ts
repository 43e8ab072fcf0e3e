import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "./runtime.ts"

/** A document of a real device, as far as the tests read it. */
export interface Swagger {
  readonly basePath?: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly definitions: Readonly<Record<string, Schema>>
  readonly parameters?: Readonly<Record<string, Parameter>>
}

export interface Operation {
  readonly operationId: string
  readonly parameters?: ReadonlyArray<Parameter>
  readonly responses?: Readonly<Record<string, { readonly schema?: Schema }>>
}

export interface Parameter {
  readonly name?: string
  readonly in?: string
  readonly required?: boolean
  readonly schema?: Schema
  readonly $ref?: string
}

export interface Schema {
  readonly $ref?: string
  readonly allOf?: ReadonlyArray<Schema>
  readonly type?: string
  readonly default?: string
  readonly enum?: ReadonlyArray<string>
  readonly items?: Schema
  readonly required?: ReadonlyArray<string>
  readonly properties?: Readonly<Record<string, Schema>>
}

// They lie beside the project, or beside the folder of its work trees, and never in it.
const places = ["../shared/specs", "../../shared/specs"].map((place) => join(root, place))

const fileOf = (name: string): string | undefined =>
  places.map((place) => join(place, name)).find((file) => existsSync(file))

/** Whether both documents are there: what needs them is skipped without. */
export const areThere = [fileOf("fmc-swagger.json"), fileOf("fdm-v2-swagger.json")].every(Boolean)

const read = (name: string) => (): Swagger => JSON.parse(readFileSync(fileOf(name) ?? "", "utf8"))

export const fmc = read("fmc-swagger.json")

export const fdm = read("fdm-v2-swagger.json")

/** The parameters of an operation, with those that are referred to in their place. */
export const parametersOf = (document: Swagger, operation: Operation): ReadonlyArray<Parameter> =>
  (operation.parameters ?? []).map((parameter) => {
    const name = parameter.$ref?.split("/").at(-1)
    return name === undefined ? parameter : (document.parameters?.[name] ?? parameter)
  })

/** The names of the fields that the items of a list have, by its model. */
export const itemFieldsOf = (document: Swagger, path: string): ReadonlyArray<string> => {
  const modelOf = (schema: Schema | undefined): Schema | undefined => {
    const name = schema?.$ref?.split("/").at(-1)
    return name === undefined ? schema : document.definitions[name]
  }
  const list = modelOf(document.paths[path]?.get?.responses?.["200"]?.schema)
  return Object.keys(modelOf(list?.properties?.items?.items)?.properties ?? {})
}
