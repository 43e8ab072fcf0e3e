/** `Flight` is noted of one request, for whoever is to tell what its end means. */
export interface Flight {
  /** `isSent` says that it has begun to leave, and that its answer is not there yet. */
  isSent: boolean
}
