export {
  CdFmc,
  layer,
  layerConfig,
  make,
  type OpenOptions,
  type Options,
  open,
  plugin,
  provider,
  use
} from "./CdFmc.ts"
