import type { Call, Protocol, RequestKind } from "./appliance/Call.ts"
import type { Fault, How } from "./appliance/Fault.ts"

/** `replacesWork` says whether the device does not even get to see the request. */
export const replacesWork = (how: How): how is Extract<How, { _tag: "Answer" | "Reset" | "Hang" }> =>
  how._tag === "Answer" || how._tag === "Reset" || how._tag === "Hang"

interface Armed {
  readonly fault: Fault
  seen: number
}

/** The faults that are armed. A request is spent on the first that is due; those behind it do not count it. */
export class ArmedFaults {
  #armed: Array<Armed> = []

  arm(fault: Fault): void {
    this.#armed.push({ fault, seen: 0 })
  }

  clear(): void {
    this.#armed = []
  }

  take(call: Call, protocol: Protocol | undefined, kind: RequestKind): How | undefined {
    for (const armed of this.#armed) {
      const { fault } = armed
      if (!matches(fault, call, protocol, kind)) continue
      armed.seen += 1
      const first = fault.nth ?? 1
      if (armed.seen < first) continue
      if (armed.seen >= first + (fault.times ?? 1) - 1) {
        this.#armed = this.#armed.filter((other) => other !== armed)
      }
      return fault.how
    }
    return undefined
  }
}

const matches = (fault: Fault, call: Call, protocol: Protocol | undefined, kind: RequestKind): boolean =>
  (fault.method === undefined || fault.method.toUpperCase() === call.method) &&
  (fault.protocol === undefined || fault.protocol === protocol) &&
  (fault.kind === undefined || fault.kind === kind) &&
  (fault.path === undefined ||
    (typeof fault.path === "string"
      ? call.requestTarget.startsWith(fault.path)
      : call.requestTarget.search(fault.path) >= 0))
