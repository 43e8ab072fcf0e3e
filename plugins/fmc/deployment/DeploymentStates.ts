import { Deployment } from "sallyport/plugin"

// What may fail of a pair or a cluster in a deployment (FMC OpenAPI, IDeviceListEntry).
const steps = [
  "SSP_PRIMARY_BOOTSTRAP",
  "SSP_SECONDARY_BOOTSTRAP",
  "PRIMARY_BOOTSTRAP",
  "SECONDARY_BOOTSTRAP",
  "BREAK"
]
const failedSteps = [
  "SSP_FAILED",
  ...steps.flatMap((step) => [`${step}_FAILED`, `${step}_PARTIALLY_SUCCEEDED`])
]

/**
 * `phaseOf` says what the states of tasks and of job histories mean. PENDING, RUNNING, IN_PROGRESS, DEPLOYING and
 * UNKNOWN go on (read in public clients' code), and so does whatever nobody listed.
 */
export const phaseOf = Deployment.phaseReader({
  deployed: ["DEPLOYED", "SUCCESS", "SUCCEEDED", "COMPLETED"],
  // From the third on they are states of a device in the job histories (FMC OpenAPI, IDeviceListEntry).
  failed: ["FAILED", "ABORTED", "CANCELLED", "PARTIALLY_SUCCEEDED", ...failedSteps]
})

/** `refusedState` is the state of a device whose request the FMC refused: our word, not the FMC's. */
export const refusedState = "REFUSED"

export const isFailed = ({ state }: { readonly state: string }): boolean =>
  state === refusedState || phaseOf(state) === "failed"

/**
 * `worstOf` gives the state that counts where there are several, as of the members of a pair: a failed one, else one
 * that goes on.
 */
export const worstOf = <A extends { readonly state: string }>(states: ReadonlyArray<A>): A | undefined =>
  states.find(isFailed) ?? states.find(({ state }) => phaseOf(state) === "running") ?? states[0]

/** `deviceState` says how a device fares, made safe by `redact`. */
export const deviceState = (
  redact: (words: string) => string,
  { id, name }: { readonly id: string; readonly name: string },
  state: string,
  message?: string
): Deployment.DeviceState => ({
  device: redact(name),
  id: redact(id),
  state: redact(state),
  ...(message !== undefined && { message: redact(message) })
})
