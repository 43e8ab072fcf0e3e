import * as Context from "effect/Context"

/** `Flight` is noted of one request, for whoever is to tell what its end means. */
export interface Flight {
  /** `hadTurn` says that the target's limits let it go. */
  hadTurn: boolean
  /** `isSent` says that it has begun to leave, and that its answer is not there yet. */
  isSent: boolean
}

export const make = (): Flight => ({ hadTurn: false, isSent: false })

/** `InFlight` is that of the login, refresh or logout that is sent under it. */
export class InFlight extends Context.Reference<InFlight>()("sallyport/InFlight", {
  defaultValue: (): Flight | undefined => undefined
}) {}
