import type { Mutant } from "./mutants.ts"

const entry = "plugins/fmc/objects/Item.ts"
const backups = "plugins/fdm/Backups.ts"
const auditRecords = "plugins/fmc/oversight/AuditRecords.ts"
const overrides = "plugins/fmc/kinds/Overrides.ts"
const lenient = "src/client/rest/Lenient.ts"
const call = "plugins/sandbox/appliance/Call.ts"
const answer = "plugins/sandbox/fdm/Replies.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "asks for a backup by its id",
    file: backups,
    from: "{ archiveName: archive?.archiveName }",
    to: "{ archiveName: (archive as Partial<Archive>)?.id }",
    tests: ["plugins/fdm/Files.test.ts: is made, waited for, listed and fetched"]
  },
  {
    name: "believes that every FMC selects an audit by its part",
    file: auditRecords,
    from: "(record) => subSystem === undefined ||",
    to: "(record) => subSystem !== null ||",
    tests: [
      "plugins/fmc/Oversight.test.ts: the audit of one part is that part alone, where the FMC does not know the parameter"
    ]
  },
  {
    name: "takes an override back where that may take the object",
    file: overrides,
    from: "if (withoutDocumentedDelete.has(path))",
    to: `if (withoutDocumentedDelete.has(""))`,
    tests: [
      "plugins/fmc/Overrides.test.ts: of a kind that no document takes it back from is left alone, since the object might go"
    ]
  },
  {
    name: "needs an id of whatever a list holds",
    file: entry,
    from: "Schema.Struct({ id: text, name: text, type: text }, Lenient.others)",
    to: "Schema.Struct({ id: Schema.String, name: text, type: text }, Lenient.others)",
    tests: ["plugins/fmc/Lists.test.ts: is read as it is, whatever of id, name and type it lacks"]
  },
  {
    name: "ends an account at the first line that cannot be read",
    file: lenient,
    from: "Pages.list(rest, path, orNothing(item), query)",
    to: "Pages.list(rest, path, item, query)",
    tests: [
      "plugins/fmc/OddLists.test.ts: an FMC's records, jobs, changes and pairs are read as far as they can be",
      "plugins/fmc/OddLists.test.ts: an FDM's sessions, backups, changes and its pair are read as far as they can be"
    ]
  },
  {
    name: "has a sandbox that does not know Python's True",
    file: call,
    from: "/^true$/i",
    to: "/^true$/",
    tests: [
      "plugins/sandbox/PublicClients.test.ts: fireREST: reads by pages with True, finds a policy by its name, and creates in bulk with True"
    ]
  },
  {
    name: "has a sandbox that answers 404 to the change of what is not there",
    file: answer,
    from: `method === "GET" || method === "HEAD"`,
    to: `method !== ""`,
    tests: [
      "plugins/sandbox/FdmObjects.test.ts: what does not exist is a 404 to who reads it, and a 422 invalidUuid to who changes or deletes it"
    ]
  }
]
