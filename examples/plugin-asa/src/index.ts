export { Asa, layer, layerConfig, make, type Options, provider } from "./Asa.ts"
