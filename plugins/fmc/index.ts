export type { Domain, DomainFacts } from "./Domain.ts"
export { client, Fmc, layer, layerConfig, make, type Options, provider } from "./Fmc.ts"
