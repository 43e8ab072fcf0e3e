import type { Place } from "./Placement.ts"

/** `Recreation` says how an object that was removed is created anew, beside its fields. */
export interface Recreation {
  /** `index` is where in its list it was; of several the first is created first. */
  readonly index?: number | undefined
  /** `query` is put behind the path. */
  readonly query?: Readonly<Record<string, string>> | undefined
  /**
   * `place` is put behind the path beside `query`, and says where in its list it is created. Where the device refuses it
   * there, it is created without.
   */
  readonly place?: Place | undefined
  /** `loses` is what is not as it was before, as the end of a sentence: `its place in the list`. */
  readonly loses?: string | undefined
}

/** `NoRecreation` says why an object that was removed is not created anew, as the end of a sentence. */
export interface NoRecreation {
  readonly cannot: string
}
