/**
 * `Participant` is whoever is at work in this process, and has to be over before it ends: a script, or what is open
 * without Effect.
 */
export interface Participant {
  /** `stop` begins its end: the process ends with this exit code. */
  readonly stop: (code: number) => void
  /** `tell` shows what was thrown where nobody catches it. */
  readonly tell: (thrown: unknown) => void
  /**
   * `yields` leaves signals and exceptions that the host listens to as well to the host, and keeps no process that
   * others end.
   */
  readonly yields?: boolean | undefined
}

const all = new Set<Participant>()
const running = new Set<Participant>()
let decided: number | undefined

/** `decision` gives the exit code, once something else than the end of all has decided it. */
export const decision = (): number | undefined => decided

/** `decide` decides the exit code, unless it is decided, and stops all who are at work. */
export const decide = (code: number): number => {
  if (decided !== undefined) return decided
  decided = code
  for (const one of running) one.stop(code)
  return code
}

export const join = (one: Participant): void => {
  all.add(one)
  running.add(one)
  const code = decided
  // Whoever joins has to know first that it has.
  if (code !== undefined) queueMicrotask(() => one.stop(code))
}

/** `part` takes one away, and says whether it was the last. */
export const part = (one: Participant): boolean => {
  running.delete(one)
  all.delete(one)
  return all.size === 0
}

/**
 * `over` hands back the exit code once nobody is at work any more. A failure stops the others, and so does the end of
 * the last that does not yield; else they go on.
 */
export const over = (one: Participant, code: number, isFailure: boolean): number | undefined => {
  running.delete(one)
  const end = isFailure || allYield(running) ? decide(code) : undefined
  return running.size === 0 ? end : undefined
}

const allYield = (some: ReadonlySet<Participant>): boolean => [...some].every(({ yields }) => yields === true)

/** `yielding` says whether what the host listens to is the host's. */
export const yielding = (): boolean => allYield(all)

/** `tell` shows what was thrown: once, however many there are. */
export const tell = (thrown: unknown): void => {
  const [first] = [...all].sort((a, b) => Number(a.yields === true) - Number(b.yields === true))
  first?.tell(thrown)
}
