import { Deployment } from "sallyport/plugin"
import { expect, it } from "vitest"

it.each([
  ["DEPLOY FAILED", "deploy_failed"],
  ["deploy-failed", " Deploy Failed "],
  ["DEPLOY_FAILED", "deploy - failed"]
])("a state of a deployment that a plugin spells %j is known as %j", (listed, told) => {
  const phaseOf = Deployment.phaseReader({ deployed: ["Done"], failed: [listed] })
  expect([told, "DONE", "going on"].map(phaseOf)).toEqual(["failed", "deployed", "running"])
})
