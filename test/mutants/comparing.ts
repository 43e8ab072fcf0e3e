import type { Mutant } from "./mutants.ts"

const sameness = "src/client/fields/FieldEquality.ts"
const merge = "src/client/fields/Merge.ts"
const upserts = "src/client/objects/Upserts.ts"
const address = "src/client/fields/Address.ts"
const groupMembers = "plugins/fmc/kinds/GroupMembers.ts"
const overrides = "plugins/fmc/kinds/Overrides.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "writes an address again that the device spells in its own way",
    file: sameness,
    from: "? dnsName(text) : (Address.parse(text)?.text ?? text)",
    to: "? dnsName(text) : text",
    tests: [
      "client/FieldEquality.test.ts: are the same in any spelling, on both sides",
      "client/Converging.test.ts: by upsert and by upsertAll"
    ]
  },
  {
    name: "takes networks of one address for the same, however long they are",
    file: address,
    from: `text: \`\${address.text}/\${length}\``,
    to: "text: address.text",
    tests: ["client/FieldEquality.test.ts: of addresses are never the same"]
  },
  {
    name: "renames what goes by another spelling",
    file: upserts,
    from: "rename ? wanted.name : (there.name ?? wanted.name)",
    to: "wanted.name",
    tests: ["client/Converging.test.ts: keeps its name, unless the script says that it is to be renamed"]
  },
  {
    name: "adds a member to a group that is there in another spelling",
    file: groupMembers,
    from: `Collection.valueKey("value", member.value, member.type)`,
    to: "member.value",
    tests: [
      "client/Converging.test.ts: has members added that are not there in any spelling, and removed in its own"
    ]
  },
  {
    name: "keeps the old reference's name under the new one's id",
    file: merge,
    from: `isOther("id", (id) => id) || `,
    to: "",
    tests: ["client/Converging.test.ts: takes nothing of the old one along, in a field or in a list"]
  },
  {
    name: "leaves a reference beside the literal in its place",
    file: merge,
    from: `["object", "literal"],`,
    to: "",
    tests: ["client/Converging.test.ts: for a literal leaves no reference beside it"]
  },
  {
    name: "changes the first of several that have one name",
    file: upserts,
    from: "if (found.length === 1 && isKnown(one))",
    to: "if (isKnown(one))",
    tests: ["client/Converging.test.ts: is refused by upsert, which says how many have it and their ids"]
  },
  {
    name: "removes the override of a target that is none",
    file: overrides,
    from: `yield* PathSegment.text("targetId", targetId)`,
    to: "targetId",
    tests: ["plugins/fmc/Overrides.test.ts: of a target that is none never reaches the object itself"]
  },
  {
    name: "writes the mask of a secret back as the secret",
    file: merge,
    from: "!isMask(value) && ",
    to: "",
    tests: [
      "client/NotKept.test.ts: is kept for all that anybody knows, and is never written back as its mask"
    ]
  }
]
