import * as Data from "effect/Data"
import type { FleetReport } from "./FleetReport.ts"

/** `FleetRefused` says that a fleet's plan was not approved. Its report has the whole of it. */
export class FleetRefused extends Data.TaggedError("FleetRefused")<{ readonly report: FleetReport }> {}
