// The rules of the house, held by reading its files.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { basename, dirname, join, posix, relative } from "node:path"
import { describe, expect, it } from "vitest"
import { rooms } from "./support/rooms.ts"
import { root } from "./support/runtime.ts"

interface Source {
  /** From the root, with slashes: `src/auth/Token.ts`. */
  readonly path: string
  readonly text: string
  /** What it imports or exports on, as it is written. */
  readonly imports: ReadonlyArray<string>
}

const sourcesOf = (folder: string): ReadonlyArray<Source> =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name)
      const text = readFileSync(file, "utf8")
      return { path: relative(root, file).replaceAll("\\", "/"), text, imports: importsOf(text) }
    })

const importsOf = (text: string): ReadonlyArray<string> => {
  const statements = /^(?:import|export)\b[^"'`;]*?\bfrom\s*["']([^"']+)["']|^import\s*["']([^"']+)["']/gm
  const calls = /\bimport\(\s*["']([^"']+)["']/g
  return [...text.matchAll(statements), ...text.matchAll(calls)].map((match) => match[1] ?? match[2] ?? "")
}

const src = sourcesOf("src")
const plugins = sourcesOf("plugins")
const examples = sourcesOf("examples")

type Conditions = Readonly<Record<string, string>>
const manifest: {
  readonly exports: Readonly<Record<string, Conditions | string>>
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
} = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
const deno: {
  readonly exports: Readonly<Record<string, string>>
  readonly imports: Readonly<Record<string, string>>
} = JSON.parse(readFileSync(join(root, "deno.json"), "utf8"))

/** Subpath (`./Session`) and its TypeScript file (`./src/auth/Session.ts`). */
const published = new Map(
  Object.entries(manifest.exports).flatMap(([subpath, target]) =>
    typeof target === "string" ? [] : [[subpath, target["@sallyport/source"] ?? ""] as const]
  )
)
const isPublished = (specifier: string) => published.has(specifier.replace(/^sallyport/, "."))

const found = (
  sources: ReadonlyArray<Source>,
  isWrong: (specifier: string, source: Source) => boolean
): ReadonlyArray<string> =>
  sources.flatMap((source) =>
    source.imports
      .filter((specifier) => isWrong(specifier, source))
      .map((specifier) => `${source.path} imports ${specifier}`)
  )

/** The name of a namespace that is a file: what is for promises has that of what it is of. */
const faceOf = (path: string, file: string): string => {
  const own = basename(file, ".ts")
  return path === "src/promises/index.ts" ? own.replace(/^Promise/, "") : own
}

const isRelative = (specifier: string) => specifier.startsWith(".")
const resolved = (specifier: string, source: Source) =>
  isRelative(specifier) ? posix.normalize(posix.join(posix.dirname(source.path), specifier)) : specifier

it("the reader of imports misses none of the ways to write one", () => {
  const text = `import "a"
import b from "b"
import type { C } from 'c'
import {
  d,
  type D
} from "d"
export * as E from "e"
export { f } from "f"
const g = await import("g")
// import h from "h"
 * import i from "i"
`
  expect(importsOf(text)).toEqual(["a", "b", "c", "d", "e", "f", "g"])
  expect(src.length + plugins.length).toBeGreaterThan(60)
  expect([...src, ...plugins].flatMap(({ imports }) => imports).length).toBeGreaterThan(300)
})

/** Each file, and the files that it imports, types too. */
const importsByFile = (sources: ReadonlyArray<Source>) =>
  new Map(
    sources.map((source) => [
      source.path,
      source.imports.filter(isRelative).map((specifier) => resolved(specifier, source))
    ])
  )

/** A way along imports that comes back to where it began: `a.ts → b.ts → a.ts`. */
const circleOf = (files: ReadonlyMap<string, ReadonlyArray<string>>): string | undefined => {
  const clear = new Set<string>()
  const search = (path: string, before: ReadonlyArray<string>): string | undefined => {
    if (before.includes(path)) return [...before.slice(before.indexOf(path)), path].join(" → ")
    if (clear.has(path)) return undefined
    for (const next of files.get(path) ?? []) {
      const circle = search(next, [...before, path])
      if (circle !== undefined) return circle
    }
    clear.add(path)
    return undefined
  }
  for (const path of files.keys()) {
    const circle = search(path, [])
    if (circle !== undefined) return circle
  }
  return undefined
}

it("the search for circles finds one behind files that lie in none", () => {
  const files = { "a.ts": ["b.ts"], "b.ts": ["c.ts", "d.ts"], "c.ts": [], "d.ts": ["e.ts"], "e.ts": ["b.ts"] }
  expect(circleOf(new Map(Object.entries(files)))).toBe("b.ts → d.ts → e.ts → b.ts")
  expect(circleOf(new Map(Object.entries({ ...files, "e.ts": ["c.ts"] })))).toBeUndefined()
})

describe("the floors", () => {
  /** From low to high. What stands at the top of src may import any of them. */
  const floors = [
    "validation",
    "transport",
    "documents",
    "auth",
    "client",
    "plugin",
    "inventory",
    "workflow",
    "fleet",
    "html",
    "testing",
    "process",
    "promises",
    "commandline",
    "tool",
    "cluster"
  ]
  /** The rooms of a folder, from low to high; the files beside them may import any of them, and they any file. */
  const rooms: Readonly<Record<string, ReadonlyArray<string>>> = {
    src: floors,
    "src/transport": ["redaction", "limits", "tls", "http"],
    "src/auth": ["store", "session"],
    "src/client": ["fields", "writes", "changes", "rest", "objects", "files"],
    "src/workflow": ["errors", "journal", "plan", "report", "undo", "guards", "run"],
    "src/workflow/run": ["account", "resume", "record", "undo"],
    "src/commandline": ["input", "progress"]
  }
  /** How high a file lies in a folder. */
  const heightIn = (folder: string, path: string): number => {
    const [room = "", file] = path.slice(folder.length + 1).split("/")
    return file === undefined ? (rooms[folder]?.length ?? 0) : (rooms[folder]?.indexOf(room) ?? -1)
  }
  const isUpward = (folder: string, from: string, to: string): boolean =>
    [from, to].every((path) => path.startsWith(`${folder}/`)) && heightIn(folder, to) > heightIn(folder, from)
  /** Of a floor, what stands beside its rooms is no room: they may import it. */
  const isRoom = (folder: string, path: string) => heightIn(folder, path) < (rooms[folder]?.length ?? 0)

  it("and their rooms are all that src is made of", () => {
    const folders = new Set(src.map(({ path }) => posix.dirname(path)))
    const known = new Set(
      Object.entries(rooms).flatMap(([folder, names]) => [
        folder,
        ...names.map((name) => `${folder}/${name}`)
      ])
    )
    expect([...folders].filter((folder) => !known.has(folder))).toEqual([])
    expect([...known].filter((folder) => !folders.has(folder))).toEqual([])
  })

  it("import only from floors below them", () => {
    const upward = found(src, (specifier, source) =>
      isUpward("src", source.path, resolved(specifier, source))
    )
    expect(upward).toEqual([])
  })

  it("have rooms that import only from rooms below them", () => {
    const upward = found(src, (specifier, source) => {
      const to = resolved(specifier, source)
      return Object.keys(rooms).some(
        (folder) => folder !== "src" && isRoom(folder, to) && isUpward(folder, source.path, to)
      )
    })
    expect(upward).toEqual([])
  })

  it("import each other by relative paths, and nothing from plugins, examples or tests", () => {
    expect(
      found(
        src,
        (specifier, source) =>
          /^sallyport(\/|$)/.test(specifier) ||
          (isRelative(specifier) && !resolved(specifier, source).startsWith("src/"))
      )
    ).toEqual([])
  })

  it("have no circle of files, not even of types", () => {
    expect(circleOf(importsByFile(src))).toBeUndefined()
  })

  it("have no two modules of one name", () => {
    const names = src.map(({ path }) => basename(path)).filter((name) => name !== "index.ts")
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  })
})

describe("a plugin", () => {
  it("imports of sallyport only what is published, by subpath, as a third party's would", () => {
    expect(
      found(
        plugins,
        (specifier) =>
          specifier === "sallyport" || (specifier.startsWith("sallyport/") && !isPublished(specifier))
      )
    ).toEqual([])
  })

  it("imports by relative path nothing outside its own folder", () => {
    const own = (path: string) => path.split("/").slice(0, 2).join("/")
    expect(
      found(
        plugins,
        (specifier, source) => isRelative(specifier) && own(resolved(specifier, source)) !== own(source.path)
      )
    ).toEqual([])
  })

  it("has no circle of files, not even of types", () => {
    expect(circleOf(importsByFile(plugins))).toBeUndefined()
  })

  it("puts no value into a path but by PathSegment, which sees to it that it stands for itself", () => {
    const own: Readonly<Record<string, string>> = {
      "plugins/fdm/Client.ts": "the version, checked by ApiVersion",
      "plugins/fdm/TokenEndpoint.ts": "the version, checked by ApiVersion",
      "plugins/fdm/api/Compile.ts": "a reference inside a document",
      "plugins/fdm/api/Models.ts": "a reference inside a document",
      "plugins/fmc/Provider.ts": "names of operations, in code"
    }
    const clients = plugins.filter(({ path }) => !path.startsWith("plugins/sandbox/"))
    const writing = clients.filter(
      ({ text }) =>
        /encodeURI/.test(text.replace(/encodeURIComponent\(id\)\.length/, "")) || /`[^`\n ]*\/\$\{/.test(text)
    )
    expect(writing.map(({ path }) => path).sort()).toEqual(Object.keys(own).sort())
  })

  it("has an index, which is published under its name", () => {
    const names = new Set(plugins.map(({ path }) => path.split("/")[1]))
    for (const name of names) expect(published.get(`./${name}`)).toBe(`./plugins/${name}/index.ts`)
  })
})

describe("an example", () => {
  it("imports only what is published, and no file beside it; one that is a package its own", () => {
    const own = (path: string) => /^examples\/[^/]+\//.exec(path)?.[0] ?? "no package"
    expect(
      found(examples, (specifier, source) =>
        isRelative(specifier)
          ? !resolved(specifier, source).startsWith(own(source.path))
          : /^sallyport(\/|$)/.test(specifier) && !isPublished(specifier)
      )
    ).toEqual([])
  })
})

describe("every import", () => {
  const all = [...src, ...plugins, ...examples]

  it("of Effect is of a submodule, never of a barrel", () => {
    expect(found(all, (specifier) => /^(effect|@effect\/(platform|schema))$/.test(specifier))).toEqual([])
  })

  it("of another package is of a peer (in an example, of those that we develop with), and of the platform is of a node: module", () => {
    const peers = Object.keys(manifest.peerDependencies)
    const ours = Object.keys(manifest.devDependencies)
    const packageOf = (specifier: string) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? ""
    expect(
      found(
        all,
        (specifier, { path }) =>
          !isRelative(specifier) &&
          !specifier.startsWith("node:") &&
          ![...peers, ...(path.startsWith("examples/") ? ours : []), "sallyport"].includes(
            packageOf(specifier)
          )
      )
    ).toEqual([])
  })

  it("of a file, or what it exports on, has no other name than there: a namespace that of its file", () => {
    const renamed = all.flatMap(({ path, text }) => {
      const namespaces = [...text.matchAll(/^(?:import|export) (?:type )?\* as (\w+) from "(\.[^"]+)"/gm)]
        .filter(([, name = "", file = ""]) => {
          const own = faceOf(path, file)
          return own !== "index" && name !== own.slice(0, 1).toUpperCase() + own.slice(1)
        })
        .map(([statement]) => statement)
      const names = [...text.matchAll(/^(?:import|export) (?:type )?\{[^}]*\bas\b[^}]*\} from "\.[^"]+"/gm)]
      return [...namespaces, ...names.map(([statement]) => statement)].map((one) => `${path}: ${one}`)
    })
    expect(renamed).toEqual([])
  })

  it("of a file carries its extension, so that Bun and Deno can follow it", () => {
    expect(found(all, (specifier) => isRelative(specifier) && !specifier.endsWith(".ts"))).toEqual([])
  })
})

describe("what is published", () => {
  it("is in package.json and in deno.json the same, file by file", () => {
    expect(deno.exports).toEqual(Object.fromEntries(published))
    const imports = Object.entries(deno.imports).filter(([name]) => /^sallyport(\/|$)/.test(name))
    expect(Object.fromEntries(imports)).toEqual(
      Object.fromEntries([...published].map(([subpath, file]) => [subpath.replace(/^\./, "sallyport"), file]))
    )
  })

  it("exists, and is built to where the package says", () => {
    for (const [subpath, target] of Object.entries(manifest.exports)) {
      if (typeof target === "string") {
        expect([subpath, target]).toEqual(["./package.json", "./package.json"])
        continue
      }
      const file = published.get(subpath) ?? ""
      expect([subpath, existsSync(join(root, file))]).toEqual([subpath, true])
      const built = file.replace(/^\.\//, "./dist/").replace(/\.ts$/, "")
      // In this order: the first condition that holds is taken.
      expect([subpath, Object.entries(target)]).toEqual([
        subpath,
        [
          ["@sallyport/source", file],
          ["types", `${built}.d.ts`],
          ["default", `${built}.js`]
        ]
      ])
    }
  })

  it("is eleven subpaths", () => {
    expect([...published.keys()]).toEqual([
      ".",
      ...["./fmc", "./fdm", "./fdm/api", "./cdfmc", "./sandbox"],
      ...["./plugin", "./cluster", "./promises", "./testing", "./effect-schema"]
    ])
  })

  it("of a file of src is a namespace under the name of that file, which for promises is that for Effects", () => {
    for (const { path, text } of src) {
      for (const [, name, file] of text.matchAll(/^export \* as (\w+) from "(.+)"$/gm)) {
        expect([path, name]).toEqual([path, faceOf(path, file ?? "")])
      }
    }
  })

  it.each([
    ["sallyport", "src/index.ts"],
    ["sallyport/plugin", "src/plugin.ts"]
  ])("under %s is used by an example, a plugin or a room, name by name", (subpath, entry) => {
    const text = src.find(({ path }) => path === entry)?.text ?? ""
    const names = [...text.matchAll(/^export \* as (\w+)|^ {2}(?:type )?(\w+),?$/gm)].map(
      ([, namespace, flat]) => namespace ?? flat ?? ""
    )
    expect(names.length).toBeGreaterThan(20)
    const told = rooms.map(({ text }) => text).join("\n")
    const imports = new RegExp(`import (?:type )?\\{([^}]*)\\} from "${subpath}"`, "g")
    const used = new Set(
      [...plugins, ...examples, { text: told }].flatMap(({ text }) =>
        [...text.matchAll(imports)].flatMap(([, list = ""]) => list.match(/\w+/g) ?? [])
      )
    )
    const mentioned = (name: string) => new RegExp(`\`${name}\\b`).test(told)
    expect(names.filter((name) => !used.has(name) && !mentioned(name))).toEqual([])
  })
})

describe("the house", () => {
  it("keeps one concept in one file: none above 300 lines", () => {
    const long = [...src, ...plugins, ...examples]
      .map(({ path, text }) => [path, text.trimEnd().split("\n").length] as const)
      .filter(([, lines]) => lines > 300)
    expect(long).toEqual([])
  })

  it("runs no effect inside itself, but at its edges", () => {
    const edges: Readonly<Record<string, string>> = {
      "src/auth/session/InTime.ts":
        "runs what may have to be given up beside its own timer, on the caller's runtime",
      "src/process/RunScript.ts": "the edge itself: it runs the script",
      "src/promises/PromiseScope.ts": "the edge of scripts that don't write Effect",
      "src/promises/ScriptContext.ts":
        "the edge of functions that await, whose calls run in their own runtime",
      "src/transport/tls/Connect.ts":
        "runs the target's connect hook beside its own timer, on the caller's runtime"
    }
    const running = [...src, ...plugins].filter(({ text }) =>
      /(?<!Workflow)\.(unsafeRun\w*|run(Sync|SyncExit|Promise|PromiseExit|Fork|Callback))\b/.test(text)
    )
    expect(running.map(({ path }) => path).sort()).toEqual(Object.keys(edges).sort())
  })

  it("keeps state in functions: a class is an error or a service, or stands for something that only a class can", () => {
    const own: Readonly<Record<string, string>> = {
      "plugins/sandbox/fdm/Field.ts": "a reference, told from data by instanceof",
      "src/promises/PromiseList.ts": "a list that says what it is wherever it is printed",
      "src/transport/http/StreamedBody.ts": "a body, told from data by instanceof"
    }
    const written = [...src, ...plugins].filter(({ text }) =>
      /^(?:export )?class (?!.* extends ).*\{$/m.test(text)
    )
    expect(written.map(({ path }) => path).sort()).toEqual(Object.keys(own).sort())
  })

  it("has at its top what it is made of, and beside that only what tools insist on", () => {
    const made = [
      "package.json",
      "tsconfig.json",
      "deno.json",
      "src",
      "plugins",
      "test",
      "examples",
      "README.md"
    ]
    const tools = [
      "package-lock.json",
      "deno.lock",
      "LICENSE",
      "CHANGELOG.md",
      "CONTRIBUTING.md",
      "SECURITY.md"
    ]
    const ignored = readFileSync(join(root, ".gitignore"), "utf8")
      .split("\n")
      .map((line) => line.replace(/\/$/, ""))
    const others = readdirSync(root).filter(
      (name) => ![...made, ...tools, ...ignored].includes(name) && !/^\.|\.tgz$/.test(name)
    )
    expect(others).toEqual([])
    for (const name of made) expect([name, existsSync(join(root, name))]).toEqual([name, true])
  })

  it("mirrors in its tests the folders of what they test", () => {
    const known = new Set([...src, ...plugins].map(({ path }) => dirname(path)))
    const mirrored = readdirSync(join(root, "test"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /^[A-Z]\w*\.test\.ts$/.test(entry.name))
      .map((entry) => relative(join(root, "test"), entry.parentPath).replaceAll("\\", "/"))
    for (const folder of new Set(mirrored)) {
      expect([folder, known.has(folder) || known.has(posix.join("src", folder))]).toEqual([folder, true])
    }
  })
})
