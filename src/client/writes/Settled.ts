import type { WriteError } from "./NotKept.ts"

/** `Settled` says what became of one of many. */
export type Settled<W, A, E extends WriteError = WriteError> =
  | { readonly _tag: "Done"; readonly wanted: W; readonly result: A }
  /**
   * The device refused it, did not keep all of it, or its outcome is unknown: `error` says which. `InvalidInput` was
   * not sent.
   */
  | { readonly _tag: "Failed"; readonly wanted: W; readonly error: E }
  /** It was not sent, because of what became of another one before it. */
  | { readonly _tag: "NotSent"; readonly wanted: W; readonly because: E }
