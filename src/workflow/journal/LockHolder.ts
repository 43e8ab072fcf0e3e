import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Instant from "../../auth/Instant.ts"
import * as ProcessIdentity from "../../auth/store/ProcessIdentity.ts"
import type { StoreFault } from "../../auth/store/StoreFault.ts"

/** `LockHolder` is a run that has something to itself, as far as its lock tells. */
export interface LockHolder {
  readonly run: string | undefined
  /** `pid` is the number of its process. */
  readonly pid: number | undefined
  /** `host` is the machine or the container of that process, where it is not this one. */
  readonly host: string | undefined
  readonly since: Date | undefined
}

const Label = Schema.parseJson(
  Schema.Struct({ run: Schema.String.pipe(Schema.pattern(/^[\w.-]{1,100}$/)), since: Schema.Date })
)
const decode = Schema.decodeOption(Label)
const encode = Schema.encodeSync(Label)

/** `label` is what a run says of itself in the locks that it takes now. */
export const label = (run: string): Effect.Effect<string> =>
  Effect.map(Instant.now, ({ wall }) => encode({ run, since: new Date(wall) }))

/** `holderOf` gives the holder of what was found locked. After a power cut, anything may stand in a lock. */
export const holderOf = ({ owner }: StoreFault): LockHolder => {
  const said = Option.getOrUndefined(decode(owner?.label ?? ""))
  const { host, pid } = owner?.process ?? {}
  return {
    run: said?.run,
    pid,
    host: host === ProcessIdentity.currentProcess().host ? undefined : nameOf(host),
    since: said?.since
  }
}

// Behind its last dot, a host has what tells one container on it from the other.
const nameOf = (host: string | undefined): string | undefined =>
  /^([\w.-]{1,253})\.[^.]*$/.exec(host ?? "")?.[1]

/** `words` say who it is: `process 4711 since 2026-03-29T01:30:00.000Z`. */
export const words = ({ host, pid, since }: LockHolder): string => {
  const who = pid === undefined ? "another process" : `process ${pid}`
  const where = host === undefined ? "" : ` on ${host}`
  return `${who}${where}${since === undefined ? "" : ` since ${since.toISOString()}`}`
}
