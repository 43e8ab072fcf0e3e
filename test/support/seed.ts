import process from "node:process"

/** `seed` is what all chance in tests comes from (`.config/vitest.config.ts`). */
export const seed = Number(process.env.SALLYPORT_TEST_SEED)
