import type * as AST from "effect/SchemaAST"

// What a Schema says of the data that it decodes, place by place.

/** `at` gives what stands at a place; `undefined` where nothing can. */
export const at = (ast: AST.AST, path: ReadonlyArray<PropertyKey>): AST.AST | undefined =>
  path.reduce<AST.AST | undefined>((found, name) => found && fieldOf(found, name), ast)

/** `fieldOf` gives what stands at a field, or at a place of a list. */
export const fieldOf = (ast: AST.AST, name: PropertyKey): AST.AST | undefined => {
  switch (ast._tag) {
    case "Refinement":
    case "Transformation":
      return fieldOf(ast.from, name)
    case "Suspend":
      return fieldOf(ast.f(), name)
    case "Union":
      return ast.types.map((type) => fieldOf(type, name)).find((type) => type !== undefined)
    case "TupleType":
      return ast.elements[Number(name)]?.type ?? ast.rest[0]?.type
    case "TypeLiteral": {
      const found = ast.propertySignatures.find((signature) => signature.name === name)
      return found?.type ?? ast.indexSignatures[0]?.type
    }
    default:
      return undefined
  }
}

/** `formsOf` are the objects that data may be. */
export const formsOf = (ast: AST.AST): ReadonlyArray<AST.TypeLiteral> => {
  switch (ast._tag) {
    case "Refinement":
    case "Transformation":
      return formsOf(ast.from)
    case "Suspend":
      return formsOf(ast.f())
    case "Union":
      return ast.types.flatMap(formsOf)
    case "TypeLiteral":
      return [ast]
    default:
      return []
  }
}

/** `namesOf` are the fields that data may have, in whichever of its forms. */
export const namesOf = (ast: AST.AST | undefined): ReadonlyArray<string> =>
  ast === undefined
    ? []
    : formsOf(ast).flatMap(({ propertySignatures }) => propertySignatures.map(({ name }) => String(name)))
