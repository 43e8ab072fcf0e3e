export { CdFmc, layer, layerConfig, make, type Options, plugin, provider } from "./CdFmc.ts"
