import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Lenient, Pages, PathSegment, type Rest, type SessionError } from "sallyport/plugin"
import type { DomainContext } from "../domain/DomainContext.ts"

/** `AuditOptions` say which audit records are listed. */
export interface AuditOptions extends Pages.PageOptions {
  /**
   * `subSystem` selects those of this part of the FMC, such as `Login`, `API` or `Task Queue`. Not every version's
   * document has such a parameter, so what comes is looked through once more.
   *
   * @default those of all parts
   */
  readonly subSystem?: string | undefined
  /** `query` is whatever else this FMC's version can select by, as the parameters of its API. @default nothing else */
  readonly query?: Rest.Query | undefined
}

const AuditRecord = Schema.Struct(
  {
    /**
     * `time` is in seconds since 1970 in an example (FMC OpenAPI, getAllAuditModel); some versions may send
     * milliseconds (unknown).
     */
    time: Lenient.field(Schema.Union(Schema.Number, Schema.String)),
    username: Lenient.text,
    source: Lenient.text,
    subSystem: Lenient.text,
    message: Lenient.text
  },
  Lenient.others
)
/** `AuditRecord` tells who did what on the FMC. */
export type AuditRecord = typeof AuditRecord.Type

/** `list` gives those of a domain, as the FMC orders them: the newest first. */
export const list = (
  { rest, uuid }: DomainContext,
  options?: AuditOptions
): Stream.Stream<AuditRecord, SessionError> =>
  Pages.byOptions<AuditOptions, AuditRecord>(
    ["limit", "subSystem", "query"],
    ({ limit, query = {}, subSystem }) =>
      Stream.unwrap(
        Effect.map(PathSegment.join("/api/fmc_platform/v1/domain", { uuid }), (domain) =>
          Lenient.list(rest, `${domain}/audit/auditrecords`, AuditRecord, {
            ...query,
            subSystem,
            limit,
            expanded: true
          })
        )
      ).pipe(
        Stream.filter((record) => subSystem === undefined || (record.subSystem ?? subSystem) === subSystem)
      )
  )(options)
