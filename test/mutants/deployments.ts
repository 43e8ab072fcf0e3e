import type { Mutant } from "./mutants.ts"

const choice = "plugins/fmc/deployment/DeviceSelection.ts"
const deploy = "plugins/fmc/deployment/Deploy.ts"
const fdmDeploy = "plugins/fdm/Deploy.ts"

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "takes a member of a pair for up to date",
    file: choice,
    from: "return own.length > 0 ? own : unit.entries",
    to: "return own",
    tests: ["plugins/fmc/DeployUnits.test.ts: of a pair is one to the pair, by whatever it is called"]
  },
  {
    name: "passes over the name of a device that is not there",
    file: choice,
    from: "yield* Effect.forEach(names, findUnit(context, units, inventory))",
    to: "names.flatMap((name) => DeploymentUnits.find(units, name))",
    tests: ["plugins/fmc/DeployUnits.test.ts: that nobody has is invalid, also where nothing is deployable"]
  },
  {
    name: "takes a device for up to date while another's deployment to it is under way",
    file: choice,
    from: "if (isUnderWay(jobs, unit)) selection.busy",
    to: "if (isUnderWay([], unit)) selection.busy",
    tests: [
      "plugins/fmc/DeployUnits.test.ts: is not up to date while the job histories tell of a deployment to it"
    ]
  },
  {
    name: "takes a deployment that is under way for its own success",
    file: deploy,
    from: `const secondSelection =
      wait && firstSelection.busy.length > 0
        ?`,
    to: "const secondSelection = firstSelection.busy.length < 0 ?",
    tests: [
      "plugins/fmc/DeployUnits.test.ts: is waited for, and what was changed meanwhile is deployed after it"
    ]
  },
  {
    name: "says that nothing is pending while an FDM deploys it",
    file: fdmDeploy,
    from: "const running = seen.find(isRunning)",
    to: "const running = seen.find(() => false)",
    tests: ["plugins/fdm/Deploy.test.ts: nothing is pending while another one is under way"]
  },
  {
    name: "does not say how a deployment goes on that only warns",
    file: deploy,
    from: "? undefined : DeploymentRequest.mendOrIgnore",
    to: "? DeploymentRequest.mendOrIgnore : undefined",
    tests: [
      "plugins/fmc/DeployUnits.test.ts: says how they could be, whether it is refused at once or fails later"
    ]
  },
  {
    name: "knows one bad state of an FDM's deployments",
    file: fdmDeploy,
    from: 'failed: ["DEPLOY_FAILED", "DEPLOY_TIMEOUT", "FAILED"]',
    to: 'failed: ["DEPLOY_FAILED"]',
    tests: [
      "plugins/fdm/Deploy.test.ts: has failed, however long it was waited for",
      "workflow/run/deployments.test.ts: on an FDM"
    ]
  },
  {
    name: "knows one bad state of an FMC's deployments",
    file: "plugins/fmc/deployment/DeploymentStates.ts",
    from: 'failed: ["FAILED", "ABORTED", "CANCELLED", "PARTIALLY_SUCCEEDED", ...failedSteps]',
    to: 'failed: ["FAILED"]',
    tests: [
      "plugins/fmc/DeployOdd.test.ts: is over in the listed states alone, in whatever case, and in any other goes on",
      "workflow/run/deployments.test.ts: on an FMC"
    ]
  },
  {
    name: "takes a state that nobody listed for success",
    file: "src/client/Deployment.ts",
    from: '? "failed" : "running"',
    to: '? "failed" : "deployed"',
    tests: [
      "plugins/fdm/Deploy.test.ts: in a state that nobody listed goes on, and never counts as success",
      "plugins/fmc/Deploy.test.ts: in a state that nobody listed goes on, and never counts as success",
      "workflow/run/deployments.test.ts: is no success of a run"
    ]
  },
  {
    name: "takes a deployment that has failed for one that is done",
    file: "src/workflow/run/record/Outcome.ts",
    from: 'return { outcome: !wasAccepted && hasRefused(error) ? "refused" : "unknown" }',
    to: 'return { outcome: !wasAccepted && hasRefused(error) ? "refused" : error === undefined ? "unknown" : "done" }',
    tests: ["workflow/run/deployments.test.ts: deploys anew when it is resumed, and sends nothing else again"]
  },
  {
    name: "stops behind its plan's end a run whose planned deployment had nothing to do",
    file: "src/workflow/run/record/PlanFollower.ts",
    from: "done.size + idle.size + taken.size === all.length",
    to: "done.size + taken.size === all.length",
    tests: ["workflow/run/deployments.test.ts: goes on behind that where it finds nothing to deploy any more"]
  },
  {
    name: "takes a deployment that was not planned for the planned one, which comes later",
    file: "src/workflow/run/record/PlanFollower.ts",
    from: "const next = all.find(isOpen)",
    to: "const next = all.findLast(isOpen)",
    tests: [
      "workflow/run/deployments.test.ts: is held to what comes before it, though an earlier one had nothing to do"
    ]
  }
]
