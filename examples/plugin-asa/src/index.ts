export { Asa, layer, layerConfig, make, type Options, open, plugin, provider, use } from "./Asa.ts"
