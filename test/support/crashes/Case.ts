import type * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Fdm from "sallyport/fdm"
import type * as Fmc from "sallyport/fmc"

export type Domain = Effect.Effect.Success<ReturnType<Fmc.Fmc["domain"]>>

/** The clients of the two devices, and a domain of the first. */
export interface Clients {
  readonly fmc: Fmc.Fmc
  readonly domain: Domain
  readonly fdm: Fdm.Fdm
}

/** The password of a sandbox's account before the run. */
export const firstPassword = Redacted.make("First-1234")

/** A workflow that is killed at each of its points. */
export interface Case {
  /** Makes what is there before the run. */
  readonly prepare?: (clients: Clients) => Effect.Effect<unknown, unknown>
  /** What it gives has no ids in it: those of two sandboxes differ. */
  readonly script: (clients: Clients) => Effect.Effect<unknown, unknown>
  /** Of what cannot be undone, by the kinds of the changes. @default none */
  readonly left?: ReadonlyArray<string>
  /**
   * Of what has settings below it, by the kinds of the changes: stopped before it has read those, a run leaves it, since
   * nobody knows how they were. @default none
   */
  readonly unread?: ReadonlyArray<string>
  /** Where nobody can look whether it has happened, a resumed run must say so, and send nothing. @default false */
  readonly isBlind?: boolean
}

export const cases = <Name extends string>(all: Readonly<Record<Name, Case>>): Readonly<Record<Name, Case>> =>
  all
