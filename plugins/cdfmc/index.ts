export { CdFmc, layer, layerConfig, make, type Options, open, plugin, provider, use } from "./CdFmc.ts"
