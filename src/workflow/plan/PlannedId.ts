/** `make` is what stands for an id that a device has yet to give, made from a digest. It may stand in a path. */
export const make = (digest: string): string => `sallyport-planned-${digest.slice(0, 12)}`

/** `all` finds each of them in a text. */
export const all = /sallyport-planned-[0-9a-f]{12}/g

/** `isOne` says whether a text is one. */
export const isOne = (text: string): boolean => /^sallyport-planned-[0-9a-f]{12}$/.test(text)
