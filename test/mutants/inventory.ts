// Inventories, and passwords that are asked for.
import type { Mutant } from "./mutants.ts"

const answers = "src/auth/SharedAnswers.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "takes a secret that stands in an inventory",
    file: "src/inventory/Reading.ts",
    from: "[...PlainSecrets.findSecrets(source.data)]",
    to: "[]",
    tests: ["inventory/secrets.test.ts: is refused in a column of a table"]
  },
  {
    name: "forgets what is said for a kind",
    file: "src/inventory/Merging.ts",
    from: `...layerOf(\`kind \${plugin.id}\`, kinds.get(plugin.id)),`,
    to: "",
    tests: [
      "inventory/merging.test.ts: has the nearest value of each field, and tells its layer and its line"
    ]
  },
  {
    name: "lets a filter pass that matches no device",
    file: "src/inventory/Filter.ts",
    from: "!devices.some(filter.matches)",
    to: "devices.length < 0",
    tests: ["inventory/filters.test.ts: that match nothing, or leave nothing, are told"]
  },
  {
    name: "follows aliases of aliases without end",
    file: "src/documents/Document.ts",
    from: "const maxAliasCount = 100_000",
    to: "const maxAliasCount = -1",
    tests: ["inventory/hostile.test.ts: aliases of aliases that make billions"]
  },
  {
    name: "hands the words of a command to a shell",
    file: "src/auth/CommandOutput.ts",
    from: "shell: false",
    to: "shell: true",
    tests: ["auth/commandPassword.test.ts: comes of words that no shell reads"]
  },
  {
    name: "runs a command for each of those who wait for it",
    file: answers,
    from: "given > before ||",
    to: "given < 0 ||",
    tests: ["auth/commandPassword.test.ts: is asked for once by a hundred who ask at once"]
  },
  {
    name: "asks again for a password that was entered",
    file: answers,
    from: "isKept && Exit.isSuccess(last)",
    to: "isKept && Exit.isFailure(last)",
    tests: ["auth/promptedPassword.test.ts: is asked for once by a hundred who ask at once"]
  }
]
