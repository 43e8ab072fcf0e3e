/**
 * `isRead` says which requests of an FMC only read although they are no GET: the refresh of a policy's hit counts (the
 * FMC's own description, `updateHitCount`; to clear them is its DELETE).
 */
export const isRead = (method: string, path: string): boolean =>
  method === "PUT" &&
  /\/policy\/(accesspolicies|prefilterpolicies)\/[^/]+\/operational\/hitcounts$/.test(path)
