import * as Context from "effect/Context"

/** `Flight` is noted of one request, for whoever is to tell what its end means. */
export interface Flight {
  /**
   * `stage` is how far it has come: it waits for its turn, or for a connection; it is sent, or answered. `Unknown`: it
   * does not go by the transport, so that it may be anywhere.
   */
  stage: "Unknown" | "Waiting" | "Leaving" | "Sent" | "Answered"
  /** `repeatable` says that it is sent again where it is lost, as a logout is: what that ends stays ended. */
  readonly repeatable: boolean
}

export const make = (repeatable = false): Flight => ({ stage: "Unknown", repeatable })

/** `note` notes that it has come so far. What was sent once stays so, whatever a login sends then. */
export const note = (flight: Flight | undefined, stage: "Waiting" | "Leaving"): void => {
  if (flight !== undefined && flight.stage !== "Sent" && flight.stage !== "Answered") flight.stage = stage
}

/** `InFlight` is that of the login, refresh or logout that is sent under it. */
export class InFlight extends Context.Reference<InFlight>()("sallyport/InFlight", {
  defaultValue: (): Flight | undefined => undefined
}) {}
