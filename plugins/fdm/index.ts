export type { CustomToken, CustomTokenWish } from "./CustomToken.ts"
export { Fdm, layer, layerConfig, make, type Options, provider, type Settings } from "./Fdm.ts"
