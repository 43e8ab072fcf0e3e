/** `Selection` is what a list is asked for. */
export interface Selection {
  /** `text` tells it from others, whatever its pages are; empty where nothing is asked for beside the list. */
  readonly text: string
  /** `isByDevice` says that it is asked for by anything that only the device can decide. */
  readonly isByDevice: boolean
}

/** `whole` is the list as the device has it. */
export const whole: Selection = { text: "", isByDevice: false }

/** `selectionOf` is what a list is asked for by its options. */
export const selectionOf = (options: unknown): Selection => {
  if (typeof options !== "object" || options === null) return whole
  const asked = Object.entries(options).filter(([option, value]) => value !== undefined && option !== "limit")
  if (asked.length === 0) return whole
  return {
    text: JSON.stringify(asked.sort(([one], [other]) => (one < other ? -1 : 1))),
    isByDevice: asked.some(([option]) => option !== "sort")
  }
}
