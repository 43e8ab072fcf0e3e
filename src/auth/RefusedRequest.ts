/** `RefusedRequest` are the facts of what a workflow did not send. */
export interface RefusedRequest {
  readonly targetName: string
  /** `operation` is the verb and the path: `POST /api/…/hosts`; empty where it is no request that was refused. */
  readonly operation: string
  /** `step` is the step of the workflow that asked for it; empty outside of all steps. */
  readonly step: string
  /** `reason` says why, as a sentence. */
  readonly reason: string
}

/** `messageOf` tells of it. */
export const messageOf = (request: RefusedRequest): string =>
  told(request, (operation) => `${operation} was not sent`)

/** `unwrittenMessageOf` tells of what was sent, and then could not be written down. */
export const unwrittenMessageOf = (request: RefusedRequest): string =>
  told(request, (operation) => `what became of ${operation} is not written down`)

const told = (
  { operation, reason, step, targetName }: RefusedRequest,
  whatOf: (operation: string) => string
): string => {
  const where = step === "" ? "" : ` Step: ${JSON.stringify(step)}.`
  const what = operation === "" ? targetName : `${targetName}: ${whatOf(operation)}`
  return `${what}: ${reason}${where}`
}
