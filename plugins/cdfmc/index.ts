export { CdFmc, layer, layerConfig, make, type Options, provider } from "./CdFmc.ts"
