import * as Effect from "effect/Effect"
import { Main, Workflow } from "sallyport"

/** Asks for the approval of a plan, and prints the answer. */
const plan: Workflow.Plan = {
  version: 1,
  workflow: "publish",
  changes: [
    {
      device: "fmc.example",
      step: "",
      action: "create",
      kind: "Host",
      path: "/hosts",
      name: "web-1",
      fields: [],
      undo: "yes"
    }
  ],
  unchanged: 0,
  notes: [],
  complete: true,
  hash: "0".repeat(64)
}

Main.run(Effect.map(Workflow.askOnTerminal(plan), (answer) => console.log(`answer: ${answer}`)))
