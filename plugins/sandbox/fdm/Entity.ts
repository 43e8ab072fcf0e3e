/** `Fields` is JSON of a body, or what is kept of it. */
export type Fields = Readonly<Record<string, unknown>>

/** `Entity` is an object as it is kept; the fields that are not named here are its kind's own. */
export interface Entity {
  readonly version: string
  readonly name: string
  readonly id: string
  readonly type: string
  /** `[holder]` is the id of what holds it. */
  readonly [holder]: string | undefined
  readonly [own: string]: unknown
}

/** `holder` is the key of what is kept beside the fields, and never shown. */
export const holder = Symbol("holder")
