/** `scriptName` is the file of the first script. */
export const scriptName = "add-hosts.js"
/** `tableName` is that of what it adds. */
export const tableName = "hosts.csv"
/** `inventoryName` is that of its devices. */
export const inventoryName = "inventory.yaml"

const imports = Object.entries({
  "effect/Schema": "* as Schema",
  sallyport: "{ Main, Workflow }",
  "sallyport/fmc": "* as Fmc"
})
  .map(([from, what]) => `import ${what} from "${from}"`)
  .join("\n")

/** `script` is the first script: JavaScript, which each of the runtimes runs as it is. */
export const script = `#!/usr/bin/env node
// Adds hosts to an FMC, or changes those that differ.
//
//   node ${scriptName} plan --hosts @${tableName}       shows what it would do
//   node ${scriptName} run --hosts @${tableName}        shows it, asks, and does it; --help tells the rest
//
// The FMC is that of FMC_URL, FMC_USERNAME, FMC_PASSWORD, and FMC_PIN or FMC_CA_FILE.
${imports}

const Host = Schema.Struct({
  name: Schema.NonEmptyString,
  value: Schema.NonEmptyString,
  description: Schema.optional(Schema.String)
})

const addHosts = Workflow.promise({
  name: "add-hosts",
  input: Schema.Struct({
    hosts: Schema.Array(Host),
    domain: Schema.optionalWith(Schema.String, { default: () => "Global" })
  }),
  devices: { fmc: Fmc.plugin },
  run: async ({ fmc }, { domain, hosts }) => {
    const there = await fmc.domain(domain)
    await there.hosts.upsertAll(hosts)
  }
})

Main.workflow(addHosts, {
  description: "Adds hosts to an FMC, or changes those that differ.",
  devices: { fmc: "FMC" },
  limit: { changes: 100, removals: 0 }
})
`

export const table = `name,value,description
web-1,192.0.2.1,first of two
web-2,192.0.2.2,second of two
`

export const inventory = `# The devices by their names. No password stands here, but where it is: FMC_USERNAME and FMC_PASSWORD.
#
#   node ${scriptName} plan --hosts @${tableName} --inventory ${inventoryName} --device hq
devices:
  hq:
    kind: fmc
    url: https://fmc.example
    credentials:
      env: FMC
    # npx sallyport trust fmc.example shows the fingerprint to compare, for this:
    # trust:
    #   pin: "AB:CD:…"
`

/** `manifestFor` is the package.json, with the versions that fit the package. */
export const manifestFor = ({
  peerDependencies,
  version
}: {
  readonly version: string
  readonly peerDependencies: Readonly<Record<string, string>>
}) => ({
  private: true,
  type: "module",
  dependencies: {
    ...Object.fromEntries(needed.map((name) => [name, peerDependencies[name]])),
    sallyport: `^${version}`
  }
})

// What the script needs, what shows how far it is, and the sandbox.
const needed = ["@effect/platform", "csv-parse", "effect", "log-update", "selfsigned", "yaml"]

/** `nextIn` says what comes then, in the folder that the script is in. */
export const nextIn = (folder: string): string => `
Next:${folder === "." ? "" : `\n  cd ${/^[\w./-]+$/.test(folder) ? folder : JSON.stringify(folder)}`}
  npm install
  npx sallyport trust HOST                           the certificate of your FMC, and its pin
  npx sallyport login fmc                            whether the account is good: FMC_URL, FMC_USERNAME, FMC_PASSWORD, FMC_PIN
  node ${scriptName} plan --hosts @${tableName}          what the script would do

Without an FMC at hand, npx sallyport sandbox starts a device to try it on.
`
