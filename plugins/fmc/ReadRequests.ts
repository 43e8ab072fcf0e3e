/**
 * `isRead` says which requests of an FMC only read although they are no GET: the refresh of a policy's hit counts (the
 * FMC's own description, `updateHitCount`; to clear them is its DELETE).
 */
export const isRead = (method: string, path: string): boolean =>
  method === "PUT" &&
  /\/policy\/(accesspolicies|prefilterpolicies)\/[^/]+\/operational\/hitcounts$/.test(path)

/**
 * `tellsOfChanges` says which reads of an FMC tell of changes made in other lists: what is to be deployed, who changed
 * what, what nothing uses, what a search finds, and the lists of objects of several kinds (the FMC's own description).
 */
export const tellsOfChanges = (path: string, query: string): boolean =>
  /\/(deployment|audit|search)\/|\/object\/(networkaddresses|ports|interfaceobjects|operational\/)/i.test(
    path
  ) || /unusedOnly/i.test(query)
