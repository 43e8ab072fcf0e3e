import * as Context from "effect/Context"
import type { DeviceUnreachable } from "./DeviceError.ts"

/** `Late` is for an exchange whose answer is wanted even after its response time-out. */
export interface Late {
  /** `told` is handed the error that the time-out stands for; the exchange goes on. */
  readonly told: (error: DeviceUnreachable) => void
  /** `millis` is for how long its answer is then still waited for. */
  readonly millis: number
}

/**
 * `LateAnswer` is that of the logins and refreshes that are sent under it: each may bring a token, whose session somebody
 * has to end.
 */
export class LateAnswer extends Context.Reference<LateAnswer>()("sallyport/LateAnswer", {
  defaultValue: (): Late | undefined => undefined
}) {}
