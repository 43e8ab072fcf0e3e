export type { CustomToken, CustomTokenWish } from "./CustomToken.ts"
export { Fdm, type Login, layer, layerConfig, make, type Options, provider, type Settings } from "./Fdm.ts"
export type { GivenToken } from "./GivenToken.ts"
