/**
 * `Sent` says whether the request reached the wire: `no` means that the device never saw it, `maybe` that it may have
 * been carried out.
 */
export type Sent = "no" | "maybe"
