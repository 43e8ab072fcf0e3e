/**
 * Of a token of 30 minutes: 33 seconds before its expiry it is due whatever lead was drawn (36 to 126 seconds), and
 * not yet spent (30 seconds).
 */
export const untilDue = "1767 seconds"

/** Past its expiry, with the refresh token still good. */
export const untilSpent = "1801 seconds"
