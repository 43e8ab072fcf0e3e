import type { Mutant } from "./mutants.ts"

const segment = "src/validation/PathSegment.ts"
const requestPath = "src/transport/RequestPath.ts"
const outgoing = "src/transport/http/Request.ts"
const task = "plugins/fmc/deployment/DeploymentTask.ts"
const target = "src/transport/Target.ts"
const sharing = "src/auth/session/SharedTokenSource.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "takes an empty id for one",
    file: segment,
    from: `if (value.trim() === "")`,
    to: "if (value === undefined)",
    tests: ["plugins/oddIds.test.ts: to an FDM by its own description"]
  },
  {
    name: "sees dots in a path only where they are spelled plainly",
    file: segment,
    from: "decodings(path).some((one) => one.split",
    to: "[path].some((one) => one.split",
    tests: ["plugins/oddIds.test.ts: is refused where it leaves its base"]
  },
  {
    name: "deletes below a path whose id is missing",
    file: requestPath,
    from: "return hasEmptySegment(own)",
    to: "return own === undefined",
    tests: ["plugins/oddIds.test.ts: is refused where a change lacks the id"]
  },
  {
    name: "puts the id of a task into a path as it is",
    file: task,
    from: `yield* PathSegment.join("/job/taskstatuses", { id })`,
    to: `\`/job/taskstatuses/\${id}\``,
    tests: ["architecture.test.ts: puts no value into a path but by PathSegment"]
  },
  {
    name: "sends the content-length that a script says",
    file: outgoing,
    from: "if (isLength(name)) continue",
    to: "",
    tests: [
      "transport/http/Framing.test.ts: is that of its body, whatever the script says, with every method"
    ]
  },
  {
    name: "sends a framing header of a script that is spelled with an underscore",
    file: outgoing,
    from: `const hyphened = name.replaceAll("_", "-")`,
    to: "const hyphened = name",
    tests: [
      "transport/http/Framing.test.ts: is refused before anything is sent, in any spelling, with every method"
    ]
  },
  {
    name: "drops the path of a target",
    file: target,
    from: `const basePath = url.pathname.replace(/\\/$/, "")`,
    to: `const basePath = ""`,
    tests: [
      "plugins/basePath.test.ts: an FMC is logged in to, read page by page",
      "plugins/basePath.test.ts: an FDM is spoken to in its version"
    ]
  },
  {
    name: "goes to what lies beside the path of its target",
    file: outgoing,
    from: `|| !\`\${url.pathname}/\`.startsWith(\`\${target.basePath}/\`)`,
    to: "",
    tests: ["plugins/basePath.test.ts: nothing is sent to what lies beside the path"]
  },
  {
    name: "keeps one login for all devices of a host",
    file: sharing,
    from: `origin: \`\${target.origin}\${target.basePath}`,
    to: `origin: \`\${target.origin}`,
    tests: ["plugins/basePath.test.ts: two devices at one host have logins of their own"]
  }
]
