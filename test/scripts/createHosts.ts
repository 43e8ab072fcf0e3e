// A script that is a workflow: its command line is what is tested.
import { Main } from "sallyport"
import { createHosts } from "../support/createHosts.ts"

Main.workflow(createHosts, { devices: { fmc: "FMC" }, description: "Creates hosts." })
