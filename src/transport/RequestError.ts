import { DeviceUnreachable, ProtocolViolation, type WireError } from "./DeviceError.ts"
import type { Late } from "./LateAnswer.ts"
import { isRead } from "./Retry.ts"

interface Asked {
  readonly method: string
  readonly operation: string
}

/** `lateOf` tells of a late answer with what was asked for. */
export const lateOf = (late: Late | undefined, asked: Asked): Late | undefined =>
  late && { ...late, told: (error) => late.told(lost(error, asked)) }

/** `lost` is the failure of a request whose answer was lost, with what was asked for. */
const lost = (error: DeviceUnreachable, { method, operation }: Asked): DeviceUnreachable =>
  new DeviceUnreachable({ ...error, operation, ...(!isRead(method) && { isChange: true }) })

/** `ofRequest` gives an error of the wire with what the request was that it concerns. */
export const ofRequest = (error: WireError, asked: Asked, isAuth: boolean): WireError => {
  if (error._tag === "DeviceUnreachable" && error.phase === "Response") return lost(error, asked)
  return error._tag === "ProtocolViolation" && !isAuth && !isRead(asked.method)
    ? new ProtocolViolation({ ...error, isChange: true })
    : error
}
