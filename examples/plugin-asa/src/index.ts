export { Asa, client, layer, layerConfig, make, type Options, open, plugin, provider, use } from "./Asa.ts"
export type { NetworkObject } from "./NetworkObjects.ts"
