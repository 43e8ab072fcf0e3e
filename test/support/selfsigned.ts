import * as selfsigned from "selfsigned"

type Given = Parameters<typeof selfsigned.generate>

/** `several` of a kind are made in each process: the sandboxes of a test have certificates of their own. */
const several = 20

const kinds = new Map<string, Array<ReturnType<typeof selfsigned.generate>>>()
let turn = 0

/**
 * `generate` makes the certificates of sandboxes, and gives them once more when each had its turn: to make one takes
 * longer than all else that a sandbox needs.
 */
export const generate = (...given: Given): ReturnType<typeof selfsigned.generate> => {
  const [attributes, options] = given
  const kind = JSON.stringify([attributes, { ...options, notBeforeDate: undefined }])
  const made = kinds.get(kind) ?? []
  kinds.set(kind, made)
  turn = (turn + 1) % several
  const next = made[turn] ?? selfsigned.generate(...given)
  made[turn] = next
  return next
}
