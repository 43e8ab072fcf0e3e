import * as AST from "effect/SchemaAST"
import type { AnyPlugin } from "../plugin/Plugin.ts"
import * as TargetConfig from "../plugin/TargetConfig.ts"

/** `KnownFields` are the fields that devices of a kind have; `isOpen` says that the kind may have others too. */
export interface KnownFields {
  readonly names: ReadonlySet<string>
  readonly isOpen: boolean
}

/** `ofKind` gives those of devices of one kind, by the schema of its plugin. */
export const ofKind = ({ config }: AnyPlugin): KnownFields => {
  const ast = AST.encodedAST(config.ast)
  const isStruct = ast._tag === "TypeLiteral" && ast.indexSignatures.length === 0
  return {
    names: new Set([...common, ...AST.getPropertySignatures(ast).map(({ name }) => String(name))]),
    isOpen: !isStruct
  }
}

/** `ofAny` gives those of devices of any of several kinds. */
export const ofAny = (kinds: ReadonlyArray<KnownFields>): KnownFields => ({
  names: new Set([...common, ...kinds.flatMap(({ names }) => [...names])]),
  isOpen: kinds.some(({ isOpen }) => isOpen)
})

/** `has` says whether a field is one of them. */
export const has = ({ isOpen, names }: KnownFields, field: string): boolean => isOpen || names.has(field)

// A device is called by what stands before its fields.
const common = Object.keys(TargetConfig.TargetConfig.fields).filter((name) => name !== "name")
