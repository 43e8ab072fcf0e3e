// The rules of what is declared, held by reading the declarations.
import { readdirSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import ts from "typescript"
import { describe, expect, it } from "vitest"
import { itInRest } from "./support/long.ts"
import { root } from "./support/runtime.ts"

const sources = ["src", "plugins", "examples"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name)
      const path = relative(root, file).replaceAll("\\", "/")
      return ts.createSourceFile(path, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true)
    })
)

const nodes = new Map(
  sources.map((source) => {
    const below: Array<ts.Node> = []
    const add = (node: ts.Node): void => {
      below.push(node)
      ts.forEachChild(node, add)
    }
    ts.forEachChild(source, add)
    return [source, below] as const
  })
)
const nodesOf = (source: ts.SourceFile): ReadonlyArray<ts.Node> => nodes.get(source) ?? []

describe("a member", () => {
  const isA = (type: ts.TypeNode | undefined, name: string) =>
    type !== undefined && ts.isTypeReferenceNode(type) && type.typeName.getText() === name
  const wrong = (keep: (name: string, type: ts.TypeNode) => boolean) =>
    sources.flatMap((source) =>
      nodesOf(source)
        .filter(ts.isPropertySignature)
        .filter(({ name, type }) => type !== undefined && keep(name.getText(), type))
        .map(({ name }) => `${source.fileName}: ${name.getText()}`)
    )

  it("that gives a Stream is a function called list…, and what is called so gives one", () => {
    const differing = wrong(
      (name, type) =>
        ts.isFunctionTypeNode(type) && /^list([A-Z]|$)/.test(name) !== isA(type.type, "Stream.Stream")
    )
    expect(differing).toEqual([])
  })

  it("is no bare Stream, but for the events of a session, which come whether they are asked for or not", () => {
    expect(wrong((_, type) => isA(type, "Stream.Stream"))).toEqual(["src/auth/Session.ts: events"])
  })

  it("that asks once gives no list", () => {
    const arrays = wrong(
      (_, type) =>
        isA(type, "Effect.Effect") &&
        ts.isTypeReferenceNode(type) &&
        /^(ReadonlyArray|Array|Chunk\.Chunk)</.test(type.typeArguments?.[0]?.getText() ?? "")
    )
    expect(arrays).toEqual([])
  })
})

describe("a comment", () => {
  /** `namesOf` gives what a comment may explain: a declaration of several names explains any of them. */
  const namesOf = (node: ts.Node): ReadonlyArray<string> => {
    if (ts.isVariableStatement(node)) {
      return node.declarationList.declarations.flatMap(({ name }) => name.getText().match(/\w+/g) ?? [])
    }
    return [ts.getNameOfDeclaration(node as ts.Declaration)?.getText() ?? ""]
  }

  it("begins with the name that it explains, in backticks, and goes on with a verb", () => {
    const nameless = sources.flatMap((source) =>
      nodesOf(source).flatMap((node) =>
        ts
          .getJSDocCommentsAndTags(node)
          .filter((comment) => ts.isJSDoc(comment) && comment.parent === node)
          .filter((comment) => {
            const name = /^\/\*\*[\s*]*`([^`]+)` \w/.exec(comment.getText())?.[1]
            return name === undefined || !namesOf(node).includes(name)
          })
          .map((comment) => `${source.fileName}: ${comment.getText()}`)
      )
    )
    expect(nameless).toEqual([])
  })

  it("names the document behind a device fact, as the table in CONTRIBUTING.md has them", () => {
    const vague = sources.filter(({ text }) => /Cisco's (own )?(text|document|schema)\b/.test(text))
    expect(vague.map(({ fileName }) => fileName)).toEqual([])
  })

  itInRest(
    "stands at each name that is published, and says what an Effect of it fails with",
    () => {
      const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
      const entries = Object.values<Record<string, string> | string>(manifest.exports).flatMap((target) =>
        typeof target === "string" ? [] : [join(root, target["@sallyport/source"] ?? "")]
      )
      const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile)
      const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
      const program = ts.createProgram(entries, options)
      const checker = program.getTypeChecker()
      const own = (symbol: ts.Symbol) =>
        symbol.declarations?.filter((one) => !one.getSourceFile().fileName.includes("/node_modules/")) ?? []
      const seen = new Set<ts.Symbol>()
      const published = (module: ts.Symbol): ReadonlyArray<ts.Symbol> =>
        checker.getExportsOfModule(module).flatMap((name) => {
          const symbol = name.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(name) : name
          if (seen.has(symbol)) return []
          seen.add(symbol)
          return own(symbol).some(ts.isSourceFile) ? published(symbol) : [symbol]
        })
      const symbols = entries.flatMap((file) => {
        const source = program.getSourceFile(file)
        const module = source === undefined ? undefined : checker.getSymbolAtLocation(source)
        return module === undefined ? [] : published(module)
      })
      expect(symbols.length).toBeGreaterThan(300)

      const nameOf = (symbol: ts.Symbol) =>
        `${relative(root, own(symbol)[0]?.getSourceFile().fileName ?? "")}: ${symbol.name}`
      const commentOf = (symbol: ts.Symbol) =>
        ts.displayPartsToString(symbol.getDocumentationComment(checker))
      // What is taken out of an object has its comment there.
      const declared = symbols.filter((symbol) => own(symbol).some((one) => !ts.isBindingElement(one)))
      expect(declared.filter((symbol) => commentOf(symbol) === "").map(nameOf)).toEqual([])

      const failing = declared.filter((symbol) => {
        if (!(symbol.flags & ts.SymbolFlags.Variable)) return false
        const type = checker.getTypeOfSymbol(symbol)
        const given = type.getCallSignatures()[0]?.getReturnType() ?? type
        if (!/^(Effect|Stream|Layer)</.test(checker.typeToString(given))) return false
        const error = checker.getTypeArguments(given as ts.TypeReference)[1]
        return error !== undefined && checker.typeToString(error) !== "never"
      })
      expect(failing.length).toBeGreaterThan(20)
      expect(failing.filter((symbol) => !/[Ff]ails /.test(commentOf(symbol))).map(nameOf)).toEqual([])
    },
    240_000
  )
})
