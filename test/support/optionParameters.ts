import { readFileSync } from "node:fs"
import { join } from "node:path"
import ts from "typescript"
import { root } from "./runtime.ts"
import { subpaths } from "./subpaths.ts"

/**
 * `optionParameters` are the parameters of all that is published which take an object with fields that may be left out, as
 * `sallyport.Fleet.run(options)` and `sallyport/fmc.Domain#deploy(options)`: of functions, and of the members of
 * interfaces. One that several share, as the verbs of all kinds, is there once.
 */
export const optionParameters = (): ReadonlyArray<string> => {
  const { error, config } = ts.readConfigFile(join(root, "tsconfig.json"), (path) =>
    readFileSync(path, "utf8")
  )
  if (error !== undefined) throw new Error(String(error.messageText))
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root)
  const published = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).exports
  const entries = subpaths.map((subpath) => {
    const { "@sallyport/source": source } = published[subpath.replace("sallyport", ".")]
    return { subpath, file: join(root, source) }
  })
  const program = ts.createProgram(
    entries.map(({ file }) => file),
    options
  )
  const checker = program.getTypeChecker()
  const found = new Map<ts.Declaration, string>()
  const seen = new Set<ts.Symbol>()

  const isOurs = (node: ts.Node): boolean => !node.getSourceFile().fileName.includes("node_modules")
  const isLeftOut = (symbol: ts.Symbol): boolean =>
    (symbol.flags & ts.SymbolFlags.Optional) !== 0 && !symbol.name.startsWith("__@")

  const takesOptions = (type: ts.Type): boolean => {
    if (type.isUnion()) return type.types.some(takesOptions)
    const known = checker.getBaseConstraintOfType(type) ?? type
    return (
      (known.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0 &&
      known.getCallSignatures().length === 0 &&
      !checker.isArrayType(known) &&
      !checker.isTupleType(known) &&
      !known.getProperties().some(({ name }) => name.startsWith("__@")) &&
      known.getProperties().some(isLeftOut)
    )
  }

  /** `parametersOf` gives them of a function that another one has wrapped, too. */
  const parametersOf = (signature: ts.Signature, at: ts.Node) =>
    signature.parameters.flatMap((parameter) => {
      const type = checker.getTypeOfSymbolAtLocation(parameter, at)
      if (!checker.isTupleType(type)) return [{ type, declaration: parameter.valueDeclaration }]
      const { target } = type as ts.TupleTypeReference
      return checker.getTypeArguments(type as ts.TupleTypeReference).map((type, index) => ({
        type,
        declaration: target.labeledElementDeclarations?.[index]
      }))
    })

  const walk = (type: ts.Type, path: string, at: ts.Node, isNested = false): void => {
    for (const signature of type.getCallSignatures()) {
      for (const { declaration, type } of parametersOf(signature, at))
        if (declaration && isOurs(declaration) && !found.has(declaration) && takesOptions(type))
          found.set(declaration, `${path}(${ts.getNameOfDeclaration(declaration)?.getText() ?? ""})`)
      if (!isNested) walk(signature.getReturnType(), `${path}()`, at, true)
    }
  }

  const membersOf = (type: ts.Type, path: string, at: ts.Node): void => {
    for (const member of type.getProperties())
      if (member.declarations?.some(isOurs))
        walk(
          checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(member, at)),
          `${path}#${member.name}`,
          at
        )
  }

  const visit = (exported: ts.Symbol, path: string): void => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
    if (seen.has(symbol)) return
    seen.add(symbol)
    if (symbol.flags & ts.SymbolFlags.ValueModule)
      for (const one of checker.getExportsOfModule(symbol)) visit(one, `${path}.${one.name}`)
    const type = symbol.declarations?.find(
      (one) => ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one)
    )
    if (type !== undefined) membersOf(checker.getDeclaredTypeOfSymbol(symbol), path, type)
    const value = symbol.valueDeclaration
    if (value === undefined || symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.ValueModule)) return
    const given = checker.getTypeOfSymbol(symbol)
    walk(given, path, value)
    if (given.getCallSignatures().length === 0) membersOf(given, path, value)
  }

  for (const { file, subpath } of entries) {
    const source = program.getSourceFile(file)
    const module = source && checker.getSymbolAtLocation(source)
    if (module === undefined) throw new Error(`${file} is no module`)
    for (const one of checker.getExportsOfModule(module)) visit(one, `${subpath}.${one.name}`)
  }
  return [...found.values()]
}
