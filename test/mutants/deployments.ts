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
    from: "? undefined : mendOrIgnore",
    to: "? mendOrIgnore : undefined",
    tests: [
      "plugins/fmc/DeployUnits.test.ts: says how they could be, whether it is refused at once or fails later"
    ]
  }
]
