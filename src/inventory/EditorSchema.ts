import * as JSONSchema from "effect/JSONSchema"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import { isPlugin } from "../plugin/CheckPlugin.ts"
import { refusePlugins } from "../plugin/DevicesConfig.ts"
import type { AnyPlugin } from "../plugin/Plugin.ts"
import * as TargetConfig from "../plugin/TargetConfig.ts"
import { blameCaller } from "../validation/BlameCaller.ts"
import * as InputSchema from "../validation/InputSchema.ts"
import * as PlainSecrets from "./PlainSecrets.ts"

type Properties = Readonly<Record<string, object>>

/**
 * `jsonSchema` gives the JSON Schema of an inventory's file, by which editors complete it and tell what is wrong. What
 * only code can say is not in it. Throws `InvalidInput` for what is no list of plugins.
 *
 * @example
 * await writeFile("inventory.schema.json", JSON.stringify(Inventory.jsonSchema([Fmc.plugin, Fdm.plugin])))
 * // In the first line of the file: # yaml-language-server: $schema=inventory.schema.json
 */
export const jsonSchema = blameCaller((plugins: ReadonlyArray<AnyPlugin>): object => {
  if (!Array.isArray(plugins) || !plugins.every(isPlugin)) throw refusePlugins()
  const { name: _, ...common } = propertiesOf(TargetConfig.TargetConfig)
  const ofKinds = plugins.map(({ config, id }) => [id, { ...common, ...propertiesOf(config) }] as const)
  const ofAny = Object.assign({}, common, ...ofKinds.map(([, properties]) => properties))
  const kind = { enum: plugins.map(({ id }) => id), description: "the kind of the device" }
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    ...objectOf({
      $schema: { type: "string" },
      defaults: objectOf({ kind, tags, ...ofAny }, "what all devices have that say nothing else"),
      kinds: objectOf(
        Object.fromEntries(ofKinds.map(([id, properties]) => [id, objectOf({ tags, ...properties })])),
        "the same for all devices of a kind"
      ),
      groups: byName(objectOf({ tags, ...ofAny }), "the same for the devices that name the group"),
      devices: byName(objectOf({ kind, tags, groups, ...ofAny }), "the devices, by their names")
    }),
    required: ["devices"]
  }
})

const wordsOf = (description: string) => ({
  description,
  anyOf: [{ type: "array", items: { type: ["string", "number"] } }, { type: "string" }]
})
const tags = wordsOf("words by which devices are selected: tag:prod")
const groups = wordsOf("the groups that the device is in, the nearest first")

// What says nothing, such as a group that is only a name, is null in YAML.
const objectOf = (properties: Properties, description?: string) => ({
  type: ["object", "null"],
  ...(description !== undefined && { description }),
  properties,
  additionalProperties: false
})

const byName = (additionalProperties: object, description: string) => ({
  type: ["object", "null"],
  description,
  additionalProperties
})

const propertiesOf = ({ ast }: Schema.Schema.AnyNoContext): Properties =>
  Object.fromEntries(
    AST.getPropertySignatures(AST.encodedAST(ast)).flatMap(({ name, type }) => {
      const inFile = withoutCode(type)
      if (inFile === undefined) return []
      const { $schema: _, ...found } = JSONSchema.make(Schema.make(inFile))
      const description = InputSchema.descriptionOf(declaredType(ast, name) ?? type)
      return [[String(name), { ...found, ...(description !== undefined && { description }) }]]
    })
  )

/** `declaredType` gives the type of a field with what is said of it: the encoded one has lost that. */
const declaredType = (ast: AST.AST, name: PropertyKey) =>
  AST.getPropertySignatures(ast).find((signature) => signature.name === name)?.type

/** `withoutCode` gives what of a type a file can say, without secrets; `undefined` where that is nothing. */
const withoutCode = (ast: AST.AST): AST.AST | undefined => {
  if (AST.isUndefinedKeyword(ast)) return undefined
  if (AST.isDeclaration(ast)) return Option.isSome(AST.getJSONSchemaAnnotation(ast)) ? ast : undefined
  if (AST.isUnion(ast)) {
    const types = ast.types.flatMap((type) => withoutCode(type) ?? [])
    return types.length === 0 ? undefined : AST.Union.make(types)
  }
  if (!AST.isTypeLiteral(ast)) return ast
  const kept = ast.propertySignatures.map((signature) => {
    const type = PlainSecrets.isSecretName(String(signature.name)) ? undefined : withoutCode(signature.type)
    return { signature, type }
  })
  if (kept.some(({ signature, type }) => type === undefined && !signature.isOptional)) return undefined
  const signatures = kept.flatMap(({ signature: { isOptional, isReadonly, name }, type }) =>
    type === undefined ? [] : [new AST.PropertySignature(name, type, isOptional, isReadonly)]
  )
  return new AST.TypeLiteral(signatures, ast.indexSignatures)
}
