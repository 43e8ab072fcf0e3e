import type { Call, Protocol, RequestKind } from "./appliance/Call.ts"
import type { Fault, How } from "./appliance/Fault.ts"

/** `replacesWork` says whether the device does not even get to see the request. */
export const replacesWork = (how: How): how is Extract<How, { _tag: "Answer" | "Reset" | "Hang" }> =>
  how._tag === "Answer" || how._tag === "Reset" || how._tag === "Hang"

interface Armed {
  readonly fault: Fault
  seen: number
}

/**
 * `ArmedFaults` are the faults that are armed. A request is spent on the first that is due; those behind it do not
 * count it.
 */
export interface ArmedFaults {
  readonly arm: (fault: Fault) => void
  readonly clear: () => void
  readonly take: (call: Call, protocol: Protocol | undefined, kind: RequestKind) => How | undefined
}

export const make = (): ArmedFaults => {
  let faults: Array<Armed> = []

  const arm = (fault: Fault): void => {
    faults.push({ fault, seen: 0 })
  }

  const clear = (): void => {
    faults = []
  }

  const take = (call: Call, protocol: Protocol | undefined, kind: RequestKind): How | undefined => {
    for (const armed of faults) {
      const { fault } = armed
      if (!matches(fault, call, protocol, kind)) continue
      armed.seen += 1
      const first = fault.nth ?? 1
      if (armed.seen < first) continue
      if (armed.seen >= first + (fault.times ?? 1) - 1) {
        faults = faults.filter((other) => other !== armed)
      }
      return fault.how
    }
    return undefined
  }

  return { arm, clear, take }
}

const matches = (fault: Fault, call: Call, protocol: Protocol | undefined, kind: RequestKind): boolean =>
  (fault.method === undefined || fault.method.toUpperCase() === call.method) &&
  (fault.protocol === undefined || fault.protocol === protocol) &&
  (fault.kind === undefined || fault.kind === kind) &&
  (fault.path === undefined ||
    (typeof fault.path === "string"
      ? call.requestTarget.startsWith(fault.path)
      : call.requestTarget.search(fault.path) >= 0))
