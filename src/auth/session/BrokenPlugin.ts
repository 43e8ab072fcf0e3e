import { ProtocolViolation } from "../../transport/DeviceError.ts"

/** `brokenPlugin` says that a plugin does not do what its type says: `how` goes on from "the plugin". */
export const brokenPlugin = (targetName: string, operation: string, how: string): ProtocolViolation =>
  new ProtocolViolation({
    targetName,
    operation,
    detail: `the plugin ${how}`,
    advice: "This is a fault of the plugin: tell who wrote it"
  })
