// Makes the API pages in .api: for each subpath of the package a module, under the name by which it is imported.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { Application, type Context, Converter } from "typedoc"

const root = fileURLToPath(new URL("..", import.meta.url))
const { exports, name } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly name: string
  readonly exports: Readonly<Record<string, string | { readonly "@sallyport/source": string }>>
}
const subpaths = new Map(
  Object.entries(exports).flatMap(([subpath, target]) =>
    typeof target === "string"
      ? []
      : [[join(root, target["@sallyport/source"]), subpath.replace(".", name)] as const]
  )
)

const app = await Application.bootstrap({
  name,
  tsconfig: join(root, "tsconfig.json"),
  entryPoints: [...subpaths.keys()],
  readme: join(root, "README.md"),
  // What a published type is built of is shown where it is used.
  validation: { notExported: false },
  treatWarningsAsErrors: true
})
app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }: Context) => {
  for (const module of project.children ?? []) {
    module.name = subpaths.get(module.sources?.[0]?.fullFileName ?? "") ?? module.name
  }
})
const project = await app.convert()
if (project !== undefined) {
  app.validate(project)
  await app.generateDocs(project, join(root, ".api"))
}
process.exitCode = project === undefined || app.logger.hasErrors() || app.logger.hasWarnings() ? 1 : 0
